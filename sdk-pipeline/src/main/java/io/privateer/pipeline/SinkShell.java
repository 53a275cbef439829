package io.privateer.pipeline;

import io.privateer.core.ClosedException;
import io.privateer.core.PirateException;
import io.privateer.core.Randomness;
import io.privateer.core.Reason;
import io.privateer.core.RequestFailedException;
import io.privateer.core.StorageException;
import io.privateer.core.TransportFailedException;
import io.privateer.core.internal.ListenerGuard;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.LoopMember;
import io.privateer.core.transport.LoopTimer;
import io.privateer.core.wire.PeerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins a {@link SinkMachine} to its socket, journal and result handler. Not thread-safe: confine to the loop's thread. */
final class SinkShell implements SinkPort, RouterLinks.Handler, LoopMember {

    private static final Logger log = LoggerFactory.getLogger(Sink.class);

    private final EventLoop loop;
    private final SinkConfig config;
    private final Ending ending;
    private final SinkLedger ledger;
    private final ListenerGuard<SinkListener> listener;
    private final Turn turn;
    private final LoopTimer timer;
    private final RouterLinks peers;
    private final SinkMachine machine;
    private final Workshop<TaskResult> workshop;
    private final AtomicLong handlerFailures;
    private final Map<PeerId, CompletableFuture<BatchOutcome>> outcomes = new HashMap<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private long peersLost;

    SinkShell(EventLoop loop, SinkConfig config, SinkLedger ledger, AtomicLong handlerFailures) {
        this.loop = loop;
        this.config = config;
        this.ending = new Ending(loop, "sink " + config.name());
        this.ledger = ledger;
        this.handlerFailures = handlerFailures;
        this.listener = new ListenerGuard<>(loop, log, config.name(), config.listener());
        this.turn = new Turn(loop, this::onEndOfTurn);
        this.timer = loop.timer(this::onTimer);
        this.workshop = new Workshop<>(config.name(), 1, this::take, this::wake);
        this.machine = new SinkMachine(now(), Randomness.system().nextLong() | 1, config.settings(), ledger, this);
        this.peers = new RouterLinks(loop, config.name(), config.endpoint(), config.socketSettings(), turn, this);
        loop.join(this);
        try {
            machine.onStart();
        } catch (StorageException e) {
            end(e);
            throw e;
        }
        workshop.start();
        timer.arm(machine.nextDeadlineNanos());
    }

    /** On the thread of the workshop. */
    private void take(TaskResult result) {
        take(config, result, handlerFailures, workshop::isInterruptedByClose);
    }

    /**
     * Shows an outcome to the user's handler, on whatever thread.
     *
     * @param isEnd whether what the handler threw says only that it was interrupted, as the sink ends
     */
    static void take(SinkConfig config, TaskResult result, AtomicLong failures, Predicate<Throwable> isEnd) {
        try {
            if (result.failure == null) {
                config.handler().onResult(result);
            } else {
                config.handler().onFailure(new TaskFailure(result.batchId(), result.number(), result.failure));
            }
        } catch (Throwable e) { // Nobody can give the result again, so it counts as taken; it is told, not hidden.
            if (isEnd.test(e)) {
                log.info("result handler interrupted by close sink={} result={}", config.name(), result);
                return; // The sink has ended: its successor shows it again.
            }
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            failures.incrementAndGet();
            log.error("result handler failed sink={} result={}", config.name(), result, e);
        }
    }

    private void wake() {
        try {
            loop.execute(turn::happened);
        } catch (ClosedException | TransportFailedException e) {
            log.debug("result handler has nobody to tell, the loop has ended sink={}", config.name(), e);
        }
    }

    private void onEndOfTurn() {
        if (ending.hasBegun()) {
            return;
        }
        try {
            machine.onArrived();
            workshop.publish();
            workshop.takeDone(machine::onTaken);
            machine.tellAccepted();
        } catch (StorageException e) {
            fail(e);
        }
    }

