package io.privateer.pipeline;

/** The world outside {@link VentilatorMachine}, besides its connections. */
interface VentilatorPort {

    /** A task needs no room any more. */
    void released(VentTask task);

    /** The sink has told what it has of the batch; again whenever it was found again. */
    void batchKnown(VentBatch batch);

    /** All tasks of the batch have an outcome that the sink has accepted. */
    void batchDone(VentBatch batch, int count, int failed);

    /** The batch can never be done: the sink has lost what it had accepted, or knows another count. */
    void batchFailed(VentBatch batch, String why);

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

    /** A task has failed for good. */
    void taskFailed(VentTask task, String reason);
}
