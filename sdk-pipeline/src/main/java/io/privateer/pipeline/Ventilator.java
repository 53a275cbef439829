package io.privateer.pipeline;

import io.privateer.core.Randomness;
import io.privateer.core.Settings;
import io.privateer.core.internal.Drainer;
import io.privateer.core.internal.LoopHandle;
import io.privateer.core.wire.PeerId;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives tasks to whichever worker is free, until a {@link Sink} has accepted the result of each.
 *
 * <p>A task is kept until its outcome is accepted. It goes to another worker when its own is lost, throws, or lets the sink
 * wait too long, and is reported as failed after {@code deliveriesMax} deliveries. So a task may run more than once; its
 * result counts once.
 *
 * <p>When a ventilator dies, start another at the same endpoint and {@link #resume} its batches.
 *
 * <p>Thread-safe.
 */
public final class Ventilator implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Ventilator.class);

    private final LoopHandle handle;
    private final VentilatorShell shell;

    private Ventilator(LoopHandle handle, VentilatorShell shell) {
        this.handle = handle;
        this.shell = shell;
    }

    /** Returns settings to be completed. */
    public static VentilatorConfig.Builder builder() {
        return new VentilatorConfig.Builder();
    }

    /**
     * Starts a ventilator.
     *
     * @throws io.privateer.core.EndpointException if the endpoint cannot be bound
     */
    public static Ventilator start(VentilatorConfig config) {
        Objects.requireNonNull(config, "config");
        LoopHandle handle = LoopHandle.of(config.loop(), config.name());
        VentilatorShell shell = handle.make(() -> new VentilatorShell(handle.loop(), config));
        log.info(
                "ventilator started ventilator={} endpoint={} sink={}", config.name(), shell.endpoint(), config.sink());
        return new Ventilator(handle, shell);
    }

    /** Returns the bound endpoint with its real port. */
    public String endpoint() {
        return shell.endpoint();
    }

    /** Begins a batch under a new id. Keep the id where a successor finds it. */
    public Batch newBatch() {
        return newBatch(PeerId.random(Randomness.system()).uuid());
    }

    /**
     * Begins a batch under an id of the caller's. Its tasks are given out from when the sink has a place for it.
     *
     * @throws IllegalArgumentException if this ventilator has it already
     * @throws io.privateer.core.ClosedException if the ventilator was closed
     */
    public Batch newBatch(UUID batchId) {
        PeerId id = PeerId.of(Objects.requireNonNull(batchId, "batchId"));
        return shell.ending().call(() -> shell.open(id));
    }

    /** As {@link #newBatch(UUID, int)}, under a new id. */
    public Batch newBatch(int count) {
        return newBatch(PeerId.random(Randomness.system()).uuid(), count);
    }

    /**
     * Begins a batch whose size is known: the sink knows it from the start, so that progress has its total, and the batch is
     * done without {@link Batch#end} when so many tasks have an outcome.
     *
     * @param count how many tasks there will be, from 0; the batch takes no more
     * @throws IllegalArgumentException if {@code count} is negative, or this ventilator has the batch already
     * @throws io.privateer.core.ClosedException if the ventilator was closed
     */
    public Batch newBatch(UUID batchId, int count) {
        PeerId id = PeerId.of(Objects.requireNonNull(batchId, "batchId"));
        Settings.atLeast("count", count, 0);
        return shell.ending().call(() -> shell.open(id, count));
    }

    /**
     * Takes over a batch that another ventilator began, as that one is dead.
     *
     * @return completes when the sink has told what it has of the batch, so that {@link Batch#remaining} can be trusted, or
     *     that the batch is done; exceptionally if this ventilator ends before, or the sink was told to forget the batch
     * @throws IllegalArgumentException if this ventilator has it already
     * @throws io.privateer.core.ClosedException if the ventilator was closed
     */
    public CompletableFuture<Batch> resume(UUID batchId) {
        return newBatch(batchId).known.copy();
    }

    /**
     * Tells all workers to end what they hold, to wait until the sink has accepted it, and to stop. A worker that is not
     * connected now is told when it comes, as long as this ventilator lives: who closes it sooner leaves that worker at work.
     * Tasks that no worker has wait from then on.
     *
     * <p>A worker that was told is awaited, also where its connection is lost meanwhile. One that was lost before may be about
     * to come back, and so may all where none is there: for them it waits {@code liveness × heartbeat} after the last such loss,
     * or from now where none is there. A worker that is away for longer is not awaited.
     *
     * @param timeout how long to wait
     * @return completes with the number of workers that have stopped, as soon as none is awaited, or the time ran out; on the
     *     event loop or a timer's thread
     * @throws IllegalArgumentException if {@code timeout} is negative or above 365 days
     * @throws io.privateer.core.ClosedException if the ventilator was closed
     */
    public CompletableFuture<Integer> shutdownWorkers(Duration timeout) {
        Settings.atLeast("timeout", timeout, Duration.ZERO);
        CompletableFuture<Integer> all = shell.ending().call(shell::stopWorkers);
        return all.copy()
                .thenApply(count -> true)
                .completeOnTimeout(false, timeout.toNanos(), TimeUnit.NANOSECONDS)
                .thenApplyAsync(inTime -> stats().workersStopped(), Drainer.INSTANCE);
    }

    /** Returns what was counted so far. */
    public VentilatorStats stats() {
        return handle.ask(shell::stats);
    }

    /**
     * Closes the ventilator at once. Batches that are not done end with a {@link io.privateer.core.ClosedException}; the sink
     * keeps what it has of them for a successor. Closing twice is harmless.
     */
    @Override
    public void close() {
        handle.runIfAlive(shell::close);
        handle.close();
    }
}
