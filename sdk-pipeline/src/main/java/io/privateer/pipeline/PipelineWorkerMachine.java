package io.privateer.pipeline;

import io.privateer.core.FairClock;
import io.privateer.core.internal.Deadlines;
import io.privateer.core.wire.PeerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Decides for a worker: what it does, what it keeps, and when it may stop. A result is kept until the sink has accepted it,
 * and sent again on every new connection. What no handler has begun is forgotten with the connection that brought it: the
 * ventilator has given it to others. Not thread-safe.
 */
final class PipelineWorkerMachine {

    /** The sink may have told the ventilator of many results before it could tell this worker. */
    private static final int RESULTS_PER_CREDIT = 2;

    /** Besides those results, what is not begun. */
    private static final int HELD_PER_CREDIT = 4;

    private final PipelineWorkerSettings settings;
    private final PipelineWorkerPort port;
    private final ServerLink ventilator;
    private final ServerLink sink;
    private final FairClock clock;
    private final Map<PeerId, TaskTable<PipelineTask>> held = new HashMap<>();
    private int heldCount;
    private int results;
    private long resultBytes;
    private boolean paused;
    private boolean draining;
    private boolean stopping;
    private boolean stopped;
    private boolean dismissed;
    private boolean patienceEnds;
    private long patienceEndsNanos;
    private long handled;
    private long failed;
    private long tooLong;
    private boolean tooLongTold;
    private long accepted;
    private long forgotten;
    private long duplicates;
    private long stale;
    private long strangers;

    PipelineWorkerMachine(
            long nowNanos,
            PipelineWorkerSettings settings,
            ServerLink.Port ventilatorPort,
            ServerLink.Port sinkPort,
            PipelineWorkerPort port) {
        this.settings = settings;
        this.port = port;
        this.ventilator = new ServerLink(ventilatorPort, settings.heartbeatNanos(), settings.liveness());
        this.sink = new ServerLink(sinkPort, settings.heartbeatNanos(), settings.liveness());
        this.clock = new FairClock(nowNanos, settings.heartbeatNanos(), settings.heartbeatNanos());
    }

    void onStart(long nowNanos) {
        long fairNanos = clock.fair(nowNanos);
        ventilator.open(nowNanos, fairNanos);
        sink.open(nowNanos, fairNanos);
    }

    void onVentilatorRecord(long nowNanos, PlnReader reader) {
        clock.observe(nowNanos);
        ventilator.onHeard(clock.fair(nowNanos));
        if (reader.type() == Pln.WELCOME) {
            ventilator.onWelcome(reader);
            dismissed = false;
            if (draining) {
                ventilator.writer().word(Pln.DRAIN);
            }
            tellIfEmpty(nowNanos);
            return;
        }
        if (!ventilator.isWelcomed() || reader.incarnation() != ventilator.incarnation()) {
            stale++;
            return;
        }
        switch (reader.type()) {
            case Pln.HEARTBEAT -> {}
            case Pln.TASK -> onTask(reader);
            case Pln.STOP -> {
                stopping = true;
                tellIfEmpty(nowNanos);
            }
            case Pln.GOODBYE -> {
                dismissed = stopping;
                tellIfEmpty(nowNanos);
            }
            default -> strangers++;
        }
    }

    private void onTask(PlnReader reader) {
        TaskTable<PipelineTask> tasks = held.computeIfAbsent(reader.batch(), absent -> new TaskTable<>());
        if (tasks.get(reader.number()) != null) {
            duplicates++; // It is being done, or its result waits for the sink.
            return;
        }
        if (heldCount >= HELD_PER_CREDIT * settings.credit()) {
            strangers++; // No ventilator of ours gives so much.
            return;
        }
        PipelineTask task = new PipelineTask(reader.batch(), ventilator.incarnation(), reader.number(), reader.body());
        tasks.put(task.number(), task);
        heldCount++;
        patienceEnds = false;
        port.handle(task);
    }

    /** The handler has returned, or thrown. */
    void onHandled(long nowNanos, PipelineTask task) {
        byte[] result = task.result;
        String failure = task.failure;
        if (failure != null || result == null) {
            fail(nowNanos, task, String.valueOf(failure));
            return;
        }
        if (isTooLong(result)) {
            failTooLong(nowNanos, task);
            return;
        }
        handled++;
        task.kept = true;
        results++;
        resultBytes += result.length;
        if (sink.isWelcomed()) {
            sink.writer().result(task.batch, task.number(), result);
        }
        pauseIfFull();
    }

    private void fail(long nowNanos, PipelineTask task, String reason) {
        failed++;
        forget(task);
        if (ventilator.isWelcomed() && ventilator.incarnation() == task.ventilator) {
            ventilator.writer().failure(task.batch, task.number(), reason);
        }
        tellIfEmpty(nowNanos);
    }

    private boolean isTooLong(byte[] result) {
        return result.length > Math.min(settings.messageBytesMax(), sink.messageBytesMax());
    }

    /** Sent, it would cost the connection each time, and never arrive. */
    private void failTooLong(long nowNanos, PipelineTask task) {
        tooLong++;
        int bytes = resultOf(task).length;
        boolean ofSink = sink.messageBytesMax() < settings.messageBytesMax();
        int bytesMax = ofSink ? sink.messageBytesMax() : settings.messageBytesMax();
        if (!tooLongTold) {
            tooLongTold = true;
            port.resultTooLong(task, bytes, bytesMax, ofSink);
        }
        String whose = ofSink ? "sink" : "worker";
        fail(
                nowNanos,
                task,
                "result of " + bytes + " bytes, longer than messageBytesMax=" + bytesMax + " of the " + whose);
    }

