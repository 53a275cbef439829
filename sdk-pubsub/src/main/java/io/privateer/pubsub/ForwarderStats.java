package io.privateer.pubsub;

/**
 * What a forwarder has counted since it started. Immutable.
 *
 * @param state what it does now
 * @param messages messages received from publishers and handed on, each once however many subscribers it has
 * @param bytes bytes of their frames
 * @param drops those of them that were lost to a subscriber, one at least, that had no room
 * @param subscriptions different prefixes that are subscribed to now
 * @param subscribed subscriptions that were ever asked for
 * @param floods how often there were more than are allowed
 * @param oversized messages dropped for having more than 256 frames
 * @param violations how often a peer broke the rules of ZMTP
 * @param disconnections connections of subscribers lost or thrown out, for a subscription of more than 255 bytes for example
 * @param commands commands taken on the control socket
 * @param unknownCommands those of them that say nothing
 * @param listenerFailures what the listener has thrown
 */
public record ForwarderStats(
        Forwarder.State state,
        long messages,
        long bytes,
        long drops,
        int subscriptions,
        long subscribed,
        long floods,
        long oversized,
        long violations,
        long disconnections,
        long commands,
        long unknownCommands,
        long listenerFailures) {}
