package io.privateer.pubsub;

/**
 * Hears what happens to one {@link SyncedSubscriber}: each change once, nothing per message that is delivered. Every method does nothing
 * by default.
 *
 * <p>Methods run on the subscriber's event loop, ahead of messages that wait to be received, and must not block. What one throws
 * is counted in {@link SubscriberStats#listenerFailures()}, logged once per subscriber, and otherwise ignored.
 */
public interface SubscriberListener {

    /** What is published reaches this subscriber from now on, on all its prefixes; nothing will be missing unreported. */
    default void onSynced(long incarnation) {}

    /** That is no longer certain: a connection was lost. What is missing is known when it is synced again. */
    default void onUnsynced() {}

    /** These messages were published and will not come. No message is reported twice, and none that was delivered. */
    default void onMissed(Missed missed) {}

    /**
     * There are more topics than {@code topicsMax}: no account is kept of {@code topic}, nor of further ones. What comes on them
     * is dropped and reported as missed; what is lost on the way there is not noticed. Called once for each life of the publisher.
     */
    default void onTopicRefused(String topic) {}

    /** This subscriber is too slow. Called once until {@link #onCaughtUp()}. */
    default void onSlow(Slow event) {}

    /** Everything that had waited was received. */
    default void onCaughtUp() {}

    /**
     * One life of the publisher is over.
     *
     * @param complete true if it has ended in order, and everything that it has published was delivered or reported; false if it
     *     has vanished: what it had published last, and nobody has heard of, cannot be known
     */
    default void onPublisherEnded(long incarnation, boolean complete) {}

    /** The publisher does not take this subscriber, which is over by that. */
    default void onRefused(String why) {}

    /** The event loop has failed: the subscriber is dead. */
    default void onFailed(Throwable cause) {}

    /**
     * How slow it is.
     *
     * @param messages how many messages waited to be received
     * @param bytes how many bytes of frames those took
     * @param ageNanos how much longer than it must the oldest has been on its way
     */
    record Slow(long messages, long bytes, long ageNanos) {}
}
