package io.privateer.pirate;

/**
 * What a {@link PirateClient} has counted since it was opened. Immutable.
 *
 * @param requests calls that were taken
 * @param replied calls that ended with a reply
 * @param failed calls that ended with an exception
 * @param cancelled calls that their callers took back
 * @param rejected calls that were not taken: too many were open
 * @param retries times that a request was sent again
 * @param budgetRefusals times that it was not, because the retry budget was spent
 * @param hedges times that a request went to a second endpoint as well
 * @param hedgesWon times that the second endpoint answered first
 * @param inFlight calls that are open now
 * @param inFlightBytes the sum of their sizes
 * @param connectionsOpened connections that were begun
 * @param connectionsLost connections that were lost or given up
 * @param strayReplies replies that nobody waited for; dropped
 * @param malformed messages or records that are none of the protocol; dropped
 * @param listenerFailures exceptions thrown by the listener
 * @param staleReplies replies of a server that another had replaced; dropped
 */
public record PirateClientStats(
        long requests,
        long replied,
        long failed,
        long cancelled,
        long rejected,
        long retries,
        long budgetRefusals,
        long hedges,
        long hedgesWon,
        int inFlight,
        long inFlightBytes,
        long connectionsOpened,
        long connectionsLost,
        long strayReplies,
        long malformed,
        long listenerFailures,
        long staleReplies) {}
