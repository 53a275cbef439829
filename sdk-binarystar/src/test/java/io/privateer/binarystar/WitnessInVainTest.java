package io.privateer.binarystar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server does that is to serve and cannot reach the witness: it lets the other one. */
class WitnessInVainTest extends StarWorld {

    private static final long SOON_WRAPS = Long.MAX_VALUE - 3_000 * MILLI;

    @ParameterizedTest
    @ValueSource(longs = {0, SOON_WRAPS})
    void aServerThatTheWitnessDoesNotAnswerForTheFailoverTimeSaysThatItCannotServe(long origin) {
        // given a primary whose turn it is, and that has just begun to ask the witness
        begin(Role.PRIMARY, StarMode.PAIR_WITH_WITNESS, origin, 0);
        passWithPeer(LEASE, StarState.BACKUP, 0);
        assertThat(asked).isNotNull();
        // when it hears nothing
        passWithPeer(FAILOVER - MILLI, StarState.BACKUP, 0);
        assertThat(machine.canServe(now)).isTrue();
        assertThat(said().canServe()).isTrue();
        pass(MILLI);
        // then it says so with its next beat, and goes on asking
        assertThat(machine.canServe(now)).isFalse();
        asked = null;
        pass(HEARTBEAT / 2);
        assertThat(said().canServe()).isFalse();
        assertThat(asked).isNotNull();
        assertThat(machine.state()).isEqualTo(StarState.PRIMARY);
    }

    @Test
    void anyAnswerOfTheWitnessEndsThat() {
        inVain();
        machine.onGrant(now, new LeaseAnswer("pair", OWN, false, asked().request(), 0, 100));
        pass(HEARTBEAT / 2);
        assertThat(said().canServe()).isTrue();
        // and it counts anew from its next question
        passWithPeer(FAILOVER - HEARTBEAT / 2, StarState.BACKUP, 0);
        assertThat(said().canServe()).isTrue();
        passWithPeer(HEARTBEAT, StarState.BACKUP, 0);
        assertThat(said().canServe()).isFalse();
        grant();
        assertThat(machine.state()).isEqualTo(StarState.ACTIVE);
        assertThat(said().canServe()).isTrue();
    }

    @Test
    void itCanStandByForTheOneThatServesInItsPlace() {
        inVain();
        hear(StarState.ACTIVE, 3);
        assertThat(machine.state()).isEqualTo(StarState.PASSIVE);
        assertThat(said().canServe()).isTrue();
    }

    @Test
    void aBackupServesWhereThePrimaryCannotAndItsTakeoverIsNotGivenUpByWaiting() {
        begin(Role.BACKUP, StarMode.PAIR_WITH_WITNESS, 0, 3);
        passWithPeer(2 * LEASE, StarState.PRIMARY, 3);
        assertThat(asked).isNull();
        peerCanServe = false;
        passWithPeer(2 * FAILOVER, StarState.PRIMARY, 3);
        grant();
        assertThat(machine.state()).isEqualTo(StarState.ACTIVE);
    }

    @Test
    void aServerThatHasHandedOverTakesBackWhatTheOtherCannotTake() {
        // given a backup that has handed over to a primary
        begin(Role.BACKUP, StarMode.PAIR_WITH_WITNESS, 0, 0);
        pass(LEASE);
        peerCanServe = false;
        hear(StarState.PASSIVE, 2);
        grant();
        assertThat(machine.state()).isEqualTo(StarState.ACTIVE);
        peerCanServe = true;
        passWithPeer(HEARTBEAT, StarState.PASSIVE, 3);
        assertThat(machine.failBack(now)).isEqualTo(OperatorAnswer.DONE);
        settle();
        asked = null;
        passWithPeer(FAILOVER, StarState.PASSIVE, 3);
        assertThat(asked).isNull();
        // when that says that it cannot serve
        peerCanServe = false;
        hear(StarState.PASSIVE, 3);
        grant();
        // then it serves again, and does not hand over to such a one
        assertThat(machine.state()).isEqualTo(StarState.ACTIVE);
        hear(StarState.PASSIVE, 5);
        assertThat(machine.failBack(now)).isEqualTo(OperatorAnswer.PEER_NOT_READY);
        assertThat(machine.stepDown(now)).isEqualTo(OperatorAnswer.PEER_NOT_READY);
    }

    @Test
    void standingStillIsNoSilenceOfTheWitness() {
        begin(Role.PRIMARY, StarMode.PAIR_WITH_WITNESS, 0, 0);
        passWithPeer(LEASE, StarState.BACKUP, 0);
        assertThat(asked).isNotNull();
        now += 10 * FAILOVER;
        hear(StarState.BACKUP, 0);
        assertThat(machine.canServe(now)).isTrue();
    }

    private void inVain() {
        begin(Role.PRIMARY, StarMode.PAIR_WITH_WITNESS, 0, 0);
        passWithPeer(LEASE + 2 * FAILOVER, StarState.BACKUP, 0);
        assertThat(said().canServe()).isFalse();
    }
}
