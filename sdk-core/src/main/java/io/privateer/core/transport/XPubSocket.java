package io.privateer.core.transport;

import io.privateer.core.Settings;
import java.util.Arrays;
import org.zeromq.SocketType;

/**
 * An XPUB bound to one endpoint: a publisher's socket that tells who subscribes to what, and that can be asked to lose nothing
 * for want of room. Its peers are SUB and XSUB sockets of any kind. Not thread-safe: confine to the loop's thread, except
 * {@link #stats()}.
 */
public final class XPubSocket extends ZmqSocket {

    /** Longest subscription, in bytes; a peer that asks for a longer one is disconnected before anything keeps it. */
    public static final int PREFIX_BYTES_MAX = 255;

    private static final byte UNSUBSCRIBES = 0;
    private static final byte SUBSCRIBES = 1;

    private final Handler handler;
    private final String endpoint;
    private boolean full;

    /** Receives what happens on an {@link XPubSocket}, on the loop's thread. */
    public interface Handler {

        /**
         * Somebody has subscribed, and what is sent from now on reaches it. Told each time, by whomever it is wanted already.
         *
         * @param prefix what the messages that it wants begin with; the handler's to keep
         */
        void onSubscribed(byte[] prefix);

        /** The last one that wanted what begins with {@code prefix} wants it no longer, or is gone. */
        void onUnsubscribed(byte[] prefix);

        /** There may be room again for a message that {@link XPubSocket#trySend} did not take. */
        void onWritable();
    }

    private XPubSocket(EventLoop loop, String setting, String endpoint, SocketSettings settings, Handler handler) {
        super(loop, SocketType.XPUB, settings.withMessageBytesMax(PREFIX_BYTES_MAX + 1));
        this.handler = handler;
        socket().setXpubVerbose(true);
        socket().setXpubNoDrop(true);
        try {
            this.endpoint = bindTo(setting, endpoint);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Opens a socket bound to {@code endpoint}. Loop thread only.
     *
     * @param setting the name of the setting that the endpoint comes from, for the error
     * @throws io.privateer.core.EndpointException if the endpoint cannot be bound
     */
    public static XPubSocket bind(
            EventLoop loop, String setting, String endpoint, SocketSettings settings, Handler handler) {
        return new XPubSocket(loop, setting, endpoint, settings, handler);
    }

    /** Returns the bound endpoint with its real port. */
    public String endpoint() {
        return endpoint;
    }

    /**
     * Sends one message to everybody who has subscribed to what it begins with, if all of them have room for it.
     *
     * @return false if one of them has no room, so that nobody was sent anything: the next message that is sent must be the
     *     same one, here or by {@link #send}; {@link Handler#onWritable} tells when to try again
     */
    public boolean trySend(byte[]... frames) {
        if (closed) {
            return true; // To nobody.
        }
        touch();
        if (!sendFrame(frames[0], frames.length > 1)) {
            full = true;
            return false;
        }
        finish(frames);
        return true;
    }

    /** Sends one message to everybody who has subscribed to what it begins with and has room; for the others it is lost. */
    public void send(byte[]... frames) {
        Settings.atLeast("frames.length", frames.length, 1);
        if (trySend(frames)) {
            return;
        }
        socket().setXpubNoDrop(false);
        try {
            sendFrame(frames[0], frames.length > 1);
            sendRest(frames, 1);
        } finally {
            socket().setXpubNoDrop(true);
        }
    }

    private void finish(byte[][] frames) {
        if (frames.length == 1) {
            sent.incrementAndGet();
            return;
        }
        // Room is counted in whole messages, so that there is room for the rest of one whose beginning was taken.
        sendRest(frames, 1);
    }

    /** Takes subscriptions, which JeroMQ has noted already, and forgets whatever else subscribers may say. */
    @Override
    int drain() {
        int handled = 0;
        while (handled < BURST_MESSAGES_MAX && !closed) {
            byte[][] frames = receive();
            if (frames == null) {
                break;
            }
            handled++;
            received.incrementAndGet();
            if (frames.length == 1 && frames[0].length > 0) {
                tell(frames[0]);
            }
        }
        if (full && !closed) {
            full = false;
            handler.onWritable();
        }
        return handled;
    }

    private void tell(byte[] message) {
        byte[] prefix = Arrays.copyOfRange(message, 1, message.length);
        if (message[0] == SUBSCRIBES) {
            handler.onSubscribed(prefix);
        } else if (message[0] == UNSUBSCRIBES) {
            handler.onUnsubscribed(prefix);
        }
    }
}
