package io.privateer.pubsub;

/**
 * What a publisher has counted since it started, and what it holds now. Immutable.
 *
 * @param messages messages handed to the data socket, each once however many subscribers it has, none too; not what was sent again
 * @param bytes bytes of the frames they were in
 * @param frames frames they were in
 * @param forcedFrames frames that were sent although a subscriber had no room for them within {@code patience}: lost for it
 * @param topics topics published on
 * @param subscribers subscribers that have introduced themselves and are there
 * @param confirmed those of them that have confirmed that what is published reaches them
 * @param refusals subscribers that were not taken
 * @param subscriptions different prefixes that are subscribed to, by whomever
 * @param floods how often there were more of those than are allowed
 * @param violations how often a peer broke the rules of ZMTP
 * @param disconnections connections for data lost or thrown out, for a subscription of more than 255 bytes for example
 * @param malformed control messages dropped because nobody can say such a thing
 * @param historyMessages messages that can be had again now
 * @param historyBytes bytes of frames that those take
 * @param lastValues topics whose last value is kept although their history is gone
 * @param lastValuesDropped last values that there was no room for
 * @param replayRequests questions for messages of this life, answered with something or nothing; last values are asked for too
 * @param replayedMessages messages sent in answer to those, once for each subscriber that asked
 * @param replaysCutShort how often there was no room for all of an answer, because who wanted something again does not read what it
 *     is told; it asks for the rest, or gives that up after its {@code answerTimeout}
 * @param listenerFailures what the listener has thrown
 */
public record PublisherStats(
        long messages,
        long bytes,
        long frames,
        long forcedFrames,
        int topics,
        int subscribers,
        int confirmed,
        long refusals,
        int subscriptions,
        long floods,
        long violations,
        long disconnections,
        long malformed,
        long historyMessages,
        long historyBytes,
        int lastValues,
        long lastValuesDropped,
        long replayRequests,
        long replayedMessages,
        long replaysCutShort,
        long listenerFailures) {}
