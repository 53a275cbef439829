package io.privateer.core.transport;

import java.util.Arrays;
import org.zeromq.SocketType;

/**
 * A PUB bound to one endpoint: what is sent goes to every subscriber that is there, and for one that reads slowly, or is not
 * there, it is lost. Not thread-safe: confine to the loop's thread, except {@link #stats()}.
 *
 * <p>On the inside it is an XPUB, which its peers cannot tell from a PUB: JeroMQ's PUB keeps for ever what a peer that is
 * no subscriber sends to it.
 */
public final class PubSocket extends ZmqSocket {

    /**
     * Longest subscription, in bytes, whatever the settings say: JeroMQ keeps it by recursion, one level for each byte, and
     * this thread's stack holds a few thousand.
     */
    static final int SUBSCRIPTION_BYTES_MAX = 1_024;

    private static final byte SUBSCRIBES = 1;

    private final Handler handler;
    private final String endpoint;

    /** Receives what subscribers say to a {@link PubSocket}, on the loop's thread. */
    public interface Handler {

        /**
         * Somebody has subscribed, and what is sent from now on reaches it. A subscriber that connects again subscribes again.
         *
         * @param prefix what the messages that it wants begin with; the handler's to keep
         */
        void onSubscribed(byte[] prefix);
    }

    PubSocket(EventLoop loop, String setting, String endpoint, SocketSettings settings, Handler handler) {
        super(
                loop,
                SocketType.XPUB,
                settings.withMessageBytesMax(Math.min(settings.messageBytesMax(), SUBSCRIPTION_BYTES_MAX)));
        this.handler = handler;
        // Otherwise a subscription that somebody else has too, its own old connection for example, would go untold.
        socket().setXpubVerbose(true);
        try {
            this.endpoint = bindTo(setting, endpoint);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Returns the bound endpoint with its real port. */
    public String endpoint() {
        return endpoint;
    }

    /**
     * Sends one message to everybody who has subscribed to what it begins with.
     *
     * @return false if the socket is closed
     */
    public boolean send(byte[]... frames) {
        if (closed) {
            return false;
        }
        touch();
        sendRest(frames, 0);
        return true;
    }

    /** Takes subscriptions, which JeroMQ has noted already, and whatever else subscribers may say. */
    @Override
    int drain() {
        int handled = 0;
        while (handled < BURST_MESSAGES_MAX && !closed) {
            byte[][] frames = receive();
            if (frames == null) {
                return handled;
            }
            handled++;
            received.incrementAndGet();
            if (frames.length == 1 && frames[0].length > 0 && frames[0][0] == SUBSCRIBES) {
                handler.onSubscribed(Arrays.copyOfRange(frames[0], 1, frames[0].length));
            }
        }
        return handled;
    }
}
