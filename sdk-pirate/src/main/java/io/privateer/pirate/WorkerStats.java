package io.privateer.pirate;

/**
 * What a {@link PirateWorker} has counted since it started. Immutable.
 *
 * @param handled requests whose handling returned a reply
 * @param failed requests whose handling failed
 * @param replies replies sent, error replies among them
 * @param vainReplies replies discarded because the connection that brought the request was gone
 * @param droppedJobs requests that a broken queue sent beyond one at a time
 * @param reconnects how many times a socket was replaced
 * @param malformed messages that are none of the dialect; dropped
 * @param busy requests being handled now
 */
public record WorkerStats(
        long handled,
        long failed,
        long replies,
        long vainReplies,
        long droppedJobs,
        long reconnects,
        long malformed,
        int busy) {}
