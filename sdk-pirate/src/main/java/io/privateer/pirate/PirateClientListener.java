package io.privateer.pirate;

import io.privateer.core.Attempt.Outcome;
import io.privateer.pirate.LazyPirateListener.BreakerChanged;

/**
 * Hears what happens to the connections of one {@link PirateClient}: each change once, nothing per request. Every method
 * does nothing by default.
 *
 * <p>Methods run on the client's event loop and must not block. What one throws is counted in
 * {@link PirateClientStats#listenerFailures()}, logged once per client, and otherwise ignored.
 */
public interface PirateClientListener {

    /** A server has welcomed the client. */
    default void onConnected(Connected event) {}

    /** A connection was lost or given up. Its open calls go to the next that is made. */
    default void onConnectionLost(ConnectionLost event) {}

    /** An endpoint's circuit breaker has changed its state. */
    default void onBreakerChanged(BreakerChanged event) {}

    /** The event loop under the client has failed: every call has ended, open a new client. */
    default void onFailed(Throwable cause) {}

    /**
     * A server has welcomed the client.
     *
     * @param endpoint the server
     * @param incarnation the present life of the server, in hexadecimal; a restarted server has another
     */
    record Connected(String endpoint, String incarnation) {}

    /**
     * A connection is gone.
     *
     * @param endpoint the server
     * @param cause {@code DISCONNECTED} where the connection ended, {@code TIMED_OUT} where nothing was heard,
     *     {@code REFUSED} where the server said that it is not the one to ask
     * @param openCalls how many calls were open
     */
    record ConnectionLost(String endpoint, Outcome cause, int openCalls) {}
}
