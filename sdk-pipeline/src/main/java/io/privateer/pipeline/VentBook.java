package io.privateer.pipeline;

import io.privateer.core.Reason;
import io.privateer.core.wire.PeerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The batches of a ventilator and what its sink knows of them. What the sink has accepted is forgotten; what it has not is
 * kept until it has. Loop thread only.
 */
final class VentBook {

    private static final long MILLI_NANOS = 1_000_000;

    /** Hears that a task has come back without a result. */
    @FunctionalInterface
    interface Returns {

        void comeBack(VentTask task, TaskLoss cause, String reason);
    }

    private final ServerLink sink;
    private final Crew crew;
    private final VentilatorPort port;
    private final Returns returns;
    private final Map<PeerId, VentBatch> batches = new LinkedHashMap<>();
    private long stale;
    private long strangers;

    VentBook(ServerLink sink, Crew crew, VentilatorPort port, Returns returns) {
        this.sink = sink;
        this.crew = crew;
        this.port = port;
        this.returns = returns;
    }

    /** Returns the task if the book still has it. */
    @Nullable
    VentTask find(PeerId id, int number) {
        VentBatch batch = batches.get(id);
        return batch == null ? null : batch.tasks.get(number);
    }

    int size() {
        return batches.size();
    }

    List<VentBatch> copy() {
        return List.copyOf(batches.values());
    }

    /** Returns how many records were dropped because they are about something that is over. */
    long stale() {
        return stale;
    }

    long strangers() {
        return strangers;
    }

    /** The producer begins a batch, or takes one over; false if it has it already. */
    boolean onOpen(VentBatch batch) {
        if (batches.putIfAbsent(batch.id, batch) != null) {
            return false;
        }
        if (sink.isWelcomed()) {
            sink.writer().open(batch.id, false);
        }
        return true;
    }

    /** The producer gives a task; a dispatch follows. */
    void onTask(VentTask task) {
        VentBatch batch = task.batch;
        if (batch.ended || batch.accepted.contains(task.number) || batch.tasks.get(task.number) != null) {
            port.released(task);
            return;
        }
        batch.tasks.put(task.number, task);
        if (batch.hasBegun()) {
            crew.queue(task);
        }
    }

    /** The producer has given all tasks of the batch that it will give. */
    void onEnd(VentBatch batch, int count) {
        batch.count = count;
        if (batch.ended) {
            return;
        }
        if (batch.countTold != Pln.COUNT_UNKNOWN && batch.countTold != count) {
            failForCount(batch, batch.countTold);
        } else if (isWithSink(batch)) {
            sink.writer().end(batch.id, count);
        }
    }

    /** Returns whether this life of the sink is known to have a place for it; what else is to be said waits for that. */
    private boolean isWithSink(VentBatch batch) {
        return sink.isWelcomed() && batch.sinkIncarnation == sink.incarnation();
    }

    void tellFailure(VentTask task, String reason) {
        if (isWithSink(task.batch)) {
            sink.writer().failure(task.batch.id, task.number, reason);
        }
    }

    void onSinkRecord(long nowNanos, PlnReader reader) {
        if (reader.type() == Pln.WELCOME) {
            sink.onWelcome(reader);
            batches.values().forEach(this::introduce);
            return;
        }
        if (!sink.isWelcomed() || reader.incarnation() != sink.incarnation()) {
            stale++;
            return;
        }
        switch (reader.type()) {
            case Pln.HEARTBEAT -> {}
            case Pln.STATE -> onState(nowNanos, reader);
            case Pln.ACCEPTED -> onAccepted(nowNanos, reader);
            case Pln.DONE -> onDone(reader);
            case Pln.OVERDUE -> onOverdue(nowNanos, reader);
            case Pln.FORGOTTEN -> onForgotten(reader);
            default -> strangers++;
        }
    }

    private void introduce(VentBatch batch) {
        batch.told = null;
        sink.writer().open(batch.id, batch.hasBegun());
    }

