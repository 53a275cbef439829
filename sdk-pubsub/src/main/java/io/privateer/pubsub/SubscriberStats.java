package io.privateer.pubsub;

/**
 * What a subscriber has counted since it started, and what it holds now. Immutable.
 *
 * <p>Each message published since this subscriber joined, on a topic that account is kept of, is counted once: as {@code delivered} or as
 * {@code missed}. What was received is
 * {@code delivered - conflated - inboxMessages}, unless it has failed for being too slow, which empties the inbox.
 *
 * @param delivered messages put into the inbox, each once, with those of them that had to be asked for again, last values, and those that
 *     were left out of the inbox later; not duplicates
 * @param missed messages reported as missed, with those dropped because there were too many topics; not what was conflated
 * @param recovered messages that came because they were asked for, last values included; all of them are delivered too. One that is
 *     asked for on two connections and answered on both may count twice
 * @param conflated messages left out of the inbox because this subscriber was too slow, whether {@link Received#conflated()} has told
 *     them yet or not
 * @param duplicates messages of frames for data of which all had been delivered or reported; of a frame that is new in part none
 *     counts, nor does what was sent again
 * @param questions questions asked for messages, for last values too, each part of a long answer and each repetition on a new
 *     connection by itself
 * @param topics topics that account is kept of
 * @param topicsRefused how often there was no room for another topic: frames dropped, and positions passed over
 * @param strangers frames dropped because another life of the publisher, or another publisher, has sent them, or none had said WELCOME
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
