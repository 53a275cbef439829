package io.privateer.peering;

/**
 * What {@link Membership} has counted. Immutable.
 *
 * @param heard messages of other brokers, all of them
 * @param stale those that were no news: older than what was heard before, come twice, or of a life that has ended
 * @param introductions how often a broker has introduced itself
 * @param refused brokers and endpoints that were not taken for want of room
 * @param namesTaken episodes in which two brokers had one name
 * @param otherVersions messages of a version that this broker does not know
 * @param links endpoints that are listened to
 */
record MembershipStats(
        long heard, long stale, long introductions, long refused, long namesTaken, long otherVersions, int links) {}
