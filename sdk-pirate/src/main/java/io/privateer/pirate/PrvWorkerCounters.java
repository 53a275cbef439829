package io.privateer.pirate;

/** The running totals of one {@link PrvWorkerMachine}. Mutable; belongs to it. */
final class PrvWorkerCounters {

    /** Requests that came beyond what the worker had asked for. */
    long droppedJobs;

    /** Replies discarded because the queue of their request was gone. */
    long vainReplies;

    /** Deliveries that ran out of time before their handler was called. */
    long expired;

    /** Deliveries that nobody waited for any more before they were answered. */
    long cancelled;

    /** How often the socket was replaced. */
    long reopenedSockets;

    /** The shell adds what it alone knows. */
    WorkerStats snapshot(PrvReplies replies, int running, int held, long malformed, long staleDeliveries) {
        return new WorkerStats(
                replies.handled(),
                replies.failed(),
                replies.sent(),
                vainReplies,
                droppedJobs,
                expired,
                cancelled,
                reopenedSockets,
                malformed,
                running,
                held,
                staleDeliveries);
    }
}
