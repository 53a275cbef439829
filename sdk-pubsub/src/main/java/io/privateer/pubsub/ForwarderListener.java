package io.privateer.pubsub;

/**
 * Hears what happens to one {@link Forwarder}: each change once, nothing per message. Every method does nothing by default.
 *
 * <p>Methods run on the forwarder's event loop and must not block. What one throws is counted in
 * {@link ForwarderStats#listenerFailures()}, logged once per forwarder, and otherwise ignored.
 */
public interface ForwarderListener {

    /** It was paused, resumed or stopped, by a method or a command. */
    default void onStateChanged(Forwarder.State state) {}

    /** More was subscribed to than is allowed, so that all subscribers' connections were ended; honest ones come back. */
    default void onFlooded(int subscriptions) {}

    /** The event loop has failed: the forwarder is dead. */
    default void onFailed(Throwable cause) {}
}
