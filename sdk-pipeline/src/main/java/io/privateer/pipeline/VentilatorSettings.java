package io.privateer.pipeline;

/**
 * What a ventilator's machine has to know. Immutable.
 *
 * @param heartbeatNanos how often it beats
 * @param liveness after how many missed beats a peer is lost
 * @param deliveriesMax how often a task is delivered at most
 * @param messageBytesMax the longest task
 */
record VentilatorSettings(long heartbeatNanos, int liveness, int deliveriesMax, int messageBytesMax) {}
