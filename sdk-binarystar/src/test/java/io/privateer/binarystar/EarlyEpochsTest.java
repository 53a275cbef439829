package io.privateer.binarystar;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.EpochFence;
import org.junit.jupiter.api.Test;

class EarlyEpochsTest extends StarWorld {

    private final EarlyEpochs early = new EarlyEpochs();

    /** The queue has believed each of them, and serves in no older epoch. */
    @Test
    void leapsThatComeBeforeTheEpochIsLoadedAreAllBelieved() {
        begin(settings(Role.PRIMARY, StarMode.PAIR), 0);
        for (int leap = 1; leap <= 3; leap++) {
            early.hear(10 + leap * EpochFence.LEAP_MAX);
        }
        early.hear(12);
        machine.onStart(now, 10);
        early.tell(epoch -> machine.onNewerEpoch(now, epoch));
        assertThat(machine.newestEpoch()).isEqualTo(10 + 3 * EpochFence.LEAP_MAX);
    }

    @Test
    void noMoreThanAFewThousandAreKept() {
        for (int epoch = 1; epoch < 2 * EarlyEpochs.HEARD_MAX; epoch++) {
            early.hear(epoch);
        }
        long[] told = new long[2];
        early.tell(epoch -> {
            told[0]++;
            told[1] = epoch;
        });
        early.tell(epoch -> told[0]++);
        assertThat(told).containsExactly(EarlyEpochs.HEARD_MAX, EarlyEpochs.HEARD_MAX);
    }
}
