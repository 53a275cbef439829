package io.privateer.pipeline;

/**
 * What a {@link Ventilator} has counted since it started. Immutable.
 *
 * @param batches batches that are not done yet, those that wait for their place at the sink among them
 * @param unaccepted tasks in the window now: given by {@link Batch#add} or {@link Batch#put}, and their outcome, be it a result or
 *     a failure, not accepted by the sink yet; those of batches that wait are among them
 * @param unacceptedBytes the sum of their sizes
 * @param delivered how often a task was sent to a worker; one that is sent again counts again
 * @param accepted tasks that have left the window, each once: the sink has accepted their outcome, be it a result or a failure; or
 *     it had before they were given; or their number was given already; or their batch ended without them, as failed or forgotten.
 *     What a call refused, by an exception or by false, was never in the window and is not counted
 * @param returned how often a task came back without a result and was put first in line again, also from a worker that said
 *     goodbye; the last time, when it is given up instead, counts in {@code failed}
 * @param failed tasks that were given up, each once, whether the sink has accepted that or not
 * @param tooLong those of them that were longer than any worker takes
 * @param workers workers connected now
 * @param workersLost how often a worker was lost, said goodbye, or came on a new connection before its old one was missed
 * @param workersStopped workers that have stopped in order, as they were told to
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
        long tooLong,
        int workers,
        long workersLost,
        int workersStopped,
        boolean sinkConnected,
        long sinkReconnects,
        long stale,
        long malformed,
        long listenerFailures) {}
