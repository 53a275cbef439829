package io.privateer.peering;

import java.time.Duration;

/**
 * Hears what becomes of a broker's peers: each change once. Every method does nothing by default.
 *
 * <p>For each life of a peer {@link #onEnter} comes first and {@link #onExit} last. Methods run on the broker's event loop and
 * must not block. What one throws is counted, logged once, and otherwise ignored.
 */
public interface PeeringListener {

    /** A peer is there: it has been heard for the first time. */
    default void onEnter(Peer peer) {}

    /** Nothing was heard of a peer for a time; nothing more is sent there. */
    default void onEvasive(Peer peer, Duration silentFor) {}

    /** Nothing was heard of a peer for long; what was sent there goes elsewhere. */
    default void onSilent(Peer peer, Duration silentFor) {}

    /** A peer that was evasive or silent is heard again. */
    default void onReturned(Peer peer) {}

    /** A peer is none any more. */
    default void onExit(Peer peer, ExitCause cause) {}

    /** Brokers are set up so that they cannot be peers; told once for as long as it lasts. */
    default void onMisconfigured(Misconfigured event) {}

    /** The event loop under the broker has failed: it hears of nobody any more. Restart the process. */
    default void onFailed(Throwable cause) {}

    /**
     * What is set up wrongly.
     *
     * @param what the fault
     * @param name the name that is taken, this broker's own for example; empty if the fault has nothing to do with a name
     * @param endpoint the state endpoint at which that shows
     */
    record Misconfigured(PeeringMisconfiguration what, String name, String endpoint) {}
}
