package io.privateer.pubsub;

/**
 * What a subscriber has counted since it started, and what it holds now. Immutable.
 *
 * @param delivered messages put into the inbox
 * @param missed messages reported as missed
 * @param recovered messages that were lost on the way and had again
 * @param conflated messages left out because this subscriber was too slow
 * @param duplicates messages that came though they had been delivered or reported
 * @param questions how often something was asked for again
 * @param topics topics that account is kept of
 * @param topicsRefused frames dropped because there were too many topics
 * @param strangers frames dropped because another life of the publisher, or another publisher, has sent them
 * @param malformed messages dropped because no publisher of ours sends such a thing
 * @param inboxMessages messages that wait to be received
 * @param inboxBytes bytes of the frames they are in
 * @param heldBytes bytes of frames that wait for what is missing before them
 * @param ageNanos how much longer than it must the oldest message that waits has been on its way
 * @param synced whether what is published certainly reaches this subscriber
 * @param slow whether it is catching up
 * @param listenerFailures what the listener has thrown
 */
public record SubscriberStats(
        long delivered,
        long missed,
        long recovered,
        long conflated,
        long duplicates,
        long questions,
        int topics,
        long topicsRefused,
        long strangers,
        long malformed,
        long inboxMessages,
        long inboxBytes,
        long heldBytes,
        long ageNanos,
        boolean synced,
        boolean slow,
        long listenerFailures) {}