    private void onState(long nowNanos, PlnReader reader) {
        VentBatch batch = batches.get(reader.batch());
        if (batch == null) {
            stale++;
            return;
        }
        TaskSet told = batch.told == null ? new TaskSet() : batch.told;
        batch.told = told;
        for (int i = 0; i < reader.rangeCount(); i++) {
            told.add(reader.rangeFirst(i), reader.rangeNumbers(i));
        }
        if (!reader.isLast()) {
            return;
        }
        batch.told = null;
        batch.countTold = reader.number();
        int lost = batch.accepted.countMissingIn(told);
        if (batch.hasBegun() && batch.sinkIncarnation != sink.incarnation() && lost > 0) {
            fail(batch, Reason.MAY_HAVE_RUN, "the sink has lost " + lost + " results that it had accepted");
            return;
        }
        boolean begins = !batch.hasBegun();
        batch.sinkIncarnation = sink.incarnation();
        if (begins) {
            port.batchBegun(batch);
            batch.tasks.forEach(crew::queue);
        }
        RangeList held = told.held();
        for (int i = 0; i < held.size(); i++) {
            accept(nowNanos, batch, held.first(i), held.count(i));
        }
        if (batch.count != Pln.COUNT_UNKNOWN
                && batch.countTold != Pln.COUNT_UNKNOWN
                && batch.count != batch.countTold) {
            failForCount(batch, batch.countTold);
            return;
        }
        tellRest(batch);
        port.batchKnown(batch);
    }

    /** Says what the sink does not know of a batch that it has a place for. */
    private void tellRest(VentBatch batch) {
        if (batch.count != Pln.COUNT_UNKNOWN && batch.count != batch.countTold) {
            sink.writer().end(batch.id, batch.count);
        }
        batch.tasks.forEach(task -> {
            if (task.failure != null) {
                tellFailure(task, task.failure);
            }
        });
    }

    private void onAccepted(long nowNanos, PlnReader reader) {
        VentBatch batch = batches.get(reader.batch());
        if (batch == null) {
            stale++;
            return;
        }
        for (int i = 0; i < reader.rangeCount(); i++) {
            accept(nowNanos, batch, reader.rangeFirst(i), reader.rangeNumbers(i));
        }
    }

    private void accept(long nowNanos, VentBatch batch, int first, int count) {
        batch.accepted.add(first, count);
        batch.tasks.forEachIn(first, count, task -> {
            batch.tasks.remove(task.number);
            if (task.holder != null) {
                task.holder.onEnded(nowNanos);
            }
            end(task);
        });
    }

    private void end(VentTask task) {
        if (task.holder != null) {
            task.holder.release(task);
        }
        task.ended = true;
        port.released(task);
    }

    private void onDone(PlnReader reader) {
        VentBatch batch = batches.get(reader.batch());
        if (batch == null) {
            stale++;
        } else if (batch.count != Pln.COUNT_UNKNOWN && batch.count != reader.number()) {
            failForCount(batch, reader.number());
        } else {
            drop(batch);
            port.batchDone(batch, reader.number(), reader.failed());
        }
    }

    private void onOverdue(long nowNanos, PlnReader reader) {
        VentBatch batch = batches.get(reader.batch());
        if (batch == null) {
            stale++;
            return;
        }
        long afterNanos = reader.number() * MILLI_NANOS;
        List<VentTask> overdue = new ArrayList<>();
        for (int i = 0; i < reader.rangeCount(); i++) {
            batch.tasks.forEachIn(reader.rangeFirst(i), reader.rangeNumbers(i), task -> {
                if (task.holder != null && nowNanos - task.deliveredAtNanos >= afterNanos) {
                    task.holder.stuck = true;
                    overdue.add(task);
                }
            });
        }
        overdue.forEach(task -> returns.comeBack(task, TaskLoss.OVERDUE, "overdue each time it was delivered"));
    }

    private void onForgotten(PlnReader reader) {
        VentBatch batch = batches.get(reader.batch());
        if (batch == null) {
            stale++;
        } else {
            fail(batch, Reason.CLOSED, "the sink was told to forget the batch");
        }
    }

    private void failForCount(VentBatch batch, int count) {
        fail(
                batch,
                Reason.MAY_HAVE_RUN,
                "the sink knows a count of " + count + " where the producer says " + batch.count);
    }

    private void fail(VentBatch batch, Reason reason, String why) {
        drop(batch);
        port.batchFailed(batch, reason, why);
    }

    private void drop(VentBatch batch) {
        batches.remove(batch.id);
        batch.ended = true;
        batch.tasks.forEach(this::end);
    }
}
