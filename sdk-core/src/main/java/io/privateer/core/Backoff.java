package io.privateer.core;

import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before trying again: exponential, capped, with jitter. Immutable.
 *
 * <p>The wait before retry <i>n</i>, from 1, is {@code initial × 2^(n-1)}, at most {@code max}, then shortened by a
 * random part of up to {@code jitter}: 0 waits exactly, 1 waits anything between nothing and the whole ("full jitter").
 */
public final class Backoff {

    private final Duration initial;
    private final Duration max;
    private final double jitter;
    private final IntervalFunction intervals;

    private Backoff(Duration initial, Duration max, double jitter) {
        this.initial = initial;
        this.max = max;
        this.jitter = jitter;
        this.intervals = IntervalFunction.ofExponentialBackoff(initial, 2.0, max);
    }

    /**
     * Returns a backoff that doubles from {@code initial} to {@code max}.
     *
     * @param jitter the part of each wait that is left to chance, from 0 to 1
     * @throws IllegalArgumentException if {@code initial} is below 1 ms, {@code max} below {@code initial}, or
     *     {@code jitter} not between 0 and 1
     */
    public static Backoff exponential(Duration initial, Duration max, double jitter) {
        Settings.atLeast("backoff.initial", initial, Duration.ofMillis(1));
        Settings.atLeast("backoff.max", max, initial);
        Settings.between("backoff.jitter", jitter, 0, 1);
        return new Backoff(initial, max, jitter);
    }

    /**
     * Returns the wait before a retry, in nanoseconds.
     *
     * @param retry the number of the retry, from 1
     * @param random what the jitter is drawn from
     */
    public long delayNanos(int retry, RandomGenerator random) {
        long wholeMillis = Math.min(intervals.apply(Settings.atLeast("retry", retry, 1)), max.toMillis());
        long wholeNanos = Duration.ofMillis(wholeMillis).toNanos();
        return wholeNanos - (long) (wholeNanos * jitter * random.nextDouble());
    }

    @Override
    public String toString() {
        return "Backoff[initial=" + initial + ", max=" + max + ", jitter=" + jitter + "]";
    }
}