    /** What is not on the disk is not accepted, and whether anything would get there nobody knows. */
    private void fail(StorageException why) {
        log.error("sink failed sink={}", config.name(), why);
        listener.tell(to -> to.onFailed(why));
        end(why);
    }

    private void onTimer() {
        if (!ending.hasBegun()) {
            machine.onTick(now());
            turn.happened();
            timer.arm(machine.nextDeadlineNanos());
        }
    }

    @Override
    public void onRecord(long nowNanos, PipeLink link, PlnReader reader) {
        if (!ending.hasBegun()) {
            machine.onRecord(nowNanos, link, reader);
        }
    }

    @Override
    public void onGone(PipeLink link) {
        if (!ending.hasBegun()) {
            machine.onGone(link);
        }
    }

    @Override
    public void handOver(TaskResult result) {
        workshop.bring(result);
    }

    @Override
    public void progress(SinkBatch batch) {
        BatchProgress progress = batch.progress();
        listener.tell(to -> to.onProgress(progress));
    }

    @Override
    public void batchDone(SinkBatch batch) {
        BatchOutcome outcome = batch.outcome();
        log.info(
                "batch done sink={} batch={} tasks={} failed={}",
                config.name(),
                batch.id,
                outcome.tasks(),
                outcome.failed());
        listener.tell(to -> to.onBatchDone(outcome));
        CompletableFuture<BatchOutcome> asked = outcomes.remove(batch.id);
        if (asked != null) {
            loop.execute(() -> asked.complete(outcome));
        }
    }

    @Override
    public void peerJoined(SinkPeer peer) {
        log.info("{} joined sink={} peer={}", roleOf(peer), config.name(), peer);
    }

    @Override
    public void peerLost(SinkPeer peer, boolean silent) {
        peersLost++;
        log.info("{} lost sink={} peer={} silent={}", roleOf(peer), config.name(), peer, silent);
    }

    private static String roleOf(SinkPeer peer) {
        return peer.isVentilator ? "ventilator" : "worker";
    }

    String endpoint() {
        return peers.endpoint();
    }

    CompletableFuture<BatchOutcome> outcome(PeerId id) {
        SinkLedger.Done over = ledger.doneOf(id);
        if (over != null) {
            return CompletableFuture.completedFuture(
                    new BatchOutcome(id.uuid(), over.count(), over.failed(), List.of(), List.of()));
        }
        if (ledger.isForgotten(id)) {
            return CompletableFuture.failedFuture(forgotten(id));
        }
        return outcomes.computeIfAbsent(id, absent -> new CompletableFuture<>()).copy();
    }

    boolean forget(PeerId id) {
        boolean known;
        try {
            known = machine.onForget(id);
            turn.happened();
        } catch (StorageException e) {
            fail(e);
            throw e;
        }
        CompletableFuture<BatchOutcome> asked = outcomes.remove(id);
        if (asked != null) {
            asked.completeExceptionally(forgotten(id));
        }
        return known;
    }

    private static RequestFailedException forgotten(PeerId id) {
        return new RequestFailedException(Reason.CLOSED, "batch " + id.uuid() + " was forgotten", List.of());
    }

    SinkStats stats() {
        return machine.stats(peers.malformed(), peersLost, handlerFailures.get(), listener.failures());
    }

    Ending ending() {
        return ending;
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
        peers.close();
        if (ledger.journal != null) {
            ledger.journal.close();
        }
        outcomes.values().forEach(asked -> asked.completeExceptionally(why));
        outcomes.clear();
        if (why instanceof ClosedException) {
            ended.complete(null);
        } else {
            ended.completeExceptionally(why);
        }
        log.info("sink closed sink={} batches={}", config.name(), ledger.batches.size());
    }

    CompletableFuture<Void> whenEnded() {
        return ended;
    }

    /** Ends the result handler; not on the loop's thread. */
    void endHandler() {
        workshop.close();
    }

    private long now() {
        return loop.clock().nanoTime();
    }
}
