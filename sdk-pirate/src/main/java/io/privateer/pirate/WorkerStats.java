package io.privateer.pirate;

/**
 * What a {@link PirateWorker} has counted since it started. Immutable.
 *
 * @param handled requests whose handling returned a reply
 * @param failed requests whose handling failed, or whose reply the queue would not take; not those that were cancelled
 *     before
 * @param replies replies sent, those among them that tell of failures
 * @param vainReplies replies discarded because nobody waited for them: under {@link WorkerDialect#PPP} the connection that
 *     brought the request was gone, under {@link WorkerDialect#PRV} its queue
 * @param droppedJobs requests that a broken queue sent beyond what the worker holds at once
 * @param expired requests whose time had run out before their handler was called; none under {@link WorkerDialect#PPP}
 * @param cancelled requests that nobody waited for any more before they were answered; none under
 *     {@link WorkerDialect#PPP}
 * @param reconnects how many times a socket was replaced
 * @param malformed messages that are none of the dialect; dropped
 * @param busy requests being handled now
 * @param held requests in the worker's hands now: those being handled, those that wait for it, and unsent replies
 * @param staleDeliveries requests of a queue that another had replaced; dropped
 */
public record WorkerStats(
        long handled,
        long failed,
        long replies,
        long vainReplies,
        long droppedJobs,
        long expired,
        long cancelled,
        long reconnects,
        long malformed,
        int busy,
        int held,
        long staleDeliveries) {

    WorkerStats plus(WorkerStats other) {
        return new WorkerStats(
                handled + other.handled,
                failed + other.failed,
                replies + other.replies,
                vainReplies + other.vainReplies,
                droppedJobs + other.droppedJobs,
                expired + other.expired,
                cancelled + other.cancelled,
                reconnects + other.reconnects,
                malformed + other.malformed,
                busy + other.busy,
                held + other.held,
                staleDeliveries + other.staleDeliveries);
    }
}
