package io.privateer.pipeline;

/**
 * Hears what happens to one {@link Sink}. Every method does nothing by default.
 *
 * <p>Methods run on the sink's event loop and must not block. What one throws is counted in
 * {@link SinkStats#listenerFailures()}, logged once, and otherwise ignored.
 */
public interface SinkListener {

    /** A batch has come further; told with every heartbeat in which one has. */
    default void onProgress(BatchProgress event) {}

    /** Every task of a batch has an outcome, and the result handler has taken it. */
    default void onBatchDone(BatchOutcome event) {}

    /** The sink has failed: its journal cannot be written, or its event loop ended. Start a successor. */
    default void onFailed(Throwable cause) {}
}
