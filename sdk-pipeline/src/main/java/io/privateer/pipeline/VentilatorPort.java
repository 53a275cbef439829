package io.privateer.pipeline;

import io.privateer.core.Reason;

/** The world outside {@link VentilatorMachine}, besides its connections. */
interface VentilatorPort {

    /** A task needs no room any more. */
    void released(VentTask task);

    /** The sink has a place for the batch, so that tasks of it are given out from now on; told once. */
    void batchBegun(VentBatch batch);

    /** The sink has told what it has of the batch; again whenever it was found again. */
    void batchKnown(VentBatch batch);

    /** All tasks of the batch have an outcome that the sink has accepted. */
    void batchDone(VentBatch batch, int count, int failed);

    /** The batch can never be done: the sink has lost what it had accepted, knows another count, or was told to forget it. */
    void batchFailed(VentBatch batch, Reason reason, String why);

    void workerJoined(VentWorker worker);

    /**
     * One is gone.
     *
     * @param silent whether that was concluded from its silence
     */
    void workerLost(VentWorker worker, boolean silent);

    /** A worker has stopped in order. */
    void workerStopped(VentWorker worker);

    /** A task goes to another worker. */
    void taskReturned(VentTask task, TaskLoss cause);

    /**
     * A task is longer than any of the workers takes, and is given up; told once until another worker joins.
     *
     * @param bytesMax the longest that any of them takes
     */
    void taskTooLong(VentTask task, int bytesMax);

    /** A task has failed for good. */
    void taskFailed(VentTask task, String reason);
}
