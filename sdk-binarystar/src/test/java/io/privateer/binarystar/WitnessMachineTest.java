package io.privateer.binarystar;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One holder at a time, whatever comes late. */
class WitnessMachineTest {

    private static final long MILLI = 1_000_000;
    private static final int LEASE_MILLIS = 100;
    private static final long LEASE = LEASE_MILLIS * MILLI;
    private static final PeerId A = new PeerId(1, 1);
    private static final PeerId B = new PeerId(2, 2);

    private final List<String> told = new ArrayList<>();
    private long requests;
    private WitnessMachine witness = witness(-LEASE);

    private WitnessMachine witness(long startedAtNanos) {
        return new WitnessMachine(startedAtNanos, LEASE, 2, (pair, leaseMillis) -> told.add(pair + " " + leaseMillis));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE - 50 * MILLI})
    void afterItsStartItGrantsNothingForOneLease(long origin) {
        witness = witness(origin);
        LeaseAnswer early = ask(origin + LEASE - 1, A, 1, 2);
        assertThat(early).isEqualTo(new LeaseAnswer("p", A, false, 1, 0, 1));
        assertThat(ask(origin + LEASE, A, 2, 2)).isEqualTo(new LeaseAnswer("p", A, true, 2, 2, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 250 * MILLI})
    void theOtherIsRefusedUntilTheLeaseHasRunOut(long origin) {
        witness = witness(origin - LEASE);
        assertThat(granted(origin, A, 1, 2)).isTrue();
        assertThat(granted(origin + LEASE / 2, A, 2, 2)).isTrue();
        assertThat(ask(origin + LEASE, B, 1, 3)).isEqualTo(new LeaseAnswer("p", B, false, 1, 2, 51));
        assertThat(granted(origin + LEASE + LEASE / 2 - 1, B, 2, 3)).isFalse();
        assertThat(witness.holder(origin + LEASE, "p")).isEqualTo(A);
        assertThat(witness.holder(origin + LEASE + LEASE / 2, "p")).isNull();
        assertThat(granted(origin + LEASE + LEASE / 2, B, 3, 3)).isTrue();
    }

    @Test
    void whatIsGivenBackIsFreeAtOnce() {
        granted(0, A, 1, 2);
        witness.onRequest(1, new LeaseRequest("p", B, true, 9, 0, LEASE_MILLIS)); // Not its own.
        assertThat(granted(2, B, 10, 3)).isFalse();
        witness.onRequest(3, new LeaseRequest("p", A, true, 2, 0, LEASE_MILLIS));
        assertThat(granted(4, B, 11, 3)).isTrue();
    }

    @Test
    void messagesThatAreOvertakenChangeNothing() {
        granted(0, A, 5, 2);
        assertThat(witness.onRequest(1, new LeaseRequest("p", A, true, 4, 0, LEASE_MILLIS)))
                .isNull();
        assertThat(witness.holder(2, "p")).isEqualTo(A);
        witness.onRequest(3, new LeaseRequest("p", A, true, 6, 0, LEASE_MILLIS));
        assertThat(ask(4, A, 5, 2)).isNull();
        assertThat(witness.holder(5, "p")).isNull();
    }

    @Test
    void anOldEpochIsRefusedAndToldTheNewest() {
        granted(0, A, 1, 8);
        assertThat(ask(LEASE, B, 1, 7)).isEqualTo(new LeaseAnswer("p", B, false, 1, 8, 1));
        assertThat(granted(LEASE, B, 2, 9)).isTrue();
    }

    @Test
    void anEpochThatLeapsAheadIsRefusedAndNotRemembered() {
        granted(0, A, 1, 8);
        long absurd = 8 + Epochs.SERVER_LEAP_MAX + 1;
        assertThat(ask(LEASE, B, 1, absurd)).isEqualTo(new LeaseAnswer("p", B, false, 1, 8, 1));
        assertThat(granted(LEASE, B, 2, Epochs.MAX)).isFalse();
        assertThat(witness.holder(LEASE, "p")).isNull();
        assertThat(granted(LEASE, B, 3, 9)).isTrue();
        assertThat(granted(2 * LEASE, A, 2, 9 + Epochs.SERVER_LEAP_MAX)).isTrue();
    }

    @Test
    void aLeaseLongerThanItsOwnOrOfNoLengthIsRefused() {
        for (int millis : new int[] {0, LEASE_MILLIS + 1}) {
            LeaseAnswer answer = witness.onRequest(0, new LeaseRequest("p", A, false, 1, 2, millis));
            assertThat(answer).isNotNull().satisfies(a -> assertThat(a.granted())
                    .isFalse());
        }
    }

    @Test
    void aLeaseLongerThanItsOwnIsNamedOncePerPairUntilThatIsGrantedOne() {
        // given a pair that asks for too much, again and again, first before the witness grants anything
        witness = witness(0);
        askFor("p", 1, LEASE_MILLIS + 1);
        assertThat(told).containsExactly("p " + (LEASE_MILLIS + 1));
        for (int round = 1; round < 9; round++) {
            assertThat(askFor("p", round * LEASE, LEASE_MILLIS + 1)).isFalse();
        }
        assertThat(told).hasSize(1);
        // when it asks for less, and later for too much again
        assertThat(askFor("p", 9 * LEASE, LEASE_MILLIS)).isTrue();
        assertThat(askFor("p", 11 * LEASE, LEASE_MILLIS + 7)).isFalse();
        // then that is another episode
        assertThat(told).containsExactly("p " + (LEASE_MILLIS + 1), "p " + (LEASE_MILLIS + 7));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 50 * MILLI})
    void ofManyPairsThatAskForTooMuchOneIsNamedInEachLongestLease(long origin) {
        witness = witness(origin);
        askFor("p", origin, LEASE_MILLIS + 1);
        askFor("q", origin + LEASE - 1, LEASE_MILLIS + 2);
        assertThat(told).containsExactly("p " + (LEASE_MILLIS + 1));
        askFor("q", origin + LEASE, LEASE_MILLIS + 2);
        assertThat(told).containsExactly("p " + (LEASE_MILLIS + 1), "q " + (LEASE_MILLIS + 2));
    }

    @Test
    void onlySoManyPairsAreRememberedAndTheOnesThatHoldNothingGoFirst() {
        assertThat(witness.holder(0, "1")).isNull();
        ask("1", 0);
        ask("2", 1);
        assertThat(ask("3", 2)).isFalse();
        witness.onRequest(3, new LeaseRequest("4", A, true, 1, 0, LEASE_MILLIS));
        assertThat(ask("3", LEASE)).isTrue();
        assertThat(witness.holder(LEASE, "2")).isEqualTo(A);
    }

    private boolean ask(String pair, long now) {
        return askFor(pair, now, LEASE_MILLIS);
    }

    private boolean askFor(String pair, long now, int leaseMillis) {
        LeaseAnswer answer = witness.onRequest(now, new LeaseRequest(pair, A, false, ++requests, 2, leaseMillis));
        return answer != null && answer.granted();
    }

    private boolean granted(long now, PeerId holder, long request, long epoch) {
        LeaseAnswer answer = ask(now, holder, request, epoch);
        return answer != null && answer.granted();
    }

    private @Nullable LeaseAnswer ask(long now, PeerId holder, long request, long epoch) {
        return witness.onRequest(now, new LeaseRequest("p", holder, false, request, epoch, LEASE_MILLIS));
    }
}
