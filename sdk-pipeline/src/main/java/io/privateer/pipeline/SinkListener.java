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

    /**
     * Every task of a batch has an outcome, and the result handler has taken it. Not told again by a successor if the sink dies
     * just then: the journal knows that the batch is done, and no more.
     */
    default void onBatchDone(BatchOutcome event) {}

    /** The sink has failed: its journal cannot be written, or its event loop ended. Start a successor. */
    default void onFailed(Throwable cause) {}
}
