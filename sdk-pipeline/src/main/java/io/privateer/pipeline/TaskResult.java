package io.privateer.pipeline;

import io.privateer.core.wire.PeerId;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The result of a task, at its {@link Sink}. Immutable, as long as nobody changes {@link #bytes()}. */
public final class TaskResult {

    final PeerId batch;
    private final int number;
    private final byte @Nullable [] bytes;

    /** Why there is no result. */
    final @Nullable String failure;

    /** Who is to hear that it is accepted; {@code null} of what the journal had. */
    final @Nullable PipeLink from;

    TaskResult(PeerId batch, int number, byte @Nullable [] bytes, @Nullable String failure, @Nullable PipeLink from) {
        this.batch = batch;
        this.number = number;
        this.bytes = bytes;
        this.failure = failure;
        this.from = from;
    }

    /** Returns the id of the task's batch. */
    public UUID batchId() {
        return batch.uuid();
    }

    /** Returns the number of the task in the batch, from 0. */
    public int number() {
        return number;
    }

    /** Returns the result itself, not a copy. */
    public byte[] bytes() {
        return Objects.requireNonNull(bytes);
    }

    /** Returns the result read as UTF-8. */
    public String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** Describes the size only: payload bytes never reach a log. */
    @Override
    public String toString() {
        return "TaskResult[batch=" + batch + ", number=" + number + ", bytes=" + (bytes == null ? 0 : bytes.length)
                + "]";
    }
}
