package io.privateer.pirate;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.privateer.core.Attempt;
import io.privateer.core.NanoClock;
import io.privateer.pirate.LazyPirateListener.BreakerChanged;
import io.privateer.pirate.LazyPirateListener.BreakerState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * One Resilience4j circuit breaker per endpoint, on our monotonic clock. Not thread-safe: confine to the loop's thread.
 */
final class EndpointBreakers {

    private final List<CircuitBreaker> breakers;

    EndpointBreakers(
            List<String> endpoints,
            int failuresMax,
            Duration openFor,
            NanoClock clock,
            Consumer<BreakerChanged> listener) {
        CircuitBreakerConfig config = CircuitBreakerConfig.custom()
                .slidingWindow(failuresMax, failuresMax, SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(100)
                .waitDurationInOpenState(openFor)
                .permittedNumberOfCallsInHalfOpenState(1)
                .currentTimestampFunction(ignored -> clock.nanoTime(), TimeUnit.NANOSECONDS)
                .clock(new MonotonicClock(clock, clock.nanoTime()))
                .build();
        this.breakers = endpoints.stream()
                .map(endpoint -> breaker(endpoint, config, listener))
                .toList();
    }

    private static CircuitBreaker breaker(
            String endpoint, CircuitBreakerConfig config, Consumer<BreakerChanged> listener) {
        CircuitBreaker breaker = CircuitBreaker.of(endpoint, config);
        breaker.getEventPublisher().onStateTransition(event -> {
            BreakerState from = stateOf(event.getStateTransition().getFromState());
            BreakerState to = stateOf(event.getStateTransition().getToState());
            listener.accept(new BreakerChanged(endpoint, from, to));
        });
        return breaker;
    }

    private static BreakerState stateOf(CircuitBreaker.State state) {
        return switch (state) {
            case OPEN, FORCED_OPEN -> BreakerState.OPEN;
            case HALF_OPEN -> BreakerState.HALF_OPEN;
            case CLOSED, DISABLED, METRICS_ONLY -> BreakerState.CLOSED;
        };
    }

    boolean tryAcquire(int endpoint) {
        return breakers.get(endpoint).tryAcquirePermission();
    }

    void ended(int endpoint, Attempt attempt) {
        CircuitBreaker breaker = breakers.get(endpoint);
        long nanos = attempt.elapsed().toNanos();
        switch (attempt.outcome()) {
            case REPLIED -> breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
            case TIMED_OUT, DISCONNECTED, UNREACHABLE, REFUSED ->
                breaker.onError(nanos, TimeUnit.NANOSECONDS, new TimeoutException(attempt.toString()));
            case ABANDONED -> breaker.releasePermission();
        }
    }

    /** Resilience4j asks a {@link Clock} when a breaker may try again; this one never steps with the wall clock. */
    private static final class MonotonicClock extends Clock {
        private final NanoClock clock;
        private final long originNanos;

        MonotonicClock(NanoClock clock, long originNanos) {
            this.clock = clock;
            this.originNanos = originNanos;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(clock.nanoTime() - originNanos);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
