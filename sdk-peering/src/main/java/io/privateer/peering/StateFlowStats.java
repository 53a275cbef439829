package io.privateer.peering;

/**
 * What {@link StateFlow} has counted. Immutable.
 *
 * @param published messages said; each goes to every peer that listens
 * @param publishedBytes their length
 * @param received messages received
 * @param receivedBytes their length
 * @param malformed messages and introductions that make no sense, dropped
 * @param listenerFailures what the user's listener has thrown
 */
record StateFlowStats(
        long published,
        long publishedBytes,
        long received,
        long receivedBytes,
        long malformed,
        long listenerFailures,
        MembershipStats membership) {}
