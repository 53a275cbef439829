package io.privateer.pipeline;

/**
 * What a {@link PipelineWorker} has counted since it started. Immutable.
 *
 * @param handled how often a handler returned a result that was kept for the sink; a task that came again counts again
 * @param failed how often a handler threw or a result was too long, so that the task went back to the ventilator
 * @param tooLong how often it was for a result longer than this worker's {@code messageBytesMax}, or the sink's; where the sink said
 *     so only after the result was kept, {@code handled} has counted it too
 * @param accepted results of this worker's that the sink has accepted, each once, those that another worker's was taken for too
 * @param held tasks in the worker's hands now, those whose result waits among them
 * @param results results that the sink has not accepted yet
 * @param resultBytes the sum of their sizes
 * @param forgotten tasks given back unbegun because the connection that brought them was lost
 * @param duplicates tasks that came while they were in hand already; dropped
 * @param ventilatorConnected whether the ventilator answers
 * @param sinkConnected whether the sink answers
 * @param reconnects how often a connection was replaced
 * @param stale records of an earlier life of the ventilator or sink, or about something that is over; dropped
 * @param malformed messages or records that are none of the protocol, or not for a worker; dropped
 */
public record PipelineWorkerStats(
        long handled,
        long failed,
        long tooLong,
        long accepted,
        int held,
        int results,
        long resultBytes,
        long forgotten,
        long duplicates,
        boolean ventilatorConnected,
        boolean sinkConnected,
        long reconnects,
        long stale,
        long malformed) {}
