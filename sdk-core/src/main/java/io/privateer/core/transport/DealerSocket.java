package io.privateer.core.transport;

import io.privateer.core.Randomness;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;

/**
 * A DEALER connected to one endpoint. It reconnects by itself; {@link Handler#onDisconnected} tells when a connection
 * that had been established is lost. Not thread-safe: confine to the loop's thread, except {@link #stats()}.
 */
public final class DealerSocket extends ZmqSocket {

    private static final int NOTICE_BYTES = 16;

    private final Handler handler;
    private final byte[] hiccup = new byte[NOTICE_BYTES];

    /** Receives what happens on a {@link DealerSocket}, on the loop's thread. */
    public interface Handler {

        /** Takes one message; the frames are the handler's to keep, not to change. */
        void onMessage(byte[][] frames);

        /** The established connection is gone. What was sent on it may or may not have arrived. */
        void onDisconnected();
    }

    DealerSocket(
            EventLoop loop, String endpoint, byte @Nullable [] identity, SocketSettings settings, Handler handler) {
        super(loop, SocketType.DEALER, settings);
        this.handler = handler;
        Randomness.system().nextBytes(hiccup);
        option(zmq.ZMQ.ZMQ_HICCUP_MSG, hiccup);
        if (identity != null) {
            socket().setIdentity(identity);
        }
        try {
            connectTo("endpoint", endpoint);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Sends one message.
     *
     * @return false if it was not taken because the high-water mark is reached
     */
    public boolean send(byte[]... frames) {
        touch();
        if (!sendFrame(frames[0], frames.length > 1)) {
            return false;
        }
        sendRest(frames, 1);
        return true;
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
