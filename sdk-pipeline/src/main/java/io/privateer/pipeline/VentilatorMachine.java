package io.privateer.pipeline;

import io.privateer.core.FairClock;
import io.privateer.core.internal.Deadlines;
import io.privateer.core.wire.PeerId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides for a ventilator: who gets which task, what comes back, and what the sink need not be asked for any more. Gets
 * time and messages as arguments, and says what is to be said on the links it is given and to its port. Not thread-safe.
 */
final class VentilatorMachine {

    private static final long MILLI_NANOS = 1_000_000;

    private final VentilatorSettings settings;
    private final long incarnation;
    private final VentilatorPort port;
    private final ServerLink sink;
    private final FairClock clock;
    private final Crew crew;
    private final VentBook book;
    private final Set<PeerId> awaited = new HashSet<>();

    /** In how many heartbeats no worker that is away can still be about to come back. */
    private int beatsToReturn;

    private boolean stopping;
    private boolean anyHasStopped;
    private boolean tooLongTold;
    private long tooLong;
    private int stopped;
    private long stale;
    private long strangers;

    /** @param incarnation tells this life of the ventilator from all others; not 0 */
    VentilatorMachine(
            long nowNanos,
            long incarnation,
            VentilatorSettings settings,
            ServerLink.Port sinkPort,
            VentilatorPort port) {
        this.settings = settings;
        this.incarnation = incarnation;
        this.port = port;
        this.sink = new ServerLink(sinkPort, settings.heartbeatNanos(), settings.liveness());
        this.clock = new FairClock(nowNanos, settings.heartbeatNanos(), settings.heartbeatNanos());
        this.crew = new Crew(settings.deliveriesMax(), this::onTooLong);
        this.book = new VentBook(sink, crew, port, this::comeBack);
    }

    void onStart(long nowNanos) {
        sink.open(nowNanos, clock.fair(nowNanos));
    }

    /** The producer begins a batch, or takes one over; false if it has it already. */
    boolean onOpen(VentBatch batch) {
        return book.onOpen(batch);
    }

    /** The producer gives a task; {@link #onDispatch} follows. */
    void onTask(VentTask task) {
        book.onTask(task);
    }

    /** The producer has given all tasks of the batch that it will give. */
    void onEnd(VentBatch batch, int count) {
        book.onEnd(batch, count);
    }

    /** Everything that came at once has been told. */
    void onDispatch(long nowNanos) {
        if (anyHasStopped) {
            letGo();
        }
        crew.dispatch(nowNanos);
    }

    /** Dismisses those who have stopped, as soon as what was on its way to them meanwhile is done too. */
    private void letGo() {
        anyHasStopped = false;
        for (VentWorker worker : crew.copy()) {
            if (worker.hasStopped && worker.held == 0) {
                stopped++;
                awaited.remove(worker.id);
                worker.link.writer.word(Pln.GOODBYE);
                crew.remove(worker);
                port.workerStopped(worker);
            } else {
                anyHasStopped |= worker.hasStopped;
            }
        }
    }

    void onWorkerRecord(long nowNanos, PipeLink link, PlnReader reader) {
        clock.observe(nowNanos);
        VentWorker worker = crew.get(link);
        if (reader.type() == Pln.HELLO) {
            join(nowNanos, link, reader);
            return;
        }
        if (worker == null) {
            strangers++;
            return;
        }
        worker.pulse.onHeard(clock.fair(nowNanos));
        if (reader.incarnation() != incarnation) {
            stale++;
            return;
        }
        switch (reader.type()) {
            case Pln.HEARTBEAT -> {}
            case Pln.FAILURE -> onHandlerFailed(nowNanos, worker, reader);
            case Pln.DRAIN -> worker.leaving = true;
            case Pln.GOODBYE -> lose(worker, TaskLoss.GIVEN_BACK, false);
            case Pln.STOPPED -> {
                worker.leaving = true;
                worker.hasStopped = true;
                anyHasStopped = true;
            }
            default -> strangers++;
        }
    }

    private void join(long nowNanos, PipeLink link, PlnReader hello) {
        if (hello.flags() != Pln.ROLE_WORKER) {
            strangers++;
            return;
        }
        for (VentWorker other : crew.copy()) {
            if (other.link == link || other.id.equals(hello.peer())) {
                lose(other, TaskLoss.GIVEN_BACK, false); // It lives, so none of its tasks has killed it.
            }
        }
        ClientPulse pulse = new ClientPulse(
                settings.heartbeatNanos(), settings.liveness(), hello.heartbeatMillis(), clock.fair(nowNanos));
        VentWorker worker = new VentWorker(nowNanos, link, hello, pulse);
        crew.add(worker);
        link.writer.incarnation(incarnation);
        link.writer.welcome((int) (settings.heartbeatNanos() / MILLI_NANOS), settings.messageBytesMax());
        tooLongTold = false;
        port.workerJoined(worker);
        if (stopping) {
            tellToStop(worker);
        }
    }

