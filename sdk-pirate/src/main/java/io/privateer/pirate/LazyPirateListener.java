package io.privateer.pirate;

import io.privateer.core.Attempt;
import java.time.Duration;

/**
 * Hears of trouble in one {@link LazyPirateClient}. Every method does nothing by default.
 *
 * <p>Methods run on the client's event loop and must not block. What one throws is counted in
 * {@link ClientStats#listenerFailures()}, logged once per client, and otherwise ignored.
 */
public interface LazyPirateListener {

    /** Called once each time a request is about to be tried again. */
    default void onRetry(Retry event) {}

    /** Called once each time an endpoint's circuit breaker changes its state. */
    default void onBreakerChanged(BreakerChanged event) {}

    /**
     * A request is about to be tried again.
     *
     * @param failed the attempt that failed
     * @param nextAttempt the number of the coming attempt, from 2
     * @param delay how long the client waits before it
     */
    record Retry(Attempt failed, int nextAttempt, Duration delay) {}

    /**
     * A circuit breaker has changed its state.
     *
     * @param endpoint whose breaker
     * @param from the state before
     * @param to the state now
     */
    record BreakerChanged(String endpoint, BreakerState from, BreakerState to) {}

    /** What a circuit breaker does with attempts. */
    enum BreakerState {
        /** Lets them pass. */
        CLOSED,
        /** Holds them back, after too many failures in a row. */
        OPEN,
        /** Lets one pass to see how it goes. */
        HALF_OPEN
    }
}
