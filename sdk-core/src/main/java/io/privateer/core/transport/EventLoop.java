package io.privateer.core.transport;

import io.privateer.core.ClosedException;
import io.privateer.core.EndpointException;
import io.privateer.core.NanoClock;
import io.privateer.core.Settings;
import io.privateer.core.TransportFailedException;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import zmq.ZError;
import zmq.util.Errno;

/**
 * One thread that owns a set of sockets and timers. Several clients and hundreds of workers may share one.
 *
 * <p>The loop works in bursts: it runs tasks, takes everything that has arrived, fires timers, and sleeps only when a
 * whole turn found nothing to do. Its thread is JeroMQ's I/O thread, which gives it a turn before every wait (see
 * {@link LoopSelector}), so nothing is handed from thread to thread. A socket is looked at only when its descriptor became
 * readable or something was sent on it, so an idle socket costs nothing.
 *
 * <p>Thread-safe, except the methods that say they belong to the loop's thread.
 */
public final class EventLoop implements Executor, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EventLoop.class);
    private static final long CLOSE_MILLIS_MAX = 5_000;

    private final String name;
    private final NanoClock clock;
    private final LoopContext context;
    private final long spinNanos;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final LoopTasks tasks;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final LoopSockets sockets = new LoopSockets();
    private final Set<LoopMember> members = new LinkedHashSet<>();
    private final LoopTimer.Heap timers = new LoopTimer.Heap();
    private final Nudge nudge;
    private volatile boolean stopping;
    private boolean shuttingDown;

    private EventLoop(String name, NanoClock clock, long spinNanos) {
        this.name = name;
        this.clock = clock;
        this.spinNanos = spinNanos;
        this.tasks = new LoopTasks(sockets::endWait);
        this.context = new LoopContext(name, new Turns(), this::onThreadDied);
        this.nudge = new Nudge(this, context, timers, sockets);
        context.start();
    }

    /**
     * Starts a loop whose threads carry {@code name}.
     *
     * @throws TransportFailedException if the process has no file descriptor left
     */
    public static EventLoop open(String name) {
        return open(name, Duration.ZERO);
    }

    /**
     * Starts a loop that goes on looking for so long before it sleeps. What comes meanwhile is handled without the time
     * that waking up takes; the price is a processor while nothing comes. Worth its price only where processors are idle.
     *
     * @throws IllegalArgumentException if {@code spin} is negative
     * @throws TransportFailedException if the process has no file descriptor left
     */
    public static EventLoop open(String name, Duration spin) {
        long spinNanos = Settings.atLeast("spin", spin, Duration.ZERO).toNanos();
        try {
            return new EventLoop(name, NanoClock.system(), spinNanos);
        } catch (EndpointException | ZError.IOException e) {
            throw new TransportFailedException("event loop " + name + " cannot be opened", List.of(), e);
        }
    }

    /** Returns the name given to {@link #open}. */
    public String name() {
        return name;
    }

    /** Returns the clock that the loop's timers follow. */
    public NanoClock clock() {
        return clock;
    }

    /** Returns whether the calling thread is the loop's. */
    public boolean isLoopThread() {
        return context.isIoThread();
    }

    /**
     * Runs {@code task} on the loop's thread, soon and in the order of the calls of one thread. What it throws ends the
     * loop.
     *
     * @throws ClosedException if the loop was closed
     * @throws TransportFailedException if the loop failed
     */
    @Override
    public void execute(Runnable task) {
        if (!tasks.add(task)) {
            throw endOfLoop();
        }
        if (!isLoopThread()) {
            tasks.wakeUp(); // The loop's own thread is awake, and looks for tasks before it sleeps.
        }
    }

    /**
     * Runs {@code supplier} on the loop's thread and waits for its result; called on that thread it runs at once.
     *
     * @throws ClosedException if the loop was closed
     * @throws TransportFailedException if the loop failed
     */
    public <T> T call(Supplier<T> supplier) {
        if (isLoopThread()) {
            return supplier.get();
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        execute(() -> {
            try {
                result.complete(supplier.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Lets {@code member} hear of the loop's end. Loop thread only. */
    public void join(LoopMember member) {
        members.add(member);
    }

    /** Lets {@code member} no longer hear of the loop's end. Loop thread only. */
    public void leave(LoopMember member) {
        members.remove(member);
    }

    /** Returns a new timer, not armed, that runs {@code action} on the loop's thread. Loop thread only. */
    public LoopTimer timer(Runnable action) {
        return new LoopTimer(timers, action);
    }

    /**
     * Runs {@code action} once, when this turn has handled everything that is there: the place to send what was gathered
     * meanwhile. Loop thread only.
     */
    public void atEndOfTurn(Runnable action) {
        tasks.addToEndOfTurn(action);
    }

    /**
     * Opens a ROUTER bound to {@code endpoint}. Loop thread only.
     *
     * @param setting the name of the setting that the endpoint comes from, for the error
     * @throws io.privateer.core.EndpointException if the endpoint cannot be bound
     */
    public RouterSocket bindRouter(
            String setting, String endpoint, SocketSettings settings, RouterSocket.Handler handler) {
        return new RouterSocket(this, setting, endpoint, settings, handler);
    }

    /**
     * Opens a DEALER connected to {@code endpoint}, which need not be there yet. Loop thread only.
     *
     * @param identity the routing id the peer shall know this socket by, or {@code null} to let the peer choose one
     * @throws io.privateer.core.EndpointException if the endpoint cannot be connected to at all
     */
    public DealerSocket connectDealer(
            String endpoint, byte @Nullable [] identity, SocketSettings settings, DealerSocket.Handler handler) {
        return DealerSocket.connect(this, "endpoint", endpoint, identity, settings, handler);
    }

    /**
     * Opens a PUB bound to {@code endpoint}. Loop thread only.
     *
     * @param setting the name of the setting that the endpoint comes from, for the error
     * @throws io.privateer.core.EndpointException if the endpoint cannot be bound
     */
    public PubSocket bindPub(String setting, String endpoint, SocketSettings settings) {
        return bindPub(setting, endpoint, settings, prefix -> {});
    }

    /** Opens a PUB like {@link #bindPub(String, String, SocketSettings)} that tells who subscribes. Loop thread only. */
    public PubSocket bindPub(String setting, String endpoint, SocketSettings settings, PubSocket.Handler handler) {
        return new PubSocket(this, setting, endpoint, settings, handler);
    }

    /**
     * Opens a SUB connected to {@code endpoint}, which need not be there yet; it hears what it subscribes to. Loop thread only.
     *
     * @throws io.privateer.core.EndpointException if the endpoint cannot be connected to at all
     */
    public SubSocket connectSub(String endpoint, SocketSettings settings, SubSocket.Handler handler) {
        return new SubSocket(this, endpoint, settings, handler);
    }

    /**
     * Ends the loop: tells its members, closes its sockets, and waits until that is done, at most {@code 10 s}. Safe on
     * any thread and any number of times; on the loop's own thread it does not wait.
     */
    @Override
    public void close() {
        stopping = true;
        tasks.wakeUp();
        if (!isLoopThread()) {
            awaitEnd();
        }
    }

    private void awaitEnd() {
        try {
            if (!ended.await(CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
                log.warn("close abandoned loop={} waitedMillis={}", name, CLOSE_MILLIS_MAX);
                return;
            }
            joinBounded(context.closer());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void joinBounded(Thread ending) throws InterruptedException {
        ending.join(CLOSE_MILLIS_MAX);
        if (ending.isAlive()) {
            log.warn("close abandoned loop={} thread={} waitedMillis={}", name, ending.getName(), CLOSE_MILLIS_MAX);
        }
    }

    /** Returns what ended the loop, or {@code null} while it runs and when it was closed. */
    public @Nullable Throwable failure() {
        return failure.get();
    }

    /** Returns how often JeroMQ's I/O thread stumbled over something, a ZMTP ping cut short for example, and went on. */
    public long upsets() {
        return context.upsets();
    }

    /** Ends the loop because it can no longer be trusted. Any thread. */
    private void fail(Throwable cause) {
        if (!tasks.isClosed() && failure.compareAndSet(null, cause)) {
            log.error("event loop failed loop={}", name, cause);
        }
        stopping = true;
        tasks.wakeUp();
    }

    private RuntimeException endOfLoop() {
        Throwable cause = failure.get();
        return cause == null
                ? new ClosedException("event loop " + name + " is closed", List.of())
                : new TransportFailedException("event loop " + name + " has failed", List.of(), cause);
    }

    /** JeroMQ's own thread is the loop's too; it is lost when one of JeroMQ's handlers throws an error. */
    private void onThreadDied(Throwable cause) {
        fail(cause);
        if (isLoopThread() && !shuttingDown) {
            shutDown();
        }
    }

    /** Returns how many milliseconds to wait; 0 when there is more to do. */
    private long turn() {
        int work = tasks.runBatch() + sockets.drainDirty();
        work += timers.fire(clock.nanoTime()) + tasks.runEndOfTurn();
        boolean isMoreToDo = work > 0 || !sockets.areClean() || isWanted();
        return isMoreToDo ? 0 : timers.millisToNext(clock.nanoTime());
    }

    /** What another thread wants is looked up before each wait: closing a socket uses up the wake-up that told of it. */
    private boolean isWanted() {
        return !tasks.isEmpty() || (stopping && !shuttingDown);
    }

    /** The loop as JeroMQ's I/O thread calls it. */
    private final class Turns implements LoopSelector.Turns {
        @Override
        public boolean isHere() {
            return isLoopThread();
        }

        @Override
        public long take(LoopSelector here) {
            sockets.waitOn(here);
            if (!shuttingDown && stopping) {
                shutDown();
            }
            try {
                // JeroMQ goes on after the end until all that lingers is sent.
                return shuttingDown ? CLOSE_MILLIS_MAX : turn();
            } catch (Throwable e) {
                fail(e);
                return 0;
            } finally {
                if (Thread.currentThread().isInterrupted()) {
                    clearInterrupt(); // No wait would last.
                }
            }
        }

        @Override
        public void onReadable(SelectionKey key) {
            sockets.markDirty((ZmqSocket) key.attachment());
        }

        @Override
        public boolean isWanted() {
            return EventLoop.this.isWanted();
        }

        @Override
        public long nanoTime() {
            return clock.nanoTime();
        }

        @Override
        public long spinNanos() {
            return spinNanos;
        }
    }

    /** Notes that a connection was made, in the midst of JeroMQ's work. */
    void onConnected() {
        tasks.add(nudge::expectGreeting);
    }

    /** Runs {@code task} in the next turn, if there is one: for what happens in the midst of JeroMQ's work. */
    void soon(Runnable task) {
        tasks.add(task);
    }

    LoopSockets sockets() {
        return sockets;
    }

    /** JeroMQ keeps a seen interrupt in a thread-local errno; left there it would fail an innocent call later. */
    static void clearInterrupt() {
        Thread.interrupted();
        new Errno().set(0);
    }

    ZMQ.Socket createSocket(SocketType type) {
        if (!isLoopThread()) {
            throw new IllegalStateException("sockets belong to the loop's thread: "
                    + Thread.currentThread().getName());
        }
        if (shuttingDown) {
            throw endOfLoop(); // A socket opened now would never be closed.
        }
        return context.socket(type);
    }

    private void shutDown() {
        clearInterrupt();
        shuttingDown = true;
        for (LoopMember member : new ArrayList<>(members)) {
            attempt(() -> member.onLoopStopped(failure.get()));
        }
        for (ZmqSocket socket : sockets.all()) {
            attempt(socket::close);
        }
        tasks.close(this::attempt);
        context.close();
        ended.countDown();
    }

    private void attempt(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            log.error("step of the shutdown failed loop={}", name, e);
        }
    }
}
