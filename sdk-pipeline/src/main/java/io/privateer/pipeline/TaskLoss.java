package io.privateer.pipeline;

/** Why a task came back to its ventilator without a result. */
public enum TaskLoss {
    /** Its worker's connection ended, or nothing was heard of the worker for {@code liveness × heartbeat}. */
    WORKER_LOST,
    /** The handler threw. */
    HANDLER_FAILED,
    /** The sink has missed its result for longer than {@code overdueAfter}. */
    OVERDUE,
    /** Its worker was closed, and said so. That is not counted as a loss. */
    GIVEN_BACK
}
