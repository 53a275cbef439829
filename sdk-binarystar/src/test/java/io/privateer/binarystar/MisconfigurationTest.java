package io.privateer.binarystar;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two servers that are no pair are told so, once, and do not serve until they are one. */
class MisconfigurationTest extends StarWorld {

    @BeforeEach
    void start() {
        begin(Role.PRIMARY, StarMode.PAIR, 0, 0);
    }

    @Test
    void twoPrimariesAreNamedOnceAndNeitherServes() {
        tell(Role.PRIMARY, StarMode.PAIR, 1_000, 2_000, 0);
        tell(Role.PRIMARY, StarMode.PAIR, 1_000, 2_000, 0);
        pass(2 * FAILOVER);
        vote();
        assertThat(machine.promote(now)).isEqualTo(OperatorAnswer.MISCONFIGURED);
        assertThat(take()).containsExactly("misconfigured TWO_PRIMARIES", "peer seen", "peer silent");
        assertThat(machine.peer().misconfiguration()).isEqualTo(Misconfiguration.TWO_PRIMARIES);
    }

    @Test
    void theEndOfTheWrongProcessMendsIt() {
        tell(Role.PRIMARY, StarMode.PAIR, 1_000, 2_000, 0);
        take();
        machine.onPeerLinkLost(now, 0);
        machine.onPeerRefused(now, 0);
        assertThat(take()).containsExactly("probe 0", "configured", "peer refused");
        vote();
        assertThat(machine.state()).isEqualTo(StarState.ACTIVE);
    }

    @Test
    void aRightMessageMendsIt() {
        tell(Role.BACKUP, StarMode.MANUAL, 1_000, 2_000, 0);
        hear(StarState.BACKUP, 0);
        assertThat(take())
                .containsExactly(
                        "misconfigured DIFFERENT_MODES",
                        "peer seen",
                        "configured",
                        "activate 2",
                        "PRIMARY to ACTIVE epoch 2 by PEER_STARTED");
    }

    @Test
    void everyDifferenceOfTimesCounts() {
        tell(Role.BACKUP, StarMode.PAIR, 999, 2_000, 0);
        assertThat(take()).contains("misconfigured DIFFERENT_TIMES");
        tell(Role.BACKUP, StarMode.PAIR, 1_000, 2_001, 0);
        tell(Role.BACKUP, StarMode.PAIR, 1_000, 2_000, 1);
        assertThat(machine.peer().misconfiguration()).isEqualTo(Misconfiguration.DIFFERENT_TIMES);
        assertThat(take()).isEmpty();
    }

    @Test
    void differentWitnessesAreNamedAndNeitherServes() {
        begin(Role.PRIMARY, StarMode.PAIR_WITH_WITNESS, 0, 0);
        pass(LEASE);
        take();
        tell("pair", "tcp://another:1");
        assertThat(take()).containsExactly("misconfigured DIFFERENT_WITNESSES", "peer seen");
        assertThat(machine.promote(now)).isEqualTo(OperatorAnswer.MISCONFIGURED);
        tell("pair", settings.witness());
        assertThat(take()).contains("configured");
    }

    @Test
    void aServerOfAnotherPairIsNoPeer() {
        tell("others", "");
        assertThat(take()).containsExactly("misconfigured DIFFERENT_PAIRS");
        assertThat(machine.peer().last()).isNull();
        pass(FAILOVER);
        vote();
        assertThat(machine.state()).isEqualTo(StarState.PRIMARY);
        assertThat(take()).isEmpty();
        tell("pair", "");
        assertThat(take()).contains("configured", "PRIMARY to ACTIVE epoch 2 by PEER_STARTED");
    }

    @Test
    void aServerThatServesDoesNotStepDownForOneOfAnotherPair() {
        hear(StarState.BACKUP, 0);
        take();
        peerSequence++;
        machine.onPeerState(now, 0, ofPair("others", "", StarState.ACTIVE, 7));
        assertThat(take()).containsExactly("misconfigured DIFFERENT_PAIRS");
        assertThat(machine.mayServe(now)).isTrue();
        assertThat(machine.newestEpoch()).isEqualTo(2);
    }

    @Test
    void theEndOfAServerOfAnotherPairIsAskedForUntilItIsSure() {
        tell("others", "");
        take();
        machine.onPeerLinkLost(now, 0);
        pass(HEARTBEAT);
        assertThat(take()).containsOnly("probe 0").hasSizeBetween(4, 6);
        machine.onPeerRefused(now, 0);
        assertThat(take()).containsExactly("configured");
    }

    @Test
    void twoBackupsAreNamed() {
        begin(Role.BACKUP, StarMode.PAIR, 0, 0);
        tell(Role.BACKUP, StarMode.PAIR, 1_000, 2_000, 0);
        assertThat(take()).contains("misconfigured TWO_BACKUPS");
    }

    @Test
    void aServerThatHearsItselfHasNoPeer() {
        machine.onPeerState(now, 0, said());
        pass(FAILOVER);
        vote();
        assertThat(machine.peer().last()).isNull();
        assertThat(machine.peer().isGone(now)).isTrue();
        assertThat(machine.state()).isEqualTo(StarState.PRIMARY);
        assertThat(take()).containsExactly("misconfigured PEER_IS_SELF");
    }

