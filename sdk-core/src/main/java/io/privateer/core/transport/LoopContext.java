package io.privateer.core.transport;

import io.privateer.core.EndpointException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import zmq.ZError;

/** The JeroMQ context under one loop: its sockets, the health of its I/O thread, and its end. */
final class LoopContext {

    private static final Logger log = LoggerFactory.getLogger(EventLoop.class);
    private static final int SOCKETS_MAX = 16_384;

    private final ZMQ.Context context = ZMQ.context(1);
    private final AtomicLong upsets = new AtomicLong();
    private final Thread closer;

    /**
     * Makes the context; its threads start with the first socket.
     *
     * @param onDeath hears, on the dying thread, that the I/O thread or the reaper has died
     */
    LoopContext(String loop, Consumer<Throwable> onDeath) {
        context.setMaxSockets(SOCKETS_MAX);
        context.setUncaughtExceptionHandler((ioThread, cause) -> onDeath.accept(cause));
        context.setNotificationExceptionHandler((ioThread, cause) -> {
            upsets.incrementAndGet();
            log.debug("I/O thread upset loop={}", loop, cause);
        });
        // A thread of its own: an interrupt that the loop's thread once saw makes JeroMQ's term() fail there.
        closer = new Thread(context::term, "privateer-close-" + loop);
        closer.setDaemon(true);
    }

    /** Returns a new socket; opening one is refused like an endpoint when the process has run out of something. */
    ZMQ.Socket socket(SocketType type) {
        try {
            return context.socket(type);
        } catch (ZError.IOException | ZMQException e) {
            throw new EndpointException("no socket can be opened: out of file descriptors or sockets", e);
        }
    }

    /** Begins to end the context, which waits for what lingers in its sockets. */
    void close() {
        closer.start();
    }

    /** Returns the thread that ends the context, to be waited for after {@link #close()}. */
    Thread closer() {
        return closer;
    }

    /** Returns how often the I/O thread stumbled over something and went on. */
    long upsets() {
        return upsets.get();
    }
}
