package io.privateer.binarystar;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server with a witness does: it serves on promises, and keeps its own. */
class LeaseTest extends StarWorld {

    /** The lease less one per cent of drift. */
    private static final long HELD = LEASE / 100 * 99;

    private static final long SOON_WRAPS = Long.MAX_VALUE - 3_000 * MILLI;

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, SOON_WRAPS})
    void aServerWaitsOneLeaseAfterItsStartAndThenForTheWitness(long origin) {
        begin(Role.PRIMARY, StarMode.PAIR_WITH_WITNESS, origin, 0);
        passWithPeer(LEASE - MILLI, StarState.BACKUP, 0);
        assertThat(asked).isNull();
        passWithPeer(MILLI, StarState.BACKUP, 0);
        assertThat(asked().epoch()).isEqualTo(2);
        assertThat(machine.state()).isEqualTo(StarState.PRIMARY);
        assertThat(machine.promote(now)).isEqualTo(OperatorAnswer.UNDER_WAY);
        grant();
        assertThat(take()).containsExactly("peer seen", "activate 2", "PRIMARY to ACTIVE epoch 2 by PEER_STARTED");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, SOON_WRAPS})
    void anActiveServerCountsTheWitnessesPromiseFromItsQuestionAndStopsExactlyAtTheEnd(long origin) {
        active(origin);
        long askedAt = now;
        pass(300 * MILLI);
        machine.onGrant(now, new LeaseAnswer("pair", OWN, true, asked().request(), 2, 0));
        pass(askedAt + HELD - now - 1);
        assertThat(machine.mayServe(now)).isTrue();
        take();
        pass(1);
        assertThat(machine.mayServe(now)).isFalse();
        assertThat(take()).containsExactly("deactivate 2 ", "release", "ACTIVE to PASSIVE epoch 2 by LEASE_ENDED");
    }

    @Test
    void anAnswerThatComesLateIsWorthThatMuchLess() {
        active(0);
        pass(HEARTBEAT / 2);
        LeaseRequest late = asked();
        long askedAt = now;
        pass(HEARTBEAT);
        machine.onGrant(now, new LeaseAnswer("pair", OWN, true, late.request(), 2, 0));
        pass(askedAt + HELD - now - 1);
        assertThat(machine.mayServe(now)).isTrue();
        pass(1);
        assertThat(machine.mayServe(now)).isFalse();
    }

    @Test
    void withoutTheWitnessItGoesOnWithThePromisesOfItsPeer() {
        active(0);
        passWithPeer(10 * LEASE, StarState.PASSIVE, 2);
        assertThat(machine.mayServe(now)).isTrue();
        long heard = now;
        pass(LEASE);
        assertThat(machine.mayServe(now)).isFalse();
        assertThat(now - heard).isEqualTo(LEASE);
    }

    @Test
    void withoutThePeerItGoesOnWithTheWitness() {
        active(0);
        for (int i = 0; i < 20; i++) {
            pass(HEARTBEAT / 2);
            grant();
        }
        assertThat(machine.mayServe(now)).isTrue();
    }

    @Test
    void anEchoOfWhatWasSaidBeforeItWasActiveIsNoPromise() {
        // given a server that beats once more between its question to the witness and its first active moment
        begin(Role.PRIMARY, StarMode.PAIR_WITH_WITNESS, 0, 0);
        passWithPeer(LEASE, StarState.BACKUP, 0);
        long askedAt = now;
        stores = false;
        grant();
        pass(HEARTBEAT / 2);
        peerSequence++;
        PeerState echo = peer(StarState.PASSIVE, 0);
        stores = true;
        settle();
        assertThat(machine.mayServe(now)).isTrue();
        // when the peer echoes that beat, upon which it promised nothing
        machine.onPeerState(now, 0, echo);
        // then only the witness's promise counts
        pass(askedAt + HELD - now);
        assertThat(machine.mayServe(now)).isFalse();
    }

    @Test
    void whatOneLifeIsPromisedIsNotPromisedToTheNext() {
        begin(Role.PRIMARY, StarMode.PAIR_WITH_WITNESS, 0, 0);
        pass(10 * HEARTBEAT);
        long last = said().sequence();
        PeerId next = new PeerId(1, 400_000);
        begin(
                new StarSettings(
                        "p", Role.PRIMARY, settings.mode(), next, HEARTBEAT, FAILOVER, LEASE, 0, -1, 1, "", ""),
                0);
        machine.onStart(now, 0);
        assertThat(said().sequence()).isGreaterThan(last);
    }

    @Test
    void aPassiveServerPromisesAtOnceAndKeepsIt() {
        passive();
        long before = said().sequence();
        hear(StarState.ACTIVE, 2);
        assertThat(said().sequence()).isEqualTo(before + 1);
        assertThat(said().echo()).isEqualTo(peerSequence);
        machine.onPeerLinkLost(now, 0);
        machine.onPeerRefused(now, 0);
        vote();
        assertThat(machine.promote(now)).isEqualTo(OperatorAnswer.UNDER_WAY);
        pass(LEASE - 1);
        assertThat(asked).isNull();
    }

    @Test
    void itAsksTheWitnessAsSoonAsItsPromiseHasEnded() {
        passive();
        pass(FAILOVER);
        assertThat(machine.promote(now)).isEqualTo(OperatorAnswer.PEER_MAY_BE_ACTIVE);
        vote();
        pass(LEASE - FAILOVER);
        assertThat(asked().epoch()).isEqualTo(3);
        machine.onGrant(now, new LeaseAnswer("pair", OWN, false, asked().request(), 2, 40));
        LeaseRequest refused = asked();
        pass(40 * MILLI);
        assertThat(asked().request()).isEqualTo(refused.request() + 1);
        grant();
        assertThat(machine.mayServe(now)).isTrue();
    }

    @Test
    void thePeersOwnWordThatItHasStoppedEndsThePromise() {
        passive();
        hear(StarState.PASSIVE, 2);
        assertThat(asked().epoch()).isEqualTo(3);
        grant();
        assertThat(machine.state()).isEqualTo(StarState.ACTIVE);
    }

    @Test
    void aPromiseToAnotherLifeOfThePeerCannotBeTakenBackByThisOne() {
        passive();
        peerSequence++;
        PeerId next = new PeerId(2, 900);
        machine.onPeerState(now, 0, of(next, StarState.ACTIVE, 4));
        machine.onPeerState(now, 0, of(next, StarState.PASSIVE, 4));
        assertThat(asked).isNull();
        assertThat(machine.promote(now)).isEqualTo(OperatorAnswer.UNDER_WAY);
    }

    @Test
    void aTakeoverThatTheWitnessDoesNotGrantInTimeEnds() {
        passive();
        pass(LEASE);
        take();
        vote();
        pass(3 * FAILOVER);
        assertThat(take()).containsExactly("release", "abandoned CLIENT_VOTE: the lease was not granted in time");
    }

    @Test
    void aGrantForWhatWasGivenBackIsWorthNothing() {
        passive();
        pass(LEASE);
        vote();
        LeaseRequest old = asked();
        hear(StarState.ACTIVE, 2); // Not gone after all.
        machine.onGrant(now, new LeaseAnswer("pair", OWN, true, old.request(), 3, 0));
        machine.onGrant(now, new LeaseAnswer("pair", PEER, true, old.request(), 3, 0));
        pass(LEASE);
        vote();
        assertThat(asked().request()).isGreaterThan(old.request() + 1);
        assertThat(machine.state()).isEqualTo(StarState.PASSIVE);
    }

    @Test
    void aDiskThatTakesLongerThanTheLeaseMakesItAskAgain() {
        passive();
        pass(LEASE);
        vote();
        stores = false;
        grant();
        pass(LEASE);
        stores = true;
        settle();
        assertThat(machine.state()).isEqualTo(StarState.PASSIVE);
        vote();
        pass(HEARTBEAT / 2);
        grant();
        assertThat(machine.state()).isEqualTo(StarState.ACTIVE);
    }

    @Test
    void theWitnessesWordOfANewerEpochIsHeeded() {
        active(0);
        machine.onGrant(now, new LeaseAnswer("pair", OWN, false, asked().request(), 5, 1));
        assertThat(machine.state()).isEqualTo(StarState.PASSIVE);
        assertThat(machine.newestEpoch()).isEqualTo(5);
    }

    private PeerState of(PeerId id, StarState at, long epoch) {
        peerSequence++;
        return new PeerState(
                Role.PRIMARY,
                at,
                epoch,
                id,
                settings.mode(),
                1_000,
                2_000,
                2_500,
                true,
                peerSequence,
                0,
                "",
                settings.pair(),
                settings.witness());
    }

    private void active(long origin) {
        begin(Role.PRIMARY, StarMode.PAIR_WITH_WITNESS, origin, 0);
        passWithPeer(LEASE, StarState.BACKUP, 0);
        grant();
        take();
    }

    /** Past its start, and bound to the peer just now. */
    private void passive() {
        begin(Role.BACKUP, StarMode.PAIR_WITH_WITNESS, 0, 0);
        passWithPeer(LEASE, StarState.ACTIVE, 2);
        take();
    }
}
