package io.privateer.core.transport;

import io.privateer.core.EndpointException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * Gets a new connection going that JeroMQ has forgotten. Not thread-safe: confine to the loop's thread.
 *
 * <p>A connection that is made is handed from one object to another by a command. When JeroMQ's I/O thread takes that
 * command in the same turn in which it finished the connection, it finds the descriptor registered twice, cancels the
 * wrong registration, and looks at the connection again only when the handshake times out. That happens to some per cent
 * of first connections. Any new descriptor makes the thread go through all of them and register what is missing: so a
 * socket that nobody connects to is opened and closed.
 */
final class Nudge {

    private static final Logger log = LoggerFactory.getLogger(EventLoop.class);

    /** Several times what a greeting takes within a data centre; one nudge too many costs a tenth of a millisecond. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final EventLoop loop;
    private final LoopContext context;
    private final LoopSockets sockets;
    private final LoopTimer timer;
    private boolean due;

    Nudge(EventLoop loop, LoopContext context, LoopTimer.Heap timers, LoopSockets sockets) {
        this.loop = loop;
        this.context = context;
        this.sockets = sockets;
        this.timer = new LoopTimer(timers, this::nudgeIfNeeded);
    }

    /** Notes that a connection was made, whose greeting should follow at once. */
    void expectGreeting() {
        if (!due) {
            due = true;
            timer.arm(loop.clock().nanoTime() + PATIENCE_NANOS);
        }
    }

    private void nudgeIfNeeded() {
        due = false;
        if (sockets.awaitGreeting()) {
            nudge();
        }
    }

    private void nudge() {
        try {
            ZMQ.Socket unused = context.socket(SocketType.PAIR);
            try {
                unused.setLinger(0);
                unused.bind("tcp://127.0.0.1:*");
            } finally {
                unused.close();
            }
        } catch (ZMQException | EndpointException e) {
            log.debug("nudge failed, the handshake will time out instead loop={}", loop.name(), e);
        }
    }
}
