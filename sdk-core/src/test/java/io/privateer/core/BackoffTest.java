package io.privateer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final RandomGenerator RANDOM = new SplittableRandom(1);

    @Test
    void doublesFromTheInitialWaitToTheLongest() {
        Backoff backoff = Backoff.exponential(Duration.ofSeconds(1), Duration.ofSeconds(32), 0);
        assertThat(seconds(backoff, 1)).isEqualTo(1);
        assertThat(seconds(backoff, 2)).isEqualTo(2);
        assertThat(seconds(backoff, 5)).isEqualTo(16);
        assertThat(seconds(backoff, 6)).isEqualTo(32);
        assertThat(seconds(backoff, 7)).isEqualTo(32);
        assertThat(seconds(backoff, 1_000_000)).isEqualTo(32);
    }

    @Test
    void leavesThePartOfTheWaitToChanceThatJitterSays() {
        // given waits of 1 s of which a quarter is left to chance
        Backoff backoff = Backoff.exponential(Duration.ofSeconds(1), Duration.ofSeconds(1), 0.25);
        // when many are drawn
        long shortest = Long.MAX_VALUE;
        long longest = 0;
        for (int i = 0; i < 10_000; i++) {
            long nanos = backoff.delayNanos(1, RANDOM);
            shortest = Math.min(shortest, nanos);
            longest = Math.max(longest, nanos);
        }
        // then they fill the range between 0.75 s and 1 s and never leave it
        assertThat(shortest).isBetween(750_000_000L, 760_000_000L);
        assertThat(longest).isBetween(990_000_000L, 1_000_000_000L);
    }

    @Test
    void refusesWhatMakesNoSenseAndSaysWhy() {
        assertThatThrownBy(() -> Backoff.exponential(Duration.ZERO, Duration.ofSeconds(1), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("backoff.initial must be >= 1 ms: 0 ms");
        assertThatThrownBy(() -> Backoff.exponential(Duration.ofSeconds(2), Duration.ofSeconds(1), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("backoff.max must be >= 2 s: 1 s");
        assertThatThrownBy(() -> Backoff.exponential(Duration.ofSeconds(1), Duration.ofSeconds(1), 1.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("backoff.jitter must be between 0.0 and 1.0: 1.5");
    }

    private static long seconds(Backoff backoff, int retry) {
        return Duration.ofNanos(backoff.delayNanos(retry, RANDOM)).toSeconds();
    }
}
