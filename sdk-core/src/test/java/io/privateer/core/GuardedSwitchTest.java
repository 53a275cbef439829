package io.privateer.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a server of the user's hears, and what it tells its guard. */
class GuardedSwitchTest {

    private final List<String> heard = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final List<Long> stoodBy = new ArrayList<>();
    private long now = Long.MAX_VALUE - 5;
    private final GuardedSwitch ours =
            new GuardedSwitch(epoch -> heard.add("active " + epoch), () -> heard.add("passive"), () -> now);

    private final Guard guard = new Guard() {
        @Override
        public void voted() {
            told.add("vote");
        }

        @Override
        public void newerEpoch(long epoch) {
            told.add("newer " + epoch);
        }

        @Override
        public void serviceEnded(String why) {
            told.add("ended " + why);
        }

        @Override
        public void standsBy(long newestEpoch) {
            stoodBy.add(newestEpoch);
        }

        @Override
        public void diverged(long accepted, long answered) {
            told.add("diverged " + accepted + " " + answered);
        }
    };

    @Test
    void admitsNothingBeforeItIsTold() {
        assertThat(ours.admit()).isFalse();
        ours.guardedBy(guard);
        assertThat(ours.admit()).isFalse();
        assertThat(ours.isServing()).isFalse();
        assertThat(told).containsExactly("vote");
        assertThat(ours.epoch()).isZero();
    }

    @Test
    void admitsWhileItIsActiveAndSaysWhereTheOtherOneIsAfterwards() {
        ours.guardedBy(guard);
        ours.activate(2);
        assertThat(ours.admit()).isTrue();
        assertThat(ours.epoch()).isEqualTo(2);
        ours.standBy(3, "tcp://other:1");
        ours.standBy(3, "tcp://other:2");
        assertThat(ours.admit()).isFalse();
        assertThat(ours.activeAddress()).isEqualTo("tcp://other:2");
        assertThat(heard).containsExactly("active 2", "passive");
        assertThat(stoodBy).containsExactly(3L, 3L);
        assertThat(told).containsExactly("vote");
    }

    @Test
    void admitsNothingBehindTheEndOfItsLeaseUntilThatIsProlonged() {
        ours.guardedBy(guard);
        ours.activate(2);
        ours.serveUntil(now + 10);
        ours.activate(ours.epoch());
        now += 9;
        assertThat(ours.admit()).isTrue();
        now += 1;
        assertThat(ours.admit()).isFalse();
        ours.serveUntil(now + 1);
        assertThat(ours.admit()).isTrue();
        now += 1;
        assertThat(ours.isServing()).isFalse();
        ours.activate(4);
        assertThat(ours.isServing()).isFalse();
        ours.serveUntil(now + 1);
        assertThat(ours.isServing()).isTrue();
    }

    @Test
    void reportsWhatItAdmittedAloneWhenTheOtherHasServedToo() {
        ours.guardedBy(guard);
        ours.activate(2);
        ours.admit();
        ours.alone(true);
        ours.admit();
        ours.alone(true);
        ours.admit();
        ours.standBy(3, "");
        assertThat(told).containsExactly("diverged 2 2");
    }

    @Test
    void reportsNothingWhereTheOtherWasInSightOrHasNotServed() {
        ours.guardedBy(guard);
        ours.activate(2);
        ours.alone(true);
        ours.alone(false);
        ours.standBy(3, "");
        ours.activate(4);
        ours.alone(true);
        ours.standBy(4, "");
        assertThat(told).isEmpty();
    }

    @Test
    void doesNotServeIfItCannotBegin() {
        GuardedSwitch broken = new GuardedSwitch(
                epoch -> {
                    throw new IllegalStateException("no data");
                },
                () -> {
                    throw new IllegalStateException("never mind");
                },
                () -> now);
        broken.guardedBy(guard);
        broken.activate(2);
        assertThat(broken.isServing()).isFalse();
        broken.standBy(3, "");
        assertThat(told).containsExactly("ended onActive failed: java.lang.IllegalStateException: no data");
    }

    @Test
    void standsByEvenIfItsOwnerFailsToHearOfIt() {
        GuardedSwitch deaf = new GuardedSwitch(
                epoch -> {},
                () -> {
                    throw new IllegalStateException("never mind");
                },
                () -> now);
        deaf.activate(2);
        deaf.standBy(3, "");
        assertThat(deaf.admit()).isFalse();
    }

    @Test
    void passesOnWhatItsServerKnows() {
        ours.seen(7);
        ours.end("nobody hears");
        ours.guardedBy(guard);
        ours.seen(9);
        ours.end("disk full");
        assertThat(told).containsExactly("newer 9", "ended disk full");
    }
}
