package io.privateer.binarystar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Since when a server was alone: since its peer heard it last, not since it heard its peer. */
class ContactTest extends StarWorld {

    private long echo;

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void whatWasOnItsWayDuringASplitIsNoContact(long origin) {
        active(origin);
        long splitAt = now;
        pass(2 * FAILOVER);
        take();
        int inTouch = log.inTouch;
        // when the two hear each other again, the first things first
        say(StarState.PASSIVE, 2);
        assertThat(take()).containsExactly("peer seen");
        say(StarState.ACTIVE, 3);
        // then it was alone since the split
        assertThat(take()).contains("diverged 2 3 since " + splitAt);
        assertThat(log.inTouch).isEqualTo(inTouch);
        echo = said().sequence();
        say(StarState.ACTIVE, 3);
        assertThat(log.inTouch).isEqualTo(inTouch + 1);
    }

    @Test
    void aPeerThatIsHeardAndDoesNotHearIsNoContactEither() {
        active(0);
        long splitAt = now;
        for (int beat = 0; beat < 200; beat++) {
            pass(HEARTBEAT / 2);
            say(StarState.PASSIVE, 2);
        }
        take();
        say(StarState.ACTIVE, 3);
        assertThat(take()).contains("diverged 2 3 since " + splitAt);
    }

    @Test
    void whatThePeerSaidBeforeItTookOverDoesNotTakeItBack() {
        active(0);
        pass(2 * FAILOVER);
        // when others say that the peer has taken over, and then what it said before that comes
        machine.onNewerEpoch(now, 3);
        vote();
        say(StarState.PASSIVE, 2);
        // then it is the peer's turn
        assertThat(machine.state()).isEqualTo(StarState.PASSIVE);
        say(StarState.PASSIVE, 3);
        assertThat(machine.state()).isEqualTo(StarState.ACTIVE);
    }

    /** It asked the witness, of whom this one has heard of the epoch, and could not store it. */
    @Test
    void aPeerThatWasNeverActiveInTheNewestEpochIsWhatItSays() {
        begin(Role.BACKUP, StarMode.PAIR_WITH_WITNESS, 0, 0);
        say(StarState.PRIMARY, 0);
        machine.onGrant(now, new LeaseAnswer("pair", OWN, false, 1, 2, 0));
        say(StarState.PRIMARY, 0);
        assertThat(machine.state()).isEqualTo(StarState.BACKUP);
    }

    @Test
    void aPeerThatOthersKnowToHaveTakenOverIsGoneWhenItHasBeenSilentSinceThen() {
        active(0);
        pass(2 * FAILOVER);
        machine.onNewerEpoch(now, 3);
        vote();
        assertThat(machine.state()).isEqualTo(StarState.PASSIVE);
        pass(FAILOVER);
        vote();
        assertThat(machine.state()).isEqualTo(StarState.ACTIVE);
    }

    @Test
    void aServerThatBeganAloneIsInTouchOnceItIsHeard() {
        begin(Role.PRIMARY, StarMode.PAIR, 0, 0);
        pass(FAILOVER);
        vote();
        echo = 0;
        say(StarState.BACKUP, 0);
        assertThat(log.inTouch).isZero();
        echo = said().sequence();
        say(StarState.PASSIVE, 2);
        say(StarState.PASSIVE, 2);
        assertThat(log.inTouch).isEqualTo(1);
    }

    @Test
    void aPeerOfTheGuidesHasNoEcho() {
        begin(Role.PRIMARY, StarMode.PAIR, 0, 0);
        machine.onGuidePeerState(now, 0, StarState.BACKUP);
        assertThat(log.inTouch).isEqualTo(1);
    }

    /** Active, and the peer has echoed it just now. */
    private void active(long origin) {
        begin(Role.PRIMARY, StarMode.PAIR, origin, 0);
        hear(StarState.BACKUP, 0);
        passWithPeer(2 * HEARTBEAT, StarState.PASSIVE, 2);
        pass(HEARTBEAT / 2);
        echo = said().sequence();
        say(StarState.PASSIVE, 2);
        take();
    }

    private void say(StarState state, long epoch) {
        peerSequence++;
        PeerState now = peer(state, epoch);
        machine.onPeerState(
                this.now,
                0,
                new PeerState(
                        now.role(),
                        state,
                        epoch,
                        PEER,
                        now.mode(),
                        now.heartbeatMillis(),
                        now.failoverMillis(),
                        now.leaseMillis(),
                        true,
                        peerSequence,
                        echo,
                        now.frontend(),
                        now.pair(),
                        now.witness()));
        settle();
    }
}
