package io.privateer.pipeline;

/** The world outside {@link SinkMachine}, besides its connections. */
interface SinkPort {

    /** Hands an outcome to the result handler; {@link SinkMachine#onTaken} follows, but not during this call. */
    void handOver(TaskResult result);

    void progress(SinkBatch batch);

    /** Every task has an outcome, and all are taken. */
    void batchDone(SinkBatch batch);

    /**
     * One is gone.
     *
     * @param silent whether that was concluded from its silence
     */
    void peerLost(SinkPeer peer, boolean silent);

    void peerJoined(SinkPeer peer);
}
