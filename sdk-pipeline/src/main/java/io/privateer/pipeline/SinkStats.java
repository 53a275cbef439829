package io.privateer.pipeline;

/**
 * What a {@link Sink} has counted since it started. Immutable.
 *
 * @param batches batches that are not done
 * @param batchesDone batches that were done
 * @param accepted outcomes accepted, those of failed tasks among them
 * @param failed tasks that have no result
 * @param untaken outcomes that the result handler has not taken yet
 * @param duplicates results that came again; dropped, and acknowledged
 * @param overdueAsked how often a ventilator was asked for missing tasks
 * @param workers workers connected now
 * @param ventilators ventilators connected now
 * @param peersLost peers that were lost
 * @param restored outcomes that the journal had at the start
 * @param journalBytes how long the journal is; 0 without one
 * @param conflicts ends of batches, and results, that contradict an earlier end; dropped
 * @param malformed messages or records that are none of the protocol, or not for a sink; dropped
 * @param handlerFailures how often the result handler threw
 * @param listenerFailures how often the listener threw
 */
public record SinkStats(
        int batches,
        long batchesDone,
        long accepted,
        long failed,
        int untaken,
        long duplicates,
        long overdueAsked,
        int workers,
        int ventilators,
        long peersLost,
        long restored,
        long journalBytes,
        long conflicts,
        long malformed,
        long handlerFailures,
        long listenerFailures) {}
