package io.privateer.pirate;

/** The running totals of one {@link ClientMachine}. Mutable; belongs to it. */
final class ClientCounters {

    long requests;
    long replied;
    long failed;
    long cancelled;
    long retries;
    long hedges;
    long hedgesWon;
    long budgetRefusals;
    long strayReplies;
    long staleReplies;

    PirateClientStats snapshot(
            long rejected, CallBounds bounds, LinkMachine links, long malformed, long listenerFailures) {
        return new PirateClientStats(
                requests,
                replied,
                failed,
                cancelled,
                rejected,
                retries,
                budgetRefusals,
                hedges,
                hedgesWon,
                bounds.count(),
                bounds.bytes(),
                links.opened(),
                links.lost(),
                strayReplies,
                malformed,
                listenerFailures,
                staleReplies);
    }
}
