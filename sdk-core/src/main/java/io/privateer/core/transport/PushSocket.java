package io.privateer.core.transport;

import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * A PUSH: each message goes to one of the peers that are there, in turns, and is lost with it. Not thread-safe: confine to the
 * loop's thread, except {@link #stats()}.
 */
public final class PushSocket extends ZmqSocket {

    private final Runnable onWritable;
    private final String endpoint;
    private boolean refused;

    private PushSocket(
            EventLoop loop,
            String setting,
            boolean binds,
            String endpoint,
            SocketSettings settings,
            Runnable onWritable) {
        super(loop, SocketType.PUSH, settings);
        this.onWritable = onWritable;
        try {
            if (binds) {
                this.endpoint = bindTo(setting, endpoint);
            } else {
                connectTo(setting, endpoint);
                this.endpoint = endpoint;
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Opens a PUSH bound to {@code endpoint}. Loop thread only.
     *
     * @param onWritable runs when a message may be taken after {@link #send} has refused one
     * @throws io.privateer.core.EndpointException if the endpoint cannot be bound
     */
    public static PushSocket bind(
            EventLoop loop, String setting, String endpoint, SocketSettings settings, Runnable onWritable) {
        return new PushSocket(loop, setting, true, endpoint, settings, onWritable);
    }

    /**
     * Opens a PUSH connected to {@code endpoint}, which need not be there yet. Loop thread only.
     *
     * @throws io.privateer.core.EndpointException if the endpoint cannot be connected to at all
     */
    public static PushSocket connect(
            EventLoop loop, String setting, String endpoint, SocketSettings settings, Runnable onWritable) {
        return new PushSocket(loop, setting, false, endpoint, settings, onWritable);
    }

    /** Returns the endpoint, where it was bound with its real port. */
    public String endpoint() {
        return endpoint;
    }

    /**
     * Sends one message of one frame.
     *
     * @return false if no peer is there that takes it
     */
    public boolean send(byte[] frame) {
        if (closed) {
            return false;
        }
        touch();
        refused = !sendFrame(frame, false);
        if (!refused) {
            sent.incrementAndGet();
        }
        return !refused;
    }

    /** Nothing can be received; to ask for the events makes JeroMQ take note of peers and of room. */
    @Override
    int drain() {
        int events = socket().getEvents();
        if (refused && (events & ZMQ.Poller.POLLOUT) != 0) {
            refused = false;
            onWritable.run();
        }
        return 0;
    }
}
