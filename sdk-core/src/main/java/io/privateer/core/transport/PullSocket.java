package io.privateer.core.transport;

import java.util.function.Consumer;
import org.zeromq.SocketType;

/**
 * A PULL: takes messages from all peers in turns. Not thread-safe: confine to the loop's thread, except {@link #stats()}.
 */
public final class PullSocket extends ZmqSocket {

    private final Consumer<byte[][]> handler;
    private final String endpoint;
    private boolean paused;

    private PullSocket(
            EventLoop loop,
            String setting,
            boolean binds,
            String endpoint,
            SocketSettings settings,
            Consumer<byte[][]> handler) {
        super(loop, SocketType.PULL, settings);
        this.handler = handler;
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
     * Opens a PULL bound to {@code endpoint}. Loop thread only.
     *
     * @param handler takes the frames of each message, which are its own to keep
     * @throws io.privateer.core.EndpointException if the endpoint cannot be bound
     */
    public static PullSocket bind(
            EventLoop loop, String setting, String endpoint, SocketSettings settings, Consumer<byte[][]> handler) {
        return new PullSocket(loop, setting, true, endpoint, settings, handler);
    }

    /**
     * Opens a PULL connected to {@code endpoint}, which need not be there yet. Loop thread only.
     *
     * @throws io.privateer.core.EndpointException if the endpoint cannot be connected to at all
     */
    public static PullSocket connect(
            EventLoop loop, String setting, String endpoint, SocketSettings settings, Consumer<byte[][]> handler) {
        return new PullSocket(loop, setting, false, endpoint, settings, handler);
    }

    /** Returns the endpoint, where it was bound with its real port. */
    public String endpoint() {
        return endpoint;
    }

    /** Takes nothing more, so that peers wait once the high-water marks are reached; or goes on. */
    public void pause(boolean value) {
        paused = value;
        if (!closed) {
            touch();
        }
    }

    @Override
    int drain() {
        if (paused) {
            socket().getEvents(); // Or what JeroMQ has to say would pile up.
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
                handler.accept(frames);
            }
        }
        return handled;
    }
}
