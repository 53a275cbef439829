package io.privateer.pipeline;

import io.privateer.core.wire.PeerId;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A task in the hands of a {@link PipelineWorker}. Its public side is immutable, as long as nobody changes {@link #bytes()}. */
public final class PipelineTask {

    final PeerId batch;

    /** Which life of the ventilator gave it. */
    final long ventilator;

    private final int number;
    private final byte[] bytes;

    /** What became of it; written by a handler's thread, read by the loop's once it was handed over. */
    byte @Nullable [] result;

    @Nullable
    String failure;

    /** The result is with the loop, which keeps it until the sink has accepted it. Loop thread only. */
    boolean kept;

    PipelineTask(PeerId batch, long ventilator, int number, byte[] bytes) {
        this.batch = batch;
        this.ventilator = ventilator;
        this.number = number;
        this.bytes = bytes;
    }

    /** Returns the id of its batch. */
    public UUID batchId() {
        return batch.uuid();
    }

    /** Returns its number in the batch, from 0. */
    public int number() {
        return number;
    }

    /** Returns the task itself, not a copy. */
    public byte[] bytes() {
        return bytes;
    }

    /** Returns the task read as UTF-8. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Describes the size only: payload bytes never reach a log. */
    @Override
    public String toString() {
        return "PipelineTask[batch=" + batch + ", number=" + number + ", bytes=" + bytes.length + "]";
    }
}
