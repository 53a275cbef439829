package io.privateer.pubsub;

/**
 * Hears what happens to one {@link SyncedPublisher}: each change once, nothing per message. Every method does nothing by default.
 *
 * <p>Methods run on the publisher's event loop and must not block. What one throws is counted in
 * {@link PublisherStats#listenerFailures()}, logged once per publisher, and otherwise ignored.
 */
public interface PublisherListener {

    /** A subscriber has confirmed that what is published reaches it. */
    default void onConfirmed(String name) {}

    /** A subscriber that was known is gone. What it wanted to be told again it asks for when it comes back. */
    default void onLeft(String name, LeaveCause cause) {}

    /** A subscriber was not taken, because another has its {@code name} or there are too many. */
    default void onRefused(String name, String why) {}

    /** More was subscribed to than is allowed, so that all connections for data were ended; honest subscribers come back. */
    default void onFlooded(int subscriptions) {}

    /** The event loop has failed: the publisher is dead. */
    default void onFailed(Throwable cause) {}

    /** Why a subscriber is gone. */
    enum LeaveCause {
        /** It closed. */
        SAID_GOODBYE,
        /** Its connection ended. */
        DISCONNECTED,
        /** Nothing was heard of it for {@code liveness × heartbeat}. */
        SILENT
    }
}
