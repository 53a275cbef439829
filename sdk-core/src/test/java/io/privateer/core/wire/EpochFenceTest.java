package io.privateer.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.EpochFence.Verdict;
import org.junit.jupiter.api.Test;

class EpochFenceTest {

    private final EpochFence fence = new EpochFence();

    @Test
    void learnsTheNewestEpochAndFencesOffOlderOnes() {
        // given nothing known, 0 is as good as any
        assertThat(fence.judge(0)).isEqualTo(Verdict.CURRENT);
        // when newer ones come
        assertThat(fence.judge(2)).isEqualTo(Verdict.NEWER);
        assertThat(fence.judge(5)).isEqualTo(Verdict.NEWER);
        // then older ones are stale for ever
        assertThat(fence.judge(2)).isEqualTo(Verdict.STALE);
        assertThat(fence.judge(4)).isEqualTo(Verdict.STALE);
        // but a server that is none of a pair is as good as any
        assertThat(fence.judge(0)).isEqualTo(Verdict.CURRENT);
        assertThat(fence.judge(5)).isEqualTo(Verdict.CURRENT);
        assertThat(fence.getAsLong()).isEqualTo(5);
    }

    @Test
    void takesNoEpochBehindWhichThereIsNoNext() {
        fence.judge(3);
        assertThat(fence.judge(EpochFence.EPOCH_MAX + 1)).isEqualTo(Verdict.ABSURD);
        assertThat(fence.judge(-1)).isEqualTo(Verdict.ABSURD);
        assertThat(fence.getAsLong()).isEqualTo(3);
        assertThat(fence.judge(EpochFence.EPOCH_MAX)).isEqualTo(Verdict.NEWER);
    }

    @Test
    void tellsALeapFromWhatPairsDo() {
        assertThat(fence.isLeap(EpochFence.LEAP_MAX)).isFalse();
        assertThat(fence.isLeap(EpochFence.LEAP_MAX + 1)).isTrue();
        fence.judge(3);
        assertThat(fence.isLeap(0)).isFalse();
        assertThat(fence.isLeap(2)).isFalse();
        assertThat(fence.isLeap(3 + EpochFence.LEAP_MAX)).isFalse();
        assertThat(fence.isLeap(3 + EpochFence.LEAP_MAX + 1)).isTrue();
        assertThat(fence.isLeap(-1)).isTrue();
    }
}
