package io.privateer.pipeline;

/**
 * What a {@link Ventilator} has counted since it started. Immutable.
 *
 * @param batches batches that are not done yet
 * @param unaccepted tasks given whose outcome the sink has not accepted yet
 * @param unacceptedBytes the sum of their sizes
 * @param delivered deliveries to workers, those of the same task among them
 * @param accepted tasks that need no room any more: accepted by the sink, or not needed
 * @param returned tasks that came back and were given to others
 * @param failed tasks that were given up
 * @param workers workers connected now
 * @param workersLost workers that were lost
 * @param workersStopped workers that have stopped in order
 * @param sinkConnected whether the sink answers
 * @param sinkReconnects how often the connection to the sink was replaced
 * @param stale records about something that is over, or of an earlier life of the sink; dropped
 * @param malformed messages or records that are none of the protocol, or not for a ventilator; dropped
 * @param listenerFailures how often the listener threw
 */
public record VentilatorStats(
        int batches,
        int unaccepted,
        long unacceptedBytes,
        long delivered,
        long accepted,
        long returned,
        long failed,
        int workers,
        long workersLost,
        int workersStopped,
        boolean sinkConnected,
        long sinkReconnects,
        long stale,
        long malformed,
        long listenerFailures) {}
