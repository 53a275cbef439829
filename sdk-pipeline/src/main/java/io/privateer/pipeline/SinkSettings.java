package io.privateer.pipeline;

/**
 * What a sink's machine has to know. Immutable.
 *
 * @param heartbeatNanos how often it beats
 * @param liveness after how many missed beats a peer is lost
 * @param overdueNanos how long a task may be in a worker's hands before it is asked for again
 * @param batchesMax most batches that are not done
 * @param messageBytesMax the longest result
 */
record SinkSettings(long heartbeatNanos, int liveness, long overdueNanos, int batchesMax, int messageBytesMax) {}
