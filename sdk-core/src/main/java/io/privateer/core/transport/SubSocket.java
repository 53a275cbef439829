package io.privateer.core.transport;

import io.privateer.core.Settings;
import org.zeromq.SocketType;

/**
 * A SUB connected to one endpoint. It reconnects by itself, and then subscribes again; what is published meanwhile is lost.
 * Not thread-safe: confine to the loop's thread, except {@link #stats()}.
 */
public final class SubSocket extends ZmqSocket {

    private final Handler handler;

    /** Receives what happens on a {@link SubSocket}, on the loop's thread. */
    public interface Handler {

        /** Takes one message; the frames are the handler's to keep, not to change. */
        void onMessage(byte[][] frames);

        /** A connection has ended, and everything that came on it has been handed over. */
        void onDisconnected();
    }

    SubSocket(EventLoop loop, String endpoint, SocketSettings settings, Handler handler) {
        super(loop, SocketType.SUB, settings);
        this.handler = handler;
        try {
            connectTo("endpoint", endpoint);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Asks for everything that begins with {@code prefix}; with an empty one for everything.
     *
     * @throws IllegalArgumentException if {@code prefix} is longer than 1023 bytes
     */
    public void subscribe(byte[] prefix) {
        Settings.between("prefix.length", prefix.length, 0, PubSocket.SUBSCRIPTION_BYTES_MAX - 1);
        if (!closed) {
            touch();
            socket().subscribe(prefix);
        }
    }

    /** Takes back one {@link #subscribe} of {@code prefix}. */
    public void unsubscribe(byte[] prefix) {
        if (!closed) {
            touch();
            socket().unsubscribe(prefix);
        }
    }

    /** JeroMQ has no word for that on this kind of socket, so it comes from its I/O thread, ahead of what still waits. */
    @Override
    void onConnectionEnded() {
        loop.soon(this::tellDisconnected);
    }

    private void tellDisconnected() {
        int handled = drain();
        while (handled == BURST_MESSAGES_MAX) {
            handled = drain();
        }
        if (!closed) {
            handler.onDisconnected();
        }
    }

    @Override
    int drain() {
        int handled = 0;
        while (handled < BURST_MESSAGES_MAX && !closed) {
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
        return handled;
    }
}
