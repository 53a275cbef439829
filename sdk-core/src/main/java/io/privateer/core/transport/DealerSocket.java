package io.privateer.core.transport;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;

/**
 * A DEALER connected to one endpoint. It reconnects by itself; {@link Handler#onDisconnected} tells when a connection
 * that had been established is lost. Not thread-safe: confine to the loop's thread, except {@link #stats()}.
 */
public final class DealerSocket extends ZmqSocket {

    private final Handler handler;
    private final byte[] hiccup = newNotice();

    /** Receives what happens on a {@link DealerSocket}, on the loop's thread. */
    public interface Handler {

        /** Takes one message; the frames are the handler's to keep, not to change. */
        void onMessage(byte[][] frames);

        /** The established connection is gone. What was sent on it may or may not have arrived. */
        void onDisconnected();
    }

    /**
     * Opens a DEALER as {@link EventLoop#connectDealer} does. Loop thread only.
     *
     * @param setting the name of the setting that the endpoint comes from, for the error
     * @throws io.privateer.core.EndpointException if the endpoint cannot be connected to at all
     */
    public static DealerSocket connect(
            EventLoop loop,
            String setting,
            String endpoint,
            byte @Nullable [] identity,
            SocketSettings settings,
            Handler handler) {
        return new DealerSocket(loop, setting, endpoint, identity, settings, handler);
    }

    private DealerSocket(
            EventLoop loop,
            String setting,
            String endpoint,
            byte @Nullable [] identity,
            SocketSettings settings,
            Handler handler) {
        super(loop, SocketType.DEALER, settings);
        this.handler = handler;
        option(zmq.ZMQ.ZMQ_HICCUP_MSG, hiccup);
        if (identity != null) {
            socket().setIdentity(identity);
        }
        try {
            connectTo(setting, endpoint);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Sends one message.
     *
     * @return false if it was not taken: the high-water mark is reached, or there is no connection any more
     */
    public boolean send(byte[]... frames) {
        if (closed) {
            return false;
        }
        touch();
        if (!sendFrame(frames[0], frames.length > 1)) {
            return false;
        }
        if (!sendRest(frames, 1)) {
            // Half a message is in a pipe that has ended: the socket is of no use any more.
            loop.execute(this::tellDisconnected);
            return false;
        }
        return true;
    }

    private void tellDisconnected() {
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
            if (frames == DROPPED) {
                continue;
            }
            if (frames.length == 1 && Arrays.equals(frames[0], hiccup)) {
                handler.onDisconnected();
            } else {
                received.incrementAndGet();
                handler.onMessage(frames);
            }
        }
        return handled;
    }
}
