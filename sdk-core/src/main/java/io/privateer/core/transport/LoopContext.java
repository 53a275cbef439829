package io.privateer.core.transport;

import io.privateer.core.EndpointException;
import java.io.IOException;
import java.nio.channels.Selector;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import zmq.Ctx;
import zmq.SocketBase;
import zmq.ZError;

/** The JeroMQ context under one loop: its one I/O thread, which is the loop's thread, its sockets, and its end. */
final class LoopContext {

    private static final Logger log = LoggerFactory.getLogger(EventLoop.class);
    private static final int SOCKETS_MAX = 16_384;
    private static final String IO_THREAD = "iothread";

    private final Context context;
    private final AtomicLong upsets = new AtomicLong();
    private final Thread closer;
    private volatile @Nullable Thread ioThread;

    /**
     * Makes the context; {@link #start} starts its threads.
     *
     * @param onDeath hears, on the dying thread, that the I/O thread or the reaper has died
     */
    LoopContext(String loop, LoopSelector.Turns turns, Consumer<Throwable> onDeath) {
        context = new Context(turns);
        context.set(zmq.ZMQ.ZMQ_IO_THREADS, 1);
        context.set(zmq.ZMQ.ZMQ_MAX_SOCKETS, SOCKETS_MAX);
        context.setThreadFactory((work, name) -> {
            boolean isIoThread = name.startsWith(IO_THREAD);
            Thread thread = new Thread(work, isIoThread ? "privateer-loop-" + loop : loop + "-" + name);
            if (isIoThread) {
                ioThread = thread;
            }
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((dying, cause) -> onDeath.accept(cause));
            return thread;
        });
        context.setNotificationExceptionHandler((thread, cause) -> {
            upsets.incrementAndGet();
            log.debug("I/O thread upset loop={}", loop, cause);
        });
        // A thread of its own: an interrupt that the loop's thread once saw makes JeroMQ's termination fail there.
        closer = new Thread(context::terminate, "privateer-close-" + loop);
        closer.setDaemon(true);
        closer.setUncaughtExceptionHandler((thread, cause) -> log.debug("context not ended loop={}", loop, cause));
    }

    /** Starts the reaper and the I/O thread, which JeroMQ does with the first socket. */
    void start() {
        try {
            socket(SocketType.PAIR).close();
        } catch (EndpointException e) {
            close(); // Some of its threads may run already.
            throw e;
        }
    }

    /** Returns whether the calling thread is the I/O thread. */
    boolean isIoThread() {
        return Thread.currentThread() == ioThread;
    }

    /** Returns a new socket; opening one is refused like an endpoint when the process has run out of something. */
    ZMQ.Socket socket(SocketType type) {
        try {
            return new Socket(context.createSocket(type.type()));
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

    /**
     * JeroMQ's context, with selectors of ours. It keeps no account of them: its end would close the platform's below
     * them, and the descriptors whose keys are then left to ours would never be let go. Whoever asks for one closes it.
     */
    private static final class Context extends Ctx {
        /** Still {@code null} where the constructor of JeroMQ's own makes one, which no I/O thread uses. */
        private final LoopSelector.Turns turns;

        Context(LoopSelector.Turns turns) {
            this.turns = turns;
        }

        @Override
        @SuppressWarnings("ConstantValue") // See above.
        public Selector createSelector() {
            if (turns == null) {
                return super.createSelector();
            }
            try {
                return new LoopSelector(Selector.open(), turns);
            } catch (IOException e) {
                throw new ZError.IOException(e);
            }
        }

        @Override
        public boolean closeSelector(Selector selector) {
            if (!(selector instanceof LoopSelector)) {
                return super.closeSelector(selector);
            }
            boolean wasOpen = selector.isOpen();
            try {
                selector.close();
            } catch (IOException e) {
                throw new ZError.IOException(e);
            }
            return wasOpen;
        }
    }

    /** A socket whose context is not JeroMQ's own. */
    private static final class Socket extends ZMQ.Socket {
        Socket(SocketBase base) {
            super(base);
        }
    }
}
