package io.privateer.pubsub;

/** What a subscriber does when it cannot keep up. */
public enum SlowPolicy {
    /**
     * It ends: {@link SyncedSubscriber#receive} throws {@link io.privateer.core.SlowSubscriberException}, now and ever after.
     */
    FAIL,
    /**
     * It keeps only the last message of each topic until it has caught up, and counts what it left out, in
     * {@link Received#conflated()} and in its statistics.
     */
    CONFLATE
}
