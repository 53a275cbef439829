package io.privateer.pipeline;

/**
 * What a {@link Sink} has counted since it started. Immutable.
 *
 * @param batches batches that have begun and are not done
 * @param batchesWaiting batches that wait until another is done, as there are {@code batchesMax}
 * @param batchesDone batches that were done in this life, those that the journal had whole at its start among them
 * @param accepted outcomes accepted in this life, each task once, those of failed tasks among them; not what the journal had
 * @param failed those of them that say why there is no result
 * @param untaken outcomes that the result handler has not taken yet
 * @param duplicates outcomes that came again, also of batches that are done or forgotten; dropped, and acknowledged
 * @param overdueAsked how often the ventilators of a batch were asked for missing tasks
 * @param workers workers connected now
 * @param ventilators ventilators connected now
 * @param peersLost how often a worker or ventilator was lost, said goodbye, or came on a new connection before its old one was missed
 * @param restored outcomes that the journal had at the start
 * @param journalBytes how long the journal is; 0 without one
 * @param conflicts ends of batches, and results, that contradict an earlier end, or are of too many batches; dropped
 * @param malformed messages or records that are none of the protocol, or not for a sink; dropped
 * @param handlerFailures how often the result handler threw
 * @param listenerFailures how often the listener threw
 */
public record SinkStats(
        int batches,
        int batchesWaiting,
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