    private void onHandlerFailed(long nowNanos, VentWorker worker, PlnReader reader) {
        VentTask task = book.find(reader.batch(), reader.number());
        if (task == null || task.holder != worker) {
            stale++;
            return;
        }
        worker.onEnded(nowNanos);
        comeBack(task, TaskLoss.HANDLER_FAILED, reader.text());
    }

    /** The worker's connection is gone, or what was said to it could not be sent. */
    void onWorkerGone(PipeLink link) {
        VentWorker worker = crew.get(link);
        if (worker != null) {
            lose(worker, TaskLoss.WORKER_LOST, false);
        }
    }

    private void awaitReturn() {
        beatsToReturn = settings.liveness() + 1; // The first sweep may be due just now.
    }

    private void lose(VentWorker worker, TaskLoss cause, boolean silent) {
        if (cause == TaskLoss.WORKER_LOST) {
            awaitReturn();
        }
        remove(worker, cause);
        port.workerLost(worker, silent);
    }

    /** Gives what it held to others, the oldest first. */
    private void remove(VentWorker worker, TaskLoss cause) {
        crew.remove(worker);
        VentTask task = worker.newest();
        while (task != null) {
            comeBack(task, cause, "lost with its worker " + settings.deliveriesMax() + " times");
            task = worker.newest();
        }
    }

    private void comeBack(VentTask task, TaskLoss cause, String reason) {
        if (task.holder != null) {
            task.holder.release(task);
        }
        if (cause != TaskLoss.GIVEN_BACK) {
            task.losses++;
        }
        if (task.losses >= settings.deliveriesMax()) {
            giveUp(task, reason);
        } else {
            crew.queueAgain(task);
            port.taskReturned(task, cause);
        }
    }

    private void giveUp(VentTask task, String reason) {
        task.failure = reason;
        book.tellFailure(task, reason);
        port.taskFailed(task, reason);
    }

    /** Sent, it would cost the worker its connection each time, and what else it held; waiting, it would hold up the rest. */
    private void onTooLong(VentTask task, int bytesMax) {
        tooLong++;
        if (!tooLongTold) {
            tooLongTold = true;
            port.taskTooLong(task, bytesMax);
        }
        giveUp(
                task,
                "task of " + task.body.length + " bytes, longer than messageBytesMax=" + bytesMax + " of every worker");
    }

    void onSinkLost(long nowNanos) {
        sink.reopen(nowNanos, clock.fair(nowNanos));
    }

    void onSinkRecord(long nowNanos, PlnReader reader) {
        clock.observe(nowNanos);
        sink.onHeard(clock.fair(nowNanos));
        book.onSinkRecord(nowNanos, reader);
    }

    /** All workers, those that come later too, are to end what they hold and then stop. */
    void onStopWorkers() {
        stopping = true;
        if (crew.all().isEmpty()) {
            awaitReturn();
        }
        crew.all().forEach(this::tellToStop);
    }

    private void tellToStop(VentWorker worker) {
        worker.leaving = true;
        awaited.add(worker.id);
        worker.link.writer.word(Pln.STOP);
    }

    void onTick(long nowNanos) {
        clock.observe(nowNanos);
        long fairNanos = clock.fair(nowNanos);
        if (sink.onTick(nowNanos, fairNanos)) {
            sink.reopen(nowNanos, fairNanos);
        }
        if (clock.sweepDue(nowNanos)) {
            beatsToReturn = Math.max(0, beatsToReturn - 1);
            for (VentWorker worker : crew.copy()) {
                if (worker.pulse.isSilent(fairNanos)) {
                    lose(worker, TaskLoss.WORKER_LOST, true);
                } else {
                    worker.link.writer.word(Pln.HEARTBEAT);
                }
            }
        }
    }

    long nextDeadlineNanos(long nowNanos) {
        return Deadlines.earlier(clock.nextSweepNanos(), sink.nextDeadlineNanos(nowNanos - clock.fair(nowNanos)));
    }

    /** Returns whether all workers that were told to stop have, and none is about to come back. */
    boolean haveStopped() {
        return stopping && awaited.isEmpty() && beatsToReturn == 0;
    }

    /** Returns how many workers have stopped in order. */
    int stopped() {
        return stopped;
    }

    int workers() {
        return crew.all().size();
    }

    int batches() {
        return book.size();
    }

    /** Returns how many tasks were given up because no worker takes one that long. */
    long tooLong() {
        return tooLong;
    }

    long delivered() {
        return crew.delivered();
    }

    /** Returns how many records were dropped because they are about something that is over. */
    long stale() {
        return stale + book.stale();
    }

    /** Returns how many records were dropped because their sender may not say them. */
    long strangers() {
        return strangers + book.strangers();
    }

    long sinkReconnects() {
        return sink.reconnects();
    }

    boolean hasSink() {
        return sink.isWelcomed();
    }

    List<VentBatch> openBatches() {
        return book.copy();
    }
}
