package io.privateer.pipeline;

/**
 * What a worker's machine has to know. Immutable.
 *
 * @param credit how many tasks it will hold
 * @param resultBytesMax how many bytes of results may wait for the sink before no task is begun any more
 * @param messageBytesMax the longest result
 * @param heartbeatNanos how often it beats
 * @param liveness after how many missed beats a connection is given up
 */
record PipelineWorkerSettings(int credit, long resultBytesMax, int messageBytesMax, long heartbeatNanos, int liveness) {

    long silenceNanos() {
        return liveness * heartbeatNanos;
    }
}
