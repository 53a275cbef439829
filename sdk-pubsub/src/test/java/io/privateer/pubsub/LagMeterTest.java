package io.privateer.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LagMeterTest {

    private static final long WINDOW = 1_000;

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MAX_VALUE, Long.MIN_VALUE, 123_456_789})
    void theDifferenceOfTheClocksDoesNotCount(long offset) {
        LagMeter lag = new LagMeter(WINDOW);
        assertThat(lag.ageNanos(offset, 5)).isZero();
        lag.onArrival(offset, 10); // 10 on its way, the least.
        lag.onArrival(offset + 10, 50);
        assertThat(lag.ageNanos(offset + 10, 50)).isEqualTo(30);
        assertThat(lag.ageNanos(offset + 10, 70)).isEqualTo(50);
        lag.onArrival(offset + 90, 95);
        assertThat(lag.ageNanos(offset + 10, 70)).isEqualTo(55);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 1_500})
    void driftIsForgottenAfterTwoWindowsButNotEarlier(long start) {
        LagMeter lag = new LagMeter(WINDOW);
        lag.onArrival(0, start);
        lag.onArrival(WINDOW, start + WINDOW + 100);
        assertThat(lag.ageNanos(WINDOW, start + WINDOW + 100)).isEqualTo(100);
        lag.onArrival(2 * WINDOW + 100, start + 2 * WINDOW + 200);
        assertThat(lag.ageNanos(2 * WINDOW + 100, start + 2 * WINDOW + 200)).isZero();
        lag.reset();
        lag.onArrival(7, start);
        assertThat(lag.ageNanos(7, start + 1)).isEqualTo(1);
    }
}