    /** A server whose peerState is its own state, while a right backup points at that as well. */
    @Test
    void aServerThatHearsItselfAndItsPeerOnOneLinkIsMisconfiguredOnce() {
        for (int beat = 0; beat < 20; beat++) {
            pass(HEARTBEAT / 2);
            machine.onPeerState(now, 0, said());
            hear(StarState.BACKUP, 0);
        }
        assertThat(machine.state()).isEqualTo(StarState.PRIMARY);
        assertThat(take()).containsExactly("misconfigured PEER_IS_SELF", "peer seen");
        // and once it hears no more of itself it is a pair
        passWithPeer(FAILOVER, StarState.BACKUP, 0);
        assertThat(take()).containsExactly("configured", "activate 2", "PRIMARY to ACTIVE epoch 2 by PEER_STARTED");
    }

    @Test
    void whatIsWrongIsToldWithBothValues() {
        PeerState peer = state(Role.BACKUP, StarMode.MANUAL, PEER, 500, 1_001, 7);
        assertThat(Misconfiguration.DIFFERENT_TIMES.detail(settings, peer))
                .isEqualTo("ownHeartbeatMillis=1000 peerHeartbeatMillis=500 ownFailoverMillis=2000"
                        + " peerFailoverMillis=1001 ownLeaseMillis=0 peerLeaseMillis=7");
        assertThat(Misconfiguration.DIFFERENT_MODES.detail(settings, peer)).isEqualTo("ownMode=PAIR peerMode=MANUAL");
        assertThat(Misconfiguration.TWO_BACKUPS.detail(settings, peer)).isEqualTo("ownRole=PRIMARY peerRole=BACKUP");
        assertThat(Misconfiguration.DIFFERENT_PAIRS.detail(settings, ofPair("others", "", StarState.BACKUP, 0)))
                .isEqualTo("ownPair=pair peerPair=others");
        assertThat(Misconfiguration.DIFFERENT_WITNESSES.detail(
                        settings, ofPair("pair", "tcp://w:1", StarState.BACKUP, 0)))
                .isEqualTo("ownWitness= peerWitness=tcp://w:1");
        assertThat(Misconfiguration.PEER_IS_SELF.detail(settings, said())).isEqualTo("peerState=own");
    }

    @Test
    void ofTwoLinksTheWorseIsNamed() {
        begin(new StarSettings("pair", Role.PRIMARY, StarMode.PAIR, OWN, HEARTBEAT, FAILOVER, 0, 0, -1, 2, "", ""), 0);
        machine.onStart(now, 0);
        hear(1, StarState.BACKUP, 0);
        peerSequence++;
        machine.onPeerState(now, 1, state(Role.BACKUP, StarMode.PAIR, PEER, 5, 5, 5));
        machine.onPeerState(now, 0, said());
        assertThat(take()).containsSubsequence("misconfigured DIFFERENT_TIMES", "misconfigured PEER_IS_SELF");
    }

    @Test
    void aServerThatServesGoesOnButATakeoverUnderWayEnds() {
        hear(StarState.BACKUP, 0);
        tell(Role.BACKUP, StarMode.MANUAL, 1_000, 2_000, 0);
        assertThat(machine.mayServe(now)).isTrue();
        assertThat(machine.stepDown(now)).isEqualTo(OperatorAnswer.PEER_NOT_READY);
        begin(Role.PRIMARY, StarMode.PAIR, 0, 0);
        stores = false;
        hear(StarState.BACKUP, 0);
        tell(Role.BACKUP, StarMode.MANUAL, 1_000, 2_000, 0);
        assertThat(take()).contains("abandoned PEER_STARTED: misconfigured");
    }

    @Test
    void theGuidesServersAreTakenAtTheirWord() {
        machine.onGuidePeerState(now, 0, StarState.BACKUP);
        settle();
        assertThat(take()).containsExactly("peer seen", "activate 2", "PRIMARY to ACTIVE epoch 2 by PEER_STARTED");
        machine.onGuidePeerState(now, 0, StarState.ACTIVE); // It will end itself when it hears the same of us.
        machine.onGuidePeerState(now, 0, StarState.PASSIVE);
        assertThat(machine.mayServe(now)).isTrue();
        machine.onGuidePeerState(now, 0, StarState.PRIMARY);
        assertThat(machine.peer().misconfiguration()).isEqualTo(Misconfiguration.TWO_PRIMARIES);
        pass(HEARTBEAT);
        assertThat(said().echo()).isZero();
    }

    private void tell(Role role, StarMode mode, int heartbeatMillis, int failoverMillis, int leaseMillis) {
        machine.onPeerState(now, 0, state(role, mode, PEER, heartbeatMillis, failoverMillis, leaseMillis));
        settle();
    }

    private PeerState state(
            Role role, StarMode mode, PeerId id, int heartbeatMillis, int failoverMillis, int leaseMillis) {
        peerSequence++;
        StarState at = StarState.initial(role);
        return new PeerState(
                role,
                at,
                0,
                id,
                mode,
                heartbeatMillis,
                failoverMillis,
                leaseMillis,
                true,
                peerSequence,
                0,
                "",
                settings.pair(),
                settings.witness());
    }

    private void tell(String pair, String witness) {
        peerSequence++;
        machine.onPeerState(now, 0, ofPair(pair, witness, StarState.BACKUP, 0));
        settle();
    }

    private PeerState ofPair(String pair, String witness, StarState at, long epoch) {
        return new PeerState(
                Role.BACKUP,
                at,
                epoch,
                PEER,
                settings.mode(),
                settings.heartbeatMillis(),
                settings.failoverMillis(),
                settings.leaseMillis(),
                true,
                peerSequence,
                0,
                "",
                pair,
                witness);
    }
}
