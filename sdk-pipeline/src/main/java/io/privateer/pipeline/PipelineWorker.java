package io.privateer.pipeline;

import io.privateer.core.Settings;
import io.privateer.core.internal.Drainer;
import io.privateer.core.internal.LoopHandle;
import io.privateer.core.internal.UntilStopped;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the tasks of one {@link Ventilator} and gives the results to one {@link Sink}.
 *
 * <p>A result is kept until the sink has accepted it, and given again whenever the sink was lost in between. Both others are
 * found again without anybody's help. The event loop beats while handlers work on threads of their own.
 *
 * <p>Thread-safe.
 */
public final class PipelineWorker implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PipelineWorker.class);

    private final PipelineWorkerConfig config;
    private final LoopHandle handle;
    private final PipelineWorkerShell shell;
    private final CompletableFuture<Boolean> stopped;
    private final Object endLock = new Object();
    private boolean ended;

    private PipelineWorker(PipelineWorkerConfig config, LoopHandle handle, PipelineWorkerShell shell) {
        this.config = config;
        this.handle = handle;
        this.shell = shell;
        this.stopped = shell.whenStopped().whenCompleteAsync((inOrder, failure) -> end(), Drainer.INSTANCE);
    }

    /** Returns settings for a worker that works with {@code handler}. */
    public static PipelineWorkerConfig.Builder builder(TaskHandler handler) {
        return new PipelineWorkerConfig.Builder(handler);
    }

    /**
     * Starts a worker; it introduces itself as soon as ventilator and sink are there. What {@link TaskHandler#onStart} throws is
     * thrown as it is.
     *
     * @throws io.privateer.core.EndpointException if a host name does not resolve
     */
    public static PipelineWorker start(PipelineWorkerConfig config) {
        Objects.requireNonNull(config, "config");
        config.handler().onStart();
        try {
            return open(config);
        } catch (RuntimeException | Error e) {
            stopHandler(config);
            throw e;
        }
    }

    private static PipelineWorker open(PipelineWorkerConfig config) {
        LoopHandle handle = LoopHandle.of(config.loop(), config.name());
        PipelineWorkerShell shell = handle.make(() -> new PipelineWorkerShell(handle.loop(), config));
        log.info(
                "worker started worker={} id={} ventilator={} sink={} concurrency={}",
                config.name(),
                shell.id(),
                config.ventilator(),
                config.sink(),
                config.concurrency());
        return new PipelineWorker(config, handle, shell);
    }

    /**
     * Returns what completes when the worker has stopped: with true if it had ended all it held and the sink has accepted it,
     * because the ventilator told it to stop or it was drained; with false if it was closed; exceptionally, with a
     * {@link io.privateer.core.TransportFailedException}, if its event loop failed.
     */
    public CompletableFuture<Boolean> stopped() {
        return stopped.copy();
    }

    /**
     * Takes nothing new, ends what it holds, waits until the sink has accepted it, then closes the worker.
     *
     * @param timeout how long to wait; what is still held then goes to others
     * @return completes with whether all was ended
     * @throws IllegalArgumentException if {@code timeout} is negative or above 365 days
     */
    public CompletableFuture<Boolean> drain(Duration timeout) {
        Settings.atLeast("timeout", timeout, Duration.ZERO);
        handle.runIfAlive(shell::drain);
        return stopped()
                .completeOnTimeout(false, timeout.toNanos(), TimeUnit.NANOSECONDS)
                .thenApplyAsync(
                        inOrder -> {
                            close();
                            return inOrder;
                        },
                        Drainer.INSTANCE);
    }

    /** Waits until the worker has stopped; when the process is told to end before, drains. For main programs. */
    public void runUntilStopped() {
        try {
            UntilStopped.await(config.name(), stopped(), this::drain);
        } finally {
            close();
        }
    }

    /** Returns what was counted so far, and what is held now. */
    public PipelineWorkerStats stats() {
        return handle.ask(shell::stats);
    }

    /**
     * Closes the worker at once. What it holds, results among it, goes to others. Handlers are interrupted, and awaited for up
     * to a second each. Closing twice is harmless.
     */
    @Override
    public void close() {
        handle.runIfAlive(shell::close);
        end();
    }

    /** Whoever comes second waits until the first has ended it. */
    private void end() {
        handle.close();
        synchronized (endLock) {
            if (ended) {
                return;
            }
            ended = true;
            shell.endHandlers();
            stopHandler(config);
            log.info("worker closed worker={} id={}", config.name(), shell.id());
        }
    }

    private static void stopHandler(PipelineWorkerConfig config) {
        try {
            config.handler().onStop();
        } catch (RuntimeException | Error e) {
            log.error("onStop failed worker={}", config.name(), e);
        }
    }
}