    private void pauseIfFull() {
        boolean full = resultBytes > settings.resultBytesMax() || results >= RESULTS_PER_CREDIT * settings.credit();
        if (full != paused) {
            paused = full;
            port.pause(full);
        }
    }

    private void forget(PipelineTask task) {
        TaskTable<PipelineTask> tasks = held.get(task.batch);
        if (tasks != null && tasks.remove(task.number()) != null) {
            heldCount--;
            if (tasks.isEmpty()) {
                held.remove(task.batch);
            }
        }
    }

    void onVentilatorLost(long nowNanos) {
        for (PipelineTask task : port.takeBack()) {
            forgotten++;
            forget(task);
        }
        ventilator.reopen(nowNanos, clock.fair(nowNanos));
        tellIfEmpty(nowNanos);
    }

    void onSinkRecord(long nowNanos, PlnReader reader) {
        clock.observe(nowNanos);
        sink.onHeard(clock.fair(nowNanos));
        if (reader.type() == Pln.WELCOME) {
            sink.onWelcome(reader);
            tooLongTold = false;
            failWhatIsTooLong(nowNanos);
            held.forEach((batch, tasks) -> tasks.forEach(this::sendAgain));
            return;
        }
        if (!sink.isWelcomed() || reader.incarnation() != sink.incarnation()) {
            stale++;
            return;
        }
        switch (reader.type()) {
            case Pln.HEARTBEAT -> {}
            case Pln.ACCEPTED -> onAccepted(nowNanos, reader);
            default -> strangers++;
        }
    }

    /** What was done while no sink was there to say how long a result may be. */
    private void failWhatIsTooLong(long nowNanos) {
        if (sink.messageBytesMax() >= settings.messageBytesMax()) {
            return;
        }
        List<PipelineTask> found = new ArrayList<>();
        held.forEach((batch, tasks) -> tasks.forEach(task -> {
            if (task.kept && isTooLong(resultOf(task))) {
                found.add(task);
            }
        }));
        for (PipelineTask task : found) {
            letGo(task);
            failTooLong(nowNanos, task);
        }
        pauseIfFull();
    }

    /** Its result need not be kept any more. */
    private void letGo(PipelineTask task) {
        task.kept = false;
        results--;
        resultBytes -= resultOf(task).length;
    }

    private void sendAgain(PipelineTask task) {
        if (task.kept) {
            sink.writer().result(task.batch, task.number(), resultOf(task));
        }
    }

    private static byte[] resultOf(PipelineTask task) {
        return Objects.requireNonNull(task.result);
    }

    private void onAccepted(long nowNanos, PlnReader reader) {
        TaskTable<PipelineTask> tasks = held.get(reader.batch());
        if (tasks == null) {
            stale++;
            return;
        }
        for (int i = 0; i < reader.rangeCount(); i++) {
            tasks.forEachIn(reader.rangeFirst(i), reader.rangeNumbers(i), task -> {
                if (task.kept) {
                    accepted++;
                    letGo(task);
                    forget(task);
                }
            });
        }
        pauseIfFull();
        tellIfEmpty(nowNanos);
    }

    void onSinkLost(long nowNanos) {
        sink.reopen(nowNanos, clock.fair(nowNanos));
    }

    /** The worker's process is told to end: it wants nothing new, and ends what it holds. */
    void onDrain(long nowNanos) {
        stopping = true;
        draining = true;
        if (ventilator.isWelcomed()) {
            ventilator.writer().word(Pln.DRAIN);
        }
        tellIfEmpty(nowNanos);
    }

    /** Says that it has stopped, and waits a while for the ventilator to have heard it. */
    private void tellIfEmpty(long nowNanos) {
        if (!stopping || heldCount > 0 || stopped) {
            return;
        }
        if (dismissed) {
            stop();
            return;
        }
        if (!patienceEnds) {
            patienceEnds = true;
            patienceEndsNanos = nowNanos + 2 * settings.silenceNanos();
        }
        if (ventilator.isWelcomed()) {
            ventilator.writer().word(Pln.STOPPED);
        }
    }

    /** The worker is closed at once; what it holds goes to others. */
    void onClose() {
        if (ventilator.isWelcomed() && !stopped) {
            ventilator.writer().word(Pln.GOODBYE);
        }
        stopped = true;
    }

    private void stop() {
        if (!stopped) {
            stopped = true;
            port.stopped();
        }
    }

    void onTick(long nowNanos) {
        clock.observe(nowNanos);
        clock.sweepDue(nowNanos);
        long fairNanos = clock.fair(nowNanos);
        if (patienceEnds && nowNanos - patienceEndsNanos >= 0) {
            stop();
            return;
        }
        if (ventilator.onTick(nowNanos, fairNanos)) {
            onVentilatorLost(nowNanos);
        }
        if (sink.onTick(nowNanos, fairNanos)) {
            onSinkLost(nowNanos);
        }
    }

    long nextDeadlineNanos(long nowNanos) {
        long stoodStillNanos = nowNanos - clock.fair(nowNanos);
        long deadlineNanos = Deadlines.earlier(
                clock.nextSweepNanos(),
                Deadlines.earlier(
                        ventilator.nextDeadlineNanos(stoodStillNanos), sink.nextDeadlineNanos(stoodStillNanos)));
        return patienceEnds && !stopped ? Deadlines.earlier(deadlineNanos, patienceEndsNanos) : deadlineNanos;
    }

    PipelineWorkerStats stats(long malformed) {
        return new PipelineWorkerStats(
                handled,
                failed,
                tooLong,
                accepted,
                heldCount,
                results,
                resultBytes,
                forgotten,
                duplicates,
                ventilator.isWelcomed(),
                sink.isWelcomed(),
                ventilator.reconnects() + sink.reconnects(),
                stale,
                malformed + strangers);
    }
}
