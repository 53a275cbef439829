package io.privateer.pirate;

import io.privateer.core.Randomness;
import io.privateer.core.Settings;
import io.privateer.core.TransportFailedException;
import io.privateer.core.internal.Drainer;
import io.privateer.core.internal.LoopHandle;
import io.privateer.core.internal.UntilStopped;
import io.privateer.core.wire.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves requests from a queue, in one of two dialects: {@link WorkerDialect#PRV} with a {@link PirateQueue}, or
 * {@link WorkerDialect#PPP}, the Paranoid Pirate Protocol (RFC 6), with that, the Guide's, or any other.
 *
 * <p>The event loop beats while handlers work on threads of their own. A lost queue is found again without anybody's help.
 * Under PRV the worker keeps what it holds meanwhile, and its replies count, as long as the queue's process lives. Under PPP
 * a reply to a request that came over a lost connection is discarded, because the queue has given that request to another
 * worker. Either way a reply that was sent on a connection just as that broke may be lost, and the request handled again:
 * delivery is at least once.
 *
 * <p>Thread-safe.
 */
public final class PirateWorker implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PirateWorker.class);
    private static final long HANDLER_END_MILLIS = 1_000;

    private final PirateWorkerConfig config;
    private final LoopHandle handle;
    private final @Nullable ExecutorService ownExecutor;
    private final List<Registration> registrations = new ArrayList<>();
    private final CompletableFuture<Boolean> stopped;
    private final AtomicBoolean drainTold = new AtomicBoolean();
    private final AtomicBoolean stopTold = new AtomicBoolean();

    private PirateWorker(PirateWorkerConfig config, LoopHandle handle) {
        this.config = config;
        this.handle = handle;
        Executor executor = config.executor();
        if (executor == null) {
            ExecutorService own = newExecutor(config);
            this.ownExecutor = own;
            executor = own;
        } else {
            this.ownExecutor = null;
        }
        HandlerRunner runner = new HandlerRunner(config.name(), config.handler(), executor);
        PrvWorkerSides sides = new PrvWorkerSides(PeerId.random(Randomness.system()));
        for (String queue : config.queues()) {
            if (config.dialect() == WorkerDialect.PRV) {
                registrations.add(new PrvWorkerShell(handle.loop(), config, queue, sides, runner));
            } else {
                for (int i = 0; i < config.concurrency(); i++) {
                    registrations.add(new WorkerShell(handle.loop(), config, queue, runner));
                }
            }
        }
        List<CompletableFuture<Boolean>> ends =
                registrations.stream().map(Registration::stopped).toList();
        this.stopped = CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
                .thenApply(all -> ends.stream().allMatch(CompletableFuture::join));
    }

    private static ExecutorService newExecutor(PirateWorkerConfig config) {
        AtomicInteger number = new AtomicInteger();
        return Executors.newFixedThreadPool(config.concurrency(), task -> {
            Thread thread = new Thread(task, "privateer-handler-" + config.name() + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Returns settings for a worker that serves with {@code handler}. */
    public static PirateWorkerConfig.Builder builder(WorkerHandler handler) {
        return new PirateWorkerConfig.Builder(handler);
    }

    /** Starts a worker; it registers with its queue as soon as that is there. */
    public static PirateWorker start(PirateWorkerConfig config) {
        LoopHandle handle = LoopHandle.of(config.loop(), config.name());
        PirateWorker worker = new PirateWorker(config, handle);
        try {
            config.handler().onStart();
            handle.make(() -> {
                worker.registrations.forEach(Registration::start);
                return true;
            });
        } catch (RuntimeException e) {
            worker.close();
            throw e;
        }
        log.info(
                "worker started worker={} queues={} dialect={} concurrency={}",
                config.name(),
                config.queues(),
                config.dialect(),
                config.concurrency());
        return worker;
    }

    /** Returns what was counted so far, and what is being handled now. */
    public WorkerStats stats() {
        return handle.ask(() -> registrations.stream()
                .map(Registration::stats)
                .reduce(WorkerStats::plus)
                .orElseThrow());
    }

    /**
     * Returns what completes when the worker has stopped: with true if it was drained, with false if it was closed, or its
     * event loop was; exceptionally, with {@link TransportFailedException}, if its event loop failed.
     */
    public CompletableFuture<Boolean> stopped() {
        return stopped.thenApply(drained -> {
            Throwable failure = handle.loop().failure();
            if (failure != null) {
                throw new TransportFailedException("worker " + config.name() + " has stopped", List.of(), failure);
            }
            return drained;
        });
    }

    /**
     * Takes no request any more, finishes those being handled and sends their replies, then closes the worker.
     *
     * @param timeout how long to wait for that; requests still being handled then go back to the queue
     * @return completes with true once everything was finished, with false if the time ran out or the worker was closed
     *     before; the worker is closed by then
     * @throws IllegalArgumentException if {@code timeout} is negative or above 365 days; nothing has changed then
     */
    public CompletableFuture<Boolean> drain(Duration timeout) {
        Settings.atLeast("timeout", timeout, Duration.ZERO);
        if (drainTold.compareAndSet(false, true)) {
            log.info("worker draining worker={}", config.name());
            callHook("onDrain", config.handler()::onDrain);
            handle.runIfAlive(() -> registrations.forEach(Registration::drain));
        }
        return stopped.copy()
                .completeOnTimeout(false, timeout.toNanos(), TimeUnit.NANOSECONDS)
                .thenApplyAsync(
                        finished -> {
                            close();
                            return finished;
                        },
                        Drainer.INSTANCE);
    }

    /**
     * Closes the worker at once. The queue notices and gives what it holds to others; handlers on the worker's own threads
     * are interrupted, and under {@link WorkerDialect#PRV} find {@link Request#isCancelled()}. Closing twice is harmless.
     *
     * <p>Takes up to a second where the queue does not take what was sent last, or is gone, and up to another where a handler
     * ignores its interrupt.
     */
    @Override
    public void close() {
        handle.runIfAlive(() -> registrations.forEach(Registration::close));
        handle.close();
        if (ownExecutor != null) {
            endHandlers(ownExecutor);
        }
        if (stopTold.compareAndSet(false, true)) {
            callHook("onStop", config.handler()::onStop);
            log.info("worker closed worker={}", config.name());
        }
    }

    private static void endHandlers(ExecutorService handlers) {
        handlers.shutdownNow();
        try {
            if (!handlers.awaitTermination(HANDLER_END_MILLIS, TimeUnit.MILLISECONDS)) {
                log.debug("a handler goes on in spite of its interrupt");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a hook throws must not keep the worker from stopping. */
    private void callHook(String hook, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            log.error("{} failed worker={}", hook, config.name(), e);
        }
    }

    void runUntilStopped() {
        try {
            UntilStopped.await(config.name(), stopped(), this::drain);
        } finally {
            close();
        }
    }
}
