package io.privateer.pipeline;

import org.jspecify.annotations.Nullable;

/** One task in the hands of a ventilator, from when it was given in until its outcome is accepted. Loop thread only. */
final class VentTask {

    final VentBatch batch;
    final int number;
    final byte[] body;

    /** How often it was lost: with a worker, by its handler, or by being overdue. */
    int losses;

    /** Who has it; {@code null} while it waits, and once it ended. */
    @Nullable
    VentWorker holder;

    long deliveredAtNanos;

    /** Why it has failed for good; that is yet to be accepted by the sink. */
    @Nullable
    String failure;

    /** Its outcome is accepted, wherever it still stands in line. */
    boolean ended;

    @Nullable
    VentTask heldBefore;

    @Nullable
    VentTask heldBehind;

    VentTask(VentBatch batch, int number, byte[] body) {
        this.batch = batch;
        this.number = number;
        this.body = body;
    }
}
