package io.privateer.pipeline;

import io.privateer.core.PirateException;
import io.privateer.core.Randomness;
import io.privateer.core.Reason;
import io.privateer.core.RequestFailedException;
import io.privateer.core.internal.ListenerGuard;
import io.privateer.core.transport.DealerSocket;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.LoopMember;
import io.privateer.core.transport.LoopTimer;
import io.privateer.core.wire.PeerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins a {@link VentilatorMachine} to its sockets and producers. Not thread-safe: confine to the loop's thread. */
final class VentilatorShell implements VentilatorPort, RouterLinks.Handler, DealerSocket.Handler, LoopMember {

    private static final Logger log = LoggerFactory.getLogger(Ventilator.class);

    private final EventLoop loop;
    private final VentilatorConfig config;
    private final Ending ending;
    private final ListenerGuard<VentilatorListener> listener;
    private final VentIntake intake;
    private final Turn turn;
    private final LoopTimer timer;
    private final RouterLinks workers;
    private final DealerLink sink;
    private final VentilatorMachine machine;
    private final PlnReader sinkReader = new PlnReader();
    private final Map<VentBatch, Batch> batches = new HashMap<>();
    private final CompletableFuture<Integer> workersStopped = new CompletableFuture<>();
    private int releasedTasks;
    private long releasedBytes;
    private long returned;
    private long failed;
    private long lost;
    private long malformed;

