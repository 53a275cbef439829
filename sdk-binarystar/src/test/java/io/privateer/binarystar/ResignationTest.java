package io.privateer.binarystar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server with a witness that hands over: not before its service has said that it stands by. */
class ResignationTest extends StarWorld {

    private static final long HELD = LEASE / 100 * 99;
    private static final long SOON_WRAPS = Long.MAX_VALUE - 3_000 * MILLI;

    private long askedAt;

    @Test
    void nobodyIsToldBeforeTheServiceStandsBy() {
        active(0);
        long before = said().sequence();
        assertThat(machine.stepDown(now)).isEqualTo(OperatorAnswer.DONE);
        pass(HEARTBEAT);
        assertThat(take()).containsExactly("deactivate 2 ", "ACTIVE to PASSIVE epoch 2 by OPERATOR");
        assertThat(said().sequence()).isEqualTo(before);
        assertThat(machine.mayServe(now)).isFalse();
        assertThat(machine.isResigning()).isTrue();
        // when it does
        standsBy = true;
        settle();
        // then both are
        assertThat(take()).containsExactly("release");
        assertThat(said().state()).isEqualTo(StarState.PASSIVE);
        assertThat(machine.isResigning()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, SOON_WRAPS})
    void withoutItsWordTheyAreToldExactlyWhenTheLeaseHasEnded(long origin) {
        active(origin);
        machine.stepDown(now);
        take();
        pass(askedAt + HELD - now - 1);
        assertThat(take()).containsExactly("peer silent");
        pass(1);
        assertThat(take()).containsExactly("release");
        assertThat(said().state()).isEqualTo(StarState.PASSIVE);
    }

    @Test
    void theWordOfAnEarlierTimeDoesNotCount() {
        active(0);
        machine.stepDown(now);
        take();
        machine.onStandsBy(now, 1);
        assertThat(take()).isEmpty();
        assertThat(machine.isResigning()).isTrue();
    }

    @Test
    void whatIsGivenBackMeanwhileIsGivenBackAfterwards() {
        active(0);
        machine.stepDown(now);
        machine.promote(now);
        take();
        machine.onServiceEnded(now);
        assertThat(take()).containsExactly("abandoned OPERATOR: the service has ended");
        standsBy = true;
        settle();
        assertThat(take()).containsExactly("release");
    }

    @Test
    void aServerThatIsActiveAgainGivesNothingBack() {
        active(0);
        machine.stepDown(now);
        machine.promote(now);
        grant();
        assertThat(machine.state()).isEqualTo(StarState.ACTIVE);
        take();
        standsBy = true;
        settle();
        grant();
        pass(HELD - 1);
        assertThat(take()).containsExactly("peer silent");
        assertThat(machine.mayServe(now)).isTrue();
    }

    @Test
    void aServiceThatHasStoodByOfItselfIsNotServingUnderALeaseThatItHeardOfTooLate() {
        active(0);
        machine.onStandsBy(now, 1);
        assertThat(machine.state()).isEqualTo(StarState.ACTIVE);
        machine.onStandsBy(now, 2);
        assertThat(take()).containsExactly("deactivate 2 ", "ACTIVE to PASSIVE epoch 2 by LEASE_ENDED");
        standsBy = true;
        settle();
        assertThat(take()).containsExactly("release");
    }

    @Test
    void withoutAWitnessThePeerIsToldAtOnce() {
        begin(Role.PRIMARY, StarMode.PAIR, 0, 0);
        hear(StarState.BACKUP, 0);
        hear(StarState.PASSIVE, 2);
        standsBy = false;
        assertThat(machine.stepDown(now)).isEqualTo(OperatorAnswer.DONE);
        assertThat(said().state()).isEqualTo(StarState.PASSIVE);
    }

    /** The peer stands by, and the service does not yet when it is told to. */
    private void active(long origin) {
        begin(Role.PRIMARY, StarMode.PAIR_WITH_WITNESS, origin, 0);
        passWithPeer(LEASE, StarState.BACKUP, 0);
        askedAt = now;
        grant();
        peerSequence++;
        PeerState standsBy = peer(StarState.PASSIVE, 0);
        machine.onPeerState(now, 0, standsBy);
        this.standsBy = false;
        take();
    }
}
