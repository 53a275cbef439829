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

    VentBatch(PeerId id) {
        this.id = id;
    }

    /** Returns whether the sink has told what it has. */
    boolean isKnown() {
        return sinkIncarnation != 0;
    }
}
