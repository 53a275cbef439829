package io.privateer.pipeline;

/**
 * What a {@link PipelineWorker} has counted since it started. Immutable.
 *
 * @param handled tasks whose handler returned a result
 * @param failed tasks whose handler threw, or whose result was too long
 * @param accepted results that the sink has accepted
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
