package io.privateer.pipeline;

import io.privateer.core.wire.PeerId;
import org.jspecify.annotations.Nullable;

/** One batch in the hands of a ventilator. Loop thread only. */
final class VentBatch {

    final PeerId id;
    final TaskTable<VentTask> tasks = new TaskTable<>();

    /** What the sink is known to have accepted. */
    TaskSet accepted = new TaskSet();

    /** What the sink tells it has, while it has not told all. */
    @Nullable
    TaskSet told;

    /** How many tasks there are, or {@link Pln#COUNT_UNKNOWN}. */
    int count = Pln.COUNT_UNKNOWN;

    /** What the sink said that count is, or {@link Pln#COUNT_UNKNOWN}. */
    int countTold = Pln.COUNT_UNKNOWN;

    /** Which life of the sink has told what it accepted; 0 before any has. */
    long sinkIncarnation;

    boolean ended;

    /** What of it is in the window while it waits for its place, then {@code null}. Only {@link VentIntake} looks at it. */
    VentIntake.@Nullable Room waiting = new VentIntake.Room();

    VentBatch(PeerId id) {
        this.id = id;
    }

    /** Returns whether a sink has said that it has a place for it, and what it has of it: only then tasks are given out. */
    boolean hasBegun() {
        return sinkIncarnation != 0;
    }
}
