package io.privateer.pirate;

/** The totals that a queue should have counted. Mutable. */
final class ModelCounts {

    long accepted;
    long answered;
    long deadLettered;
    long expired;
    long abandoned;
    long rejected;
    long deliveries;
    long redelivered;
    long returned;
    long lateReplies;
    long strayReplies;

    void check(QueueStats stats, int waiting, long waitingBytes, int held) {
        long ended = stats.answered() + stats.deadLettered() + stats.expired() + stats.abandoned() + stats.lostOnce();
        SimViolation.check(
                stats.accepted() == ended + stats.pending() + stats.inFlight(), "nothing accepted is lost", stats);
        same("accepted", accepted, stats.accepted());
        same("answered", answered, stats.answered());
        same("deadLettered", deadLettered, stats.deadLettered());
        same("expired", expired, stats.expired());
        same("abandoned", abandoned, stats.abandoned());
        same("rejected", rejected, stats.rejected());
        same("deliveries", deliveries, stats.deliveries());
        same("redelivered", redelivered, stats.redelivered());
        same("returned", returned, stats.returned());
        same("lateReplies", lateReplies, stats.lateReplies());
        same("strayReplies", strayReplies, stats.strayReplies());
        same("pending", waiting, stats.pending());
        same("pendingBytes", waitingBytes, stats.pendingBytes());
        same("inFlight", held, stats.inFlight());
    }

    private static void same(String what, long expected, long actual) {
        if (expected != actual) {
            throw new SimViolation(what + " is counted right: expected " + expected + ", counted " + actual);
        }
    }
}
