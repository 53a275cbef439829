package io.privateer.pipeline;

/**
 * Hears what happens to one {@link Ventilator}: each change once, none per task that goes well. Every method does nothing by
 * default.
 *
 * <p>Methods run on the ventilator's event loop and must not block. What one throws is counted in
 * {@link VentilatorStats#listenerFailures()}, logged once, and otherwise ignored.
 */
public interface VentilatorListener {

    /** A worker has connected. */
    default void onWorkerJoined(String workerId) {}

    /** A worker is gone; others get what it held. */
    default void onWorkerLost(WorkerLost event) {}

    /** A worker has ended what it held and stopped, as it was told to. */
    default void onWorkerStopped(String workerId) {}

    /** A task will not be tried again. It is in the outcome of its batch. */
    default void onTaskFailed(TaskFailure event) {}

    /** The sink has accepted an outcome of every task of a batch. */
    default void onBatchDone(BatchSummary event) {}

    /** The event loop under the ventilator has failed: start a successor. */
    default void onFailed(Throwable cause) {}

    /**
     * A worker is gone.
     *
     * @param workerId its 128 bits in hexadecimal
     * @param silent whether that was concluded from its silence; if not, its connection ended
     */
    record WorkerLost(String workerId, boolean silent) {}
}
