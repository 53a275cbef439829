package io.privateer.core.transport;

import io.privateer.core.Settings;
import java.util.List;
import org.zeromq.SocketType;

/**
 * An XSUB: the side of a forwarder that publishers connect to, or that connects to publishers. What it has subscribed to is
 * said again to every publisher that comes. Not thread-safe: confine to the loop's thread, except {@link #stats()}.
 */
public final class XSubSocket extends ZmqSocket {

    private static final byte UNSUBSCRIBE = 0;
    private static final byte SUBSCRIBE = 1;

    private final Handler handler;
    private final String endpoint;
    private boolean paused;

    /** Receives what happens on an {@link XSubSocket}, on the loop's thread. */
    public interface Handler {

        /** Takes one message; the frames are the handler's to keep, not to change. */
        void onMessage(byte[][] frames);
    }

    private XSubSocket(EventLoop loop, String bound, List<String> connected, SocketSettings settings, Handler handler) {
        super(loop, SocketType.XSUB, settings);
        this.handler = handler;
        try {
            this.endpoint = bound.isEmpty() ? "" : bindTo("frontend", bound);
            connected.forEach(upstream -> connectTo("upstream", upstream));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Opens a socket that publishers connect to at {@code endpoint}, which may be empty, and that connects to
     * {@code upstreams}, which need not be there yet. Loop thread only.
     *
     * @throws io.privateer.core.EndpointException if an endpoint cannot be bound, or not be connected to at all
     */
    public static XSubSocket open(
            EventLoop loop, String endpoint, List<String> upstreams, SocketSettings settings, Handler handler) {
        return new XSubSocket(loop, endpoint, upstreams, settings, handler);
    }

    /** Returns the bound endpoint with its real port; empty if none was bound. */
    public String endpoint() {
        return endpoint;
    }

    /**
     * Asks every publisher for everything that begins with {@code prefix}.
     *
     * @throws IllegalArgumentException if {@code prefix} is longer than {@link XPubSocket#PREFIX_BYTES_MAX}
     */
    public void subscribe(byte[] prefix) {
        say(SUBSCRIBE, prefix);
    }

    /** Takes back one {@link #subscribe} of {@code prefix}. */
    public void unsubscribe(byte[] prefix) {
        say(UNSUBSCRIBE, prefix);
    }

    private void say(byte what, byte[] prefix) {
        Settings.between("prefix.length", prefix.length, 0, XPubSocket.PREFIX_BYTES_MAX);
        if (closed) {
            return;
        }
        byte[] message = new byte[prefix.length + 1];
        message[0] = what;
        System.arraycopy(prefix, 0, message, 1, prefix.length);
        touch();
        sendFrame(message, false);
    }

    /** Takes no message from now on; they wait where they are, and where that is full, publishers drop them. */
    public void pause() {
        paused = true;
    }

    /** Takes messages again. */
    public void resume() {
        paused = false;
        if (!closed) {
            touch();
        }
    }

    @Override
    int drain() {
        if (paused) {
            socket().getEvents(); // Lets JeroMQ take note of who comes and goes, which otherwise fills a pipe of its
            // own.
            return 0;
        }
        int handled = 0;
        while (handled < BURST_MESSAGES_MAX && !closed && !paused) {
            byte[][] frames = receive();
            if (frames == null) {
                return handled;
            }
            handled++;
            if (frames != DROPPED) {
                received.incrementAndGet();
                handler.onMessage(frames);
            }
        }
        if (paused && !closed) {
            touch();
        }
        return handled;
    }
}
