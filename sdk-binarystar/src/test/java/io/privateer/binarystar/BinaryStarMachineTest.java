package io.privateer.binarystar;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server without a witness does, step by step. */
class BinaryStarMachineTest extends StarWorld {

    private static final long SOON_WRAPS = Long.MAX_VALUE - 700 * MILLI;

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, SOON_WRAPS})
    void aPrimaryServesOnceItHearsOfTheBackupAndHasStoredItsEpoch(long origin) {
        stores = false;
        begin(Role.PRIMARY, StarMode.PAIR, origin, 4);
        hear(StarState.BACKUP, 0);
        assertThat(take()).containsExactly("peer seen");
        assertThat(machine.mayServe(now)).isFalse();
        stores = true;
        settle();
        assertThat(lastStored).isEqualTo(6);
        assertThat(take()).containsExactly("activate 6", "PRIMARY to ACTIVE epoch 6 by PEER_STARTED");
        assertThat(said().state()).isEqualTo(StarState.ACTIVE);
        assertThat(machine.mayServe(now)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, SOON_WRAPS})
    void aPassiveServerTakesOverWhenAClientAsksAndThePeerIsSilent(long origin) {
        passive(origin);
        pass(FAILOVER - 1);
        vote();
        assertThat(take()).isEmpty();
        pass(1);
        assertThat(take()).containsExactly("peer silent", "activate 3", "PASSIVE to ACTIVE epoch 3 by CLIENT_VOTE");
    }

    @Test
    void silenceAloneIsNotEnough() {
        passive(0);
        pass(10 * FAILOVER);
        assertThat(take()).containsExactly("peer silent");
        vote();
        assertThat(machine.state()).isEqualTo(StarState.ACTIVE);
    }

    @Test
    void aVoteIsForgottenAfterTheFailoverTime() {
        passive(0);
        vote();
        passWithPeer(FAILOVER, StarState.ACTIVE, 2);
        pass(2 * FAILOVER);
        assertThat(take()).containsExactly("peer silent");
    }

    @Test
    void aProcessThatIsGoneIsNotWaitedFor() {
        passive(0);
        machine.onPeerLinkLost(now, 0);
        vote();
        assertThat(take()).containsExactly("probe 0");
        machine.onPeerRefused(now, 0);
        settle();
        assertThat(take()).containsExactly("peer refused", "activate 3", "PASSIVE to ACTIVE epoch 3 by CLIENT_VOTE");
    }

    @Test
    void aLinkThatIsLostIsProbedAgainAndAgain() {
        passive(0);
        machine.onPeerLinkLost(now, 0);
        machine.onPeerLinkLost(now, 0);
        pass(HEARTBEAT);
        assertThat(take()).containsOnly("probe 0").hasSizeBetween(4, 6);
    }

    @Test
    void oneLinkOfTwoIsEnoughToBeAlive() {
        begin(new StarSettings("pair", Role.BACKUP, StarMode.PAIR, OWN, HEARTBEAT, FAILOVER, 0, 0, -1, 2, "", ""), 0);
        machine.onStart(now, 0);
        hear(0, StarState.ACTIVE, 2);
        hear(1, StarState.ACTIVE, 2);
        take();
        machine.onPeerLinkLost(now, 0);
        machine.onPeerRefused(now, 0);
        vote();
        assertThat(machine.state()).isEqualTo(StarState.PASSIVE);
        machine.onPeerRefused(now, 1); // Not lost: somebody else was refused.
        assertThat(machine.peer().isGone(now)).isFalse();
        machine.onPeerLinkLost(now, 1);
        machine.onPeerRefused(now, 1);
        settle();
        assertThat(machine.state()).isEqualTo(StarState.ACTIVE);
    }

    @Test
    void itsOwnPauseIsNotThePeersSilence() {
        passive(0);
        now += 10 * FAILOVER; // Stopped: no tick came.
        vote();
        assertThat(machine.state()).isEqualTo(StarState.PASSIVE);
        pass(FAILOVER);
        assertThat(machine.state()).isEqualTo(StarState.ACTIVE);
    }

    @Test
    void whatIsHeardWhileTheEpochIsBeingStoredStillCounts() {
        passive(0);
        pass(FAILOVER);
        stores = false;
        vote();
        hear(StarState.ACTIVE, 2);
        stores = true;
        settle();
        assertThat(take()).containsExactly("peer silent", "peer seen", "abandoned CLIENT_VOTE: the peer is there");
        assertThat(machine.newestEpoch()).isEqualTo(2);
    }

    @Test
    void aLonePrimaryServesAfterTheFailoverTimeAndALoneBackupDoesNot() {
        begin(Role.PRIMARY, StarMode.PAIR, 0, 0);
        vote();
        assertThat(machine.state()).isEqualTo(StarState.PRIMARY);
        pass(FAILOVER);
        assertThat(take()).containsExactly("activate 2", "PRIMARY to ACTIVE epoch 2 by CLIENT_VOTE");
        begin(Role.BACKUP, StarMode.PAIR, 0, 0);
        pass(10 * FAILOVER);
        vote();
        assertThat(machine.state()).isEqualTo(StarState.BACKUP);
    }

    @Test
    void aLoneBackupServesWhenTheOperatorAllowedItAndTheTimeHasPassed() {
        begin(
                new StarSettings(
                        "p", Role.BACKUP, StarMode.PAIR, OWN, HEARTBEAT, FAILOVER, 0, 0, 4 * FAILOVER, 1, "", ""),
                0);
        machine.onStart(now, 0);
        pass(4 * FAILOVER - MILLI);
        vote();
        assertThat(machine.state()).isEqualTo(StarState.BACKUP);
        pass(MILLI);
        vote();
        assertThat(machine.state()).isEqualTo(StarState.ACTIVE);
    }

    @Test
    void anActiveServerStepsDownForANewerEpochAndSaysSinceWhenItWasAlone() {
        active(0);
        long heard = now;
        pass(5 * FAILOVER);
        take();
        hear(StarState.ACTIVE, 3);
        assertThat(take())
                .containsExactly(
                        "diverged 2 3 since " + heard,
                        "peer seen",
                        "deactivate 3 tcp://peer:1",
                        "ACTIVE to PASSIVE epoch 3 by NEWER_EPOCH");
        assertThat(said().epoch()).isEqualTo(3);
        assertThat(lastStored).isEqualTo(3);
    }

    @Test
    void theServiceOfAPassiveServerKnowsTheNewestEpochAndWhoIsActive() {
        // given a server that has been in epoch 2 in an earlier life
        begin(Role.BACKUP, StarMode.PAIR, 0, 2);
        assertThat(informed).containsExactly("2 ");
        // when it hears of its peer, then the service is told once
        hear(StarState.ACTIVE, 4);
        hear(StarState.ACTIVE, 4);
        assertThat(informed).containsExactly("2 ", "4 tcp://peer:1");
        // and again when a client knows better, and when nobody is active any more
        machine.onNewerEpoch(now, 6);
        hear(StarState.PASSIVE, 6);
        assertThat(informed).containsExactly("2 ", "4 tcp://peer:1", "6 tcp://peer:1", "6 ");
    }

    /** Or the next life would draw the same epoch again. */
    @Test
    void whatIsStoredToBeUsedIsNotOverwrittenByAnOlderEpochHeardMeanwhile() {
        begin(Role.BACKUP, StarMode.PAIR, 0, 3);
        stores = false;
        machine.promote(now);
        machine.onNewerEpoch(now, 4);
        stores = true;
        settle();
        assertThat(machine.newestEpoch()).isEqualTo(5);
        assertThat(lastStored).isEqualTo(5);
    }

    @Test
    void anActiveServerThatMeetsAnOlderOneStays() {
        passive(0);
        pass(FAILOVER);
        vote();
        take();
        hear(StarState.ACTIVE, 2);
        assertThat(take()).containsExactly("peer seen");
        assertThat(machine.mayServe(now)).isTrue();
    }

    @Test
    void aClientsWordOfANewerEpochIsEnough() {
        active(0);
        machine.onNewerEpoch(now, 2);
        machine.onNewerEpoch(now, 1L << 40);
        assertThat(take()).isEmpty();
        machine.onNewerEpoch(now, 5);
        assertThat(take())
                .containsExactly("diverged 2 5 since 0", "deactivate 5 ", "ACTIVE to PASSIVE epoch 5 by NEWER_EPOCH");
        machine.onNewerEpoch(now, 7);
        assertThat(machine.newestEpoch()).isEqualTo(7);
    }

    @Test
    void steppingDownHandsOverToThePeer() {
        active(0);
        assertThat(machine.stepDown(now)).isEqualTo(OperatorAnswer.PEER_NOT_READY);
        hear(StarState.PASSIVE, 2);
        assertThat(machine.stepDown(now)).isEqualTo(OperatorAnswer.DONE);
        assertThat(said().state()).isEqualTo(StarState.PASSIVE);
        hear(StarState.PASSIVE, 2);
        assertThat(machine.state()).isEqualTo(StarState.PASSIVE);
        assertThat(machine.stepDown(now)).isEqualTo(OperatorAnswer.NOT_ACTIVE);
        hear(StarState.ACTIVE, 3);
        take();
        // and the other way round: who was not active last takes over
        hear(StarState.PASSIVE, 3);
        assertThat(take()).containsExactly("activate 4", "PASSIVE to ACTIVE epoch 4 by PEER_PASSIVE");
    }

    @Test
    void whoHandedOverTakesBackIfThePeerCannotServe() {
        active(0);
        hear(StarState.PASSIVE, 2);
        machine.stepDown(now);
        peerCanServe = false;
        hear(StarState.PASSIVE, 2);
        assertThat(machine.state()).isEqualTo(StarState.ACTIVE);
        assertThat(machine.newestEpoch()).isEqualTo(4);
    }

    @Test
    void givesWayForGoodWhenItsServiceHasEnded() {
        active(0);
        hear(StarState.PASSIVE, 2);
        take();
        machine.onServiceEnded(now);
        assertThat(take()).contains("ACTIVE to PASSIVE epoch 2 by SERVICE_ENDED");
        assertThat(said().canServe()).isFalse();
        assertThat(machine.promote(now)).isEqualTo(OperatorAnswer.CANNOT_SERVE);
        machine.onServiceEnded(now);
        assertThat(take()).isEmpty();
    }

    @Test
    void failBackIsForTheBackupThatServes() {
        active(0);
        assertThat(machine.failBack(now)).isEqualTo(OperatorAnswer.ALREADY_ACTIVE);
        passive(0);
        assertThat(machine.failBack(now)).isEqualTo(OperatorAnswer.NOT_ACTIVE);
        pass(FAILOVER);
        vote();
        hear(StarState.PASSIVE, 3);
        assertThat(machine.failBack(now)).isEqualTo(OperatorAnswer.DONE);
        begin(Role.PRIMARY, StarMode.PAIR, 0, 0);
        assertThat(machine.failBack(now)).isEqualTo(OperatorAnswer.NOT_ACTIVE);
        begin(Role.BACKUP, StarMode.MANUAL, 0, 0);
        assertThat(machine.failBack(now)).isEqualTo(OperatorAnswer.NOT_IN_THIS_MODE);
    }

    @Test
    void inManualModeOnlyTheOperatorMakesAServerActive() {
        begin(Role.PRIMARY, StarMode.MANUAL, 0, 0);
        hear(StarState.BACKUP, 0);
        pass(2 * FAILOVER);
        vote();
        assertThat(machine.state()).isEqualTo(StarState.PRIMARY);
        take();
        stores = false;
        assertThat(machine.promote(now)).isEqualTo(OperatorAnswer.STARTED);
        assertThat(machine.promote(now)).isEqualTo(OperatorAnswer.UNDER_WAY);
        hear(StarState.ACTIVE, 1); // The operator knows.
        stores = true;
        settle();
        assertThat(machine.state()).isEqualTo(StarState.ACTIVE);
        assertThat(machine.promote(now)).isEqualTo(OperatorAnswer.ALREADY_ACTIVE);
        assertThat(machine.stepDown(now)).isEqualTo(OperatorAnswer.DONE);
        hear(StarState.ACTIVE, 3);
        assertThat(machine.newestEpoch()).isEqualTo(3);
    }

    @Test
    void aPromotionEndsWhenANewerEpochIsHeard() {
        passive(0);
        stores = false;
        machine.promote(now);
        take();
        hear(StarState.ACTIVE, 6);
        stores = true;
        settle();
        assertThat(take()).containsExactly("abandoned OPERATOR: a newer epoch is known");
        assertThat(machine.promote(now)).isEqualTo(OperatorAnswer.STARTED);
        settle();
        assertThat(machine.newestEpoch()).isEqualTo(7);
    }

    @Test
    void withoutAnEpochFileItTakesPartButNeverServes() {
        begin(settings(Role.PRIMARY, StarMode.PAIR), 0);
        machine.onStartWithoutEpoch(now, "torn");
        hear(StarState.BACKUP, 0);
        pass(4 * FAILOVER);
        vote();
        hear(StarState.ACTIVE, 1);
        assertThat(machine.promote(now)).isEqualTo(OperatorAnswer.CANNOT_SERVE);
        assertThat(take())
                .containsExactly(
                        "problem torn",
                        "peer seen",
                        "peer silent",
                        "peer seen",
                        "PRIMARY to PASSIVE epoch 1 by PEER_ACTIVE");
        assertThat(said().canServe()).isFalse();
        assertThat(lastStored).isEqualTo(-1);
    }

    @Test
    void anEpochThatCannotBeStoredKeepsItPassiveUntilThatWorksAgain() {
        passive(0);
        pass(FAILOVER);
        stores = false;
        vote();
        failToStore();
        failToStore();
        assertThat(take())
                .containsExactly(
                        "peer silent", "abandoned CLIENT_VOTE: the epoch cannot be stored", "problem disk full");
        assertThat(said().canServe()).isFalse();
        vote();
        assertThat(machine.state()).isEqualTo(StarState.PASSIVE);
        pass(2 * FAILOVER);
        stores = true;
        settle();
        assertThat(take()).contains("problem ended");
        vote();
        assertThat(machine.state()).isEqualTo(StarState.ACTIVE);
    }

    @Test
    void aMessageThatComesTwiceOrLateIsNoNews() {
        passive(0);
        PeerState late = peer(StarState.PASSIVE, 2);
        machine.onPeerState(now, 0, late);
        assertThat(machine.state()).isEqualTo(StarState.PASSIVE);
        assertThat(take()).isEmpty();
    }

    @Test
    void beatsComeTwiceAHeartbeat() {
        passive(0);
        long before = said().sequence();
        pass(4 * HEARTBEAT);
        assertThat(said().sequence() - before).isEqualTo(8);
        assertThat(said().echo()).isEqualTo(peerSequence);
    }

    @Test
    void twoOfOneRoleInOneEpochAgreeByTheirIds() {
        active(0);
        PeerState twin = new PeerState(
                Role.PRIMARY, StarState.ACTIVE, 2, PEER, StarMode.PAIR, 1_000, 2_000, 0, true, 20, 0, "", "pair", "");
        assertThat(twin.outranks(OWN, 2)).isTrue();
        assertThat(twin.outranks(new PeerId(2, 801), 2)).isFalse();
        machine.onPeerState(now, 0, twin);
        assertThat(machine.state()).isEqualTo(StarState.PASSIVE);
        assertThat(take()).contains("misconfigured TWO_PRIMARIES");
    }

    private void passive(long origin) {
        begin(Role.BACKUP, StarMode.PAIR, origin, 0);
        hear(StarState.ACTIVE, 2);
        take();
    }

    private void active(long origin) {
        begin(Role.PRIMARY, StarMode.PAIR, origin, 0);
        hear(StarState.BACKUP, 0);
        take();
    }
}