    VentilatorShell(EventLoop loop, VentilatorConfig config) {
        this.loop = loop;
        this.config = config;
        this.ending = new Ending(loop, "ventilator " + config.name());
        this.listener = new ListenerGuard<>(loop, log, config.name(), config.listener());
        this.intake = new VentIntake(config.windowTasks(), config.windowBytes(), () -> loop.execute(this::takeIn));
        this.turn = new Turn(loop, this::onEndOfTurn);
        this.timer = loop.timer(this::onTimer);
        RandomGenerator random = Randomness.system();
        PeerId id = PeerId.random(random);
        this.sink = new DealerLink(
                loop,
                config.name(),
                config.sink(),
                config.socketSettings(),
                turn,
                writer -> writer.hello(
                        Pln.ROLE_VENTILATOR, id, config.heartbeatMillis(), 1, 1, 1, config.messageBytesMax()),
                this);
        this.machine = new VentilatorMachine(now(), random.nextLong() | 1, config.settings(), sink, this);
        this.workers = new RouterLinks(loop, config.name(), config.endpoint(), config.socketSettings(), turn, this);
        loop.join(this);
        try {
            machine.onStart(now());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        turn.happened();
        timer.arm(machine.nextDeadlineNanos(now()));
    }

    VentIntake intake() {
        return intake;
    }

    int messageBytesMax() {
        return config.messageBytesMax();
    }

    String endpoint() {
        return workers.endpoint();
    }

    /** @throws IllegalArgumentException if the ventilator has a batch of that id already */
    Batch open(PeerId id) {
        return open(new Batch(this, new VentBatch(id)));
    }

    /** As {@link #open(PeerId)}, of a batch that will have {@code count} tasks. */
    Batch open(PeerId id, int count) {
        Batch batch = open(new Batch(this, new VentBatch(id), count));
        machine.onEnd(batch.state, count);
        return batch;
    }

    private Batch open(Batch batch) {
        if (!machine.onOpen(batch.state)) {
            throw new IllegalArgumentException("batchId must be new to this ventilator: " + batch.id());
        }
        batches.put(batch.state, batch);
        turn.happened();
        return batch;
    }

    void end(VentBatch batch, int count) {
        takeIn();
        machine.onEnd(batch, count);
    }

    Ending ending() {
        return ending;
    }

    private void takeIn() {
        if (ending.hasBegun()) {
            return;
        }
        for (VentTask task : intake.takeAll()) {
            machine.onTask(task);
        }
        turn.happened();
    }

    CompletableFuture<Integer> stopWorkers() {
        machine.onStopWorkers();
        log.info("workers told to stop ventilator={} workers={}", config.name(), machine.workers());
        turn.happened();
        return workersStopped;
    }

    private void onEndOfTurn() {
        if (ending.hasBegun()) {
            return;
        }
        machine.onDispatch(now());
        if (releasedTasks > 0) {
            intake.release(releasedTasks, releasedBytes);
            releasedTasks = 0;
            releasedBytes = 0;
        }
        if (machine.haveStopped() && !workersStopped.isDone()) {
            int count = machine.stopped();
            loop.execute(() -> workersStopped.complete(count));
        }
    }

    private void onTimer() {
        if (!ending.hasBegun()) {
            machine.onTick(now());
            turn.happened();
            timer.arm(machine.nextDeadlineNanos(now()));
        }
    }

    @Override
    public void onRecord(long nowNanos, PipeLink link, PlnReader reader) {
        if (!ending.hasBegun()) {
            machine.onWorkerRecord(nowNanos, link, reader);
        }
    }

    @Override
    public void onGone(PipeLink link) {
        if (!ending.hasBegun()) {
            machine.onWorkerGone(link);
        }
    }

    @Override
    public void onMessage(byte[][] frames) {
        turn.happened();
        if (sinkReader.open(frames)) {
            long nowNanos = now();
            while (sinkReader.next()) {
                machine.onSinkRecord(nowNanos, sinkReader);
            }
        }
        if (sinkReader.problem() != null && malformed++ == 0) {
            log.warn(
                    "malformed message dropped ventilator={} from=sink problem=\"{}\" (counted, not logged again)",
                    config.name(),
                    sinkReader.problem());
        }
    }

    @Override
    public void onDisconnected() {
        log.info("sink lost ventilator={} sink={}", config.name(), config.sink());
        turn.happened();
        machine.onSinkLost(now());
    }

    @Override
    public void released(VentTask task) {
        turn.happened();
        if (task.batch.hasBegun()) {
            releasedTasks++;
            releasedBytes += task.body.length;
        } else {
            intake.releaseWaiting(task);
        }
    }

    @Override
    public void batchBegun(VentBatch batch) {
        intake.begin(batch);
    }

    @Override
    public void batchKnown(VentBatch batch) {
        Batch open = batches.get(batch);
        if (open != null && !open.known.isDone()) {
            loop.execute(() -> open.known.complete(open));
        }
    }

    @Override
    public void batchDone(VentBatch batch, int count, int failures) {
        BatchSummary summary = new BatchSummary(batch.id.uuid(), count, failures);
        log.info("batch done ventilator={} batch={} tasks={} failed={}", config.name(), batch.id, count, failures);
        listener.tell(to -> to.onBatchDone(summary));
        Batch open = batches.remove(batch);
        if (open != null) {
            loop.execute(() -> {
                open.known.complete(open);
                open.done.complete(summary);
            });
        }
    }

    @Override
    public void batchFailed(VentBatch batch, Reason reason, String why) {
        log.error("batch failed ventilator={} batch={} why=\"{}\"", config.name(), batch.id, why);
        Batch open = batches.remove(batch);
        if (open != null) {
            loop.execute(() -> fail(open, new RequestFailedException(reason, why, List.of())));
        }
    }

    private static void fail(Batch batch, PirateException why) {
        batch.known.completeExceptionally(why);
        batch.done.completeExceptionally(why);
    }

    @Override
    public void workerJoined(VentWorker worker) {
        log.info("worker joined ventilator={} worker={}", config.name(), worker);
        listener.tell(to -> to.onWorkerJoined(worker.toString()));
    }

    @Override
    public void workerLost(VentWorker worker, boolean silent) {
        lost++;
        log.info("worker lost ventilator={} worker={} silent={}", config.name(), worker, silent);
        listener.tell(to -> to.onWorkerLost(new VentilatorListener.WorkerLost(worker.toString(), silent)));
    }

    @Override
    public void workerStopped(VentWorker worker) {
        log.info("worker stopped ventilator={} worker={}", config.name(), worker);
        listener.tell(to -> to.onWorkerStopped(worker.toString()));
    }

    @Override
    public void taskReturned(VentTask task, TaskLoss cause) {
        returned++;
        log.debug(
                "task returned ventilator={} batch={} task={} cause={} losses={}",
                config.name(),
                task.batch.id,
                task.number,
                cause,
                task.losses);
    }

    @Override
    public void taskTooLong(VentTask task, int bytesMax) {
        log.warn(
                "task too long for every worker ventilator={} batch={} task={} bytes={} messageBytesMax={} (counted, not"
                        + " logged again until a worker joins)",
                config.name(),
                task.batch.id,
                task.number,
                task.body.length,
                bytesMax);
    }

    @Override
    public void taskFailed(VentTask task, String reason) {
        failed++;
        log.warn(
                "task failed ventilator={} batch={} task={} deliveries={}",
                config.name(),
                task.batch.id,
                task.number,
                task.losses);
        TaskFailure event = new TaskFailure(task.batch.id.uuid(), task.number, reason);
        listener.tell(to -> to.onTaskFailed(event));
    }

    VentilatorStats stats() {
        long[] window = intake.counts();
        return new VentilatorStats(
                machine.batches(),
                (int) window[0],
                window[1],
                machine.delivered(),
                window[2],
                returned,
                failed,
                machine.tooLong(),
                machine.workers(),
                lost,
                machine.stopped(),
                machine.hasSink(),
                machine.sinkReconnects(),
                machine.stale(),
                machine.strangers() + workers.malformed() + malformed,
                listener.failures());
    }

    void close() {
        end(ending.closed());
    }

    @Override
    public void onLoopStopped(@Nullable Throwable failure) {
        if (failure != null) {
            listener.tell(to -> to.onFailed(failure));
        }
        end(ending.of(failure));
    }

    private void end(PirateException why) {
        if (!ending.begin(why)) {
            return;
        }
        turn.flush();
        timer.cancel();
        loop.leave(this);
        intake.close(why);
        workers.close();
        sink.close();
        batches.values().forEach(batch -> fail(batch, why));
        batches.clear();
        workersStopped.completeExceptionally(why);
        log.info("ventilator closed ventilator={} batches={}", config.name(), machine.batches());
    }

    private long now() {
        return loop.clock().nanoTime();
    }
}
