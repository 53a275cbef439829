package io.privateer.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Own pauses are taken out of the time by which others are judged, at any origin of the clock. */
class FairClockTest {

    private static final long SWEEP = 100;
    private static final long TOLERANCE = 50;

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MIN_VALUE, -1, Long.MAX_VALUE, Long.MAX_VALUE - 120})
    void countsATimelySweepInFull(long origin) {
        FairClock clock = new FairClock(origin, SWEEP, TOLERANCE);
        clock.observe(origin + SWEEP + TOLERANCE);
        assertThat(clock.fair(origin + SWEEP + TOLERANCE)).isEqualTo(origin + SWEEP + TOLERANCE);
        assertThat(clock.sweepDue(origin + SWEEP + TOLERANCE)).isTrue();
        assertThat(clock.nextSweepNanos()).isEqualTo(origin + 2 * SWEEP + TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MIN_VALUE, -1, Long.MAX_VALUE, Long.MAX_VALUE - 120})
    void leavesOutWhatASweepIsLateBy(long origin) {
        // given a process that is stopped for a thousand after a sweep fell due
        FairClock clock = new FairClock(origin, SWEEP, TOLERANCE);
        long woken = origin + SWEEP + 1_000;
        clock.observe(woken);
        // then fair time stands where the sweep was due, and goes on from there
        assertThat(clock.fair(woken)).isEqualTo(origin + SWEEP);
        assertThat(clock.unfair(origin + SWEEP)).isEqualTo(woken);
        clock.observe(woken + 10);
        assertThat(clock.fair(woken + 10)).isEqualTo(origin + SWEEP + 10);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE})
    void hasNoSweepBeforeItIsDue(long origin) {
        FairClock clock = new FairClock(origin, SWEEP, TOLERANCE);
        assertThat(clock.sweepDue(origin + SWEEP - 1)).isFalse();
        assertThat(clock.nextSweepNanos()).isEqualTo(origin + SWEEP);
    }
}
