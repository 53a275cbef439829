package io.privateer.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a broker listens: whom it is told of, by the user and by others, and whom it forgets. */
class IntroductionsTest extends MembershipWorld {

    @Test
    void whoIntroducesItselfIsListenedToAndIsAPeerOnceItSpeaks() {
        begin();
        introduce(east);
        assertThat(take()).containsExactly("listen " + EAST);
        introduce(east);
        assertThat(take()).isEmpty();
        assertThat(machine.peers(now)).isEmpty();
        hear(east.says());
        assertThat(take()).contains("enter east 100");
        assertThat(machine.stats().introductions()).isEqualTo(2);
        assertThat(machine.stats().links()).isEqualTo(1);
    }

    @Test
    void peersOfPeersAreListenedTo() {
        beginWithEast(0);
        hear(east.says(contacts(north, new Broker("west", 7, WEST, WEST_PARTNER))));
        assertThat(take()).containsExactly("listen " + NORTH);
    }

    @Test
    void whoWasOnlyToldOfAndIsNeverHeardIsForgotten() {
        begin();
        introduce(east);
        pass(29 * SECOND);
        assertThat(listens).containsExactly(EAST);
        introduce(east); // Somebody still speaks of it.
        pass(29 * SECOND);
        assertThat(listens).containsExactly(EAST);
        pass(2 * SECOND);
        assertThat(listens).isEmpty();
    }

    @Test
    void aLearnedPeerIsForgottenWhenItHasExpired() {
        begin();
        introduce(east);
        hear(east.says());
        passWith(40 * SECOND, east);
        pass(29 * SECOND);
        assertThat(listens).containsExactly(EAST);
        take();
        pass(2 * SECOND);
        assertThat(take()).containsExactly("exit east from SILENT EXPIRED", "deaf " + EAST);
        assertThat(machine.stats().links()).isZero();
    }

    @Test
    void aLearnedPeerThatHasLeftIsListenedToForAWhileForItMayBeStartedAgain() {
        begin();
        introduce(east);
        hear(east.says());
        hear(east.leaves());
        pass(20 * SECOND);
        take();
        east.life = new PeerId(0, 101);
        hear(east.says());
        assertThat(take()).contains("enter east 101");
        hear(east.leaves());
        pass(31 * SECOND);
        assertThat(listens).isEmpty();
        hear(east.says());
        assertThat(machine.peers(now)).isEmpty();
    }

    @Test
    void whoIsMissingInAPeersListIntroducesItselfThereAgainNowAndThen() {
        beginWithEast(0);
        hear(east.says(contacts()));
        passWith(2 * SECOND, east);
        hear(east.says(contacts()));
        assertThat(take()).isEmpty();
        passWith(2 * SECOND, east);
        hear(east.says(contacts()));
        hear(east.says(contacts()));
        assertThat(take()).containsExactly("introduce " + EAST);
        passWith(10 * SECOND, east);
        assertThat(take()).isEmpty();
        hear(east.says(contacts(new Broker("west", 7, WEST))));
        assertThat(take()).isEmpty();
        // who leaves, or stands by, does not
        machine.onStandBy(now);
        hear(east.says(contacts()));
        machine.onStart(now, OWN);
        machine.onLeave(now);
        hear(east.says(contacts()));
        assertThat(take()).isEmpty();
    }

    @Test
    void aSeedUnderAnotherNameOfItsAddressIsEnough() {
        begin();
        add("tcp://localhost:1");
        hear("tcp://localhost:1", east.says(contacts()));
        introduce(east);
        assertThat(listens).containsExactly("tcp://localhost:1");
        passWith2(40 * SECOND, "tcp://localhost:1");
        assertThat(listens).containsExactly("tcp://localhost:1");
        // and where both names were learned first, the seed is kept
        Broker south = new Broker("south", 400, "tcp://south:1");
        introduce(south);
        hear(south.says());
        add("tcp://127.0.0.1:4");
        take();
        hear("tcp://127.0.0.1:4", south.says());
        assertThat(take()).containsExactly("deaf tcp://south:1");
        // and two seeds are two seeds
        add("tcp://south:1");
        hear(south.says());
        hear("tcp://127.0.0.1:4", south.says());
        assertThat(listens).contains("tcp://south:1", "tcp://127.0.0.1:4");
    }

    private void passWith2(long nanos, String endpoint) {
        for (long left = nanos; left > 0; left -= SECOND) {
            pass(SECOND);
            hear(endpoint, east.says(contacts()));
        }
    }

    @Test
    void aRemovedPeerDoesNotComeBackOnTheWordOfOthers() {
        begin();
        introduce(east);
        hear(east.says());
        add(NORTH);
        hear(north.says());
        take();
        assertThat(machine.onRemovePeer(now, "east")).isTrue();
        assertThat(take()).containsExactly("close east drain", "exit east from PRESENT REMOVED", "deaf " + EAST);
        // for as long as they speak of it
        for (int i = 0; i < 100; i++) {
            pass(SECOND);
            introduce(east);
            hear(north.says(contacts(east)));
        }
        assertThat(listens).containsExactly(NORTH);
        // and some time longer
        pass(29 * SECOND);
        introduce(east);
        pass(31 * SECOND);
        introduce(east);
        assertThat(listens).contains(EAST);
    }

    @Test
    void aRemovedSeedIsNoSeedAnyMoreUntilTheUserSaysSo() {
        beginWithEast(0);
        assertThat(machine.onRemovePeer(now, "east")).isTrue();
        assertThat(machine.onRemovePeer(now, "east")).isFalse();
        assertThat(listens).isEmpty();
        take();
        add(EAST);
        CapacityMessage leftover = east.says();
        hear(east.says());
        assertThat(take()).containsExactly("listen " + EAST, "open east 100 tcp://east:10", "enter east 100");
        hear(leftover);
        introduce(east);
        passWith(40 * SECOND, east);
        assertThat(take()).isEmpty();
    }

    @Test
    void whatARemovedPeerSaidIsOldWhenItIsWantedAgain() {
        begin();
        add(EAST);
        machine.onRemovePeer(now, "east");
        CapacityMessage late = east.says();
        // given that it was heard on the endpoint that the user had named before
        hear(east.says());
        assertThat(machine.peers(now)).isEmpty();
        // when it is wanted again, and what it said before comes by a slower way
        add(EAST);
        hear(late);
        // then that is not believed, and what it says next is
        assertThat(machine.peers(now)).isEmpty();
        hear(east.says());
        assertThat(machine.peers(now)).hasSize(1);
    }

    @Test
    void aPeerThatIsRemovedBeforeItWasHeardIsNotTaken() {
        begin();
        add(EAST);
        introduce(north);
        machine.onRemovePeer(now, "east");
        take();
        hear(east.says());
        assertThat(take()).containsExactly("deaf " + EAST);
        machine.onRemovePeer(now, "north");
        assertThat(take()).containsExactly("deaf " + NORTH);
        for (int i = 0; i < 100; i++) {
            machine.onRemovePeer(now, "n" + i);
        }
        introduce(east); // Only so many names are remembered.
        assertThat(listens).containsExactly(EAST);
    }

    @Test
    void aHostThatIsNotKnownIsTriedAgain() {
        begin();
        unknownHosts.add(EAST);
        add(EAST);
        assertThat(take()).containsExactly("cannot listen " + EAST);
        pass(9 * SECOND);
        assertThat(take()).isEmpty();
        pass(2 * SECOND);
        assertThat(take()).containsExactly("cannot listen " + EAST);
        unknownHosts.clear();
        pass(11 * SECOND);
        assertThat(take()).containsExactly("listen " + EAST);
        pass(100 * SECOND);
        assertThat(take()).isEmpty();
    }

    @Test
    void nobodyCanMakeItListenEverywhere() {
        begin();
        add(EAST);
        hear(east.says());
        for (int i = 0; i < 20; i++) {
            introduce(new Broker("moon", 1, "tcp://moon" + i + ":1"));
        }
        assertThat(listens).hasSize(5);
        for (int i = 0; i < 1_000; i++) {
            introduce(new Broker("star" + i, 1, "tcp://a" + i + ":1", "tcp://b" + i + ":1"));
        }
        assertThat(listens).hasSize(128);
        assertThat(machine.stats().refused()).isGreaterThan(1_000);
        // but where the user says, at the cost of what is of no use
        assertThat(machine.onAddPeer(now, List.of(NORTH))).isTrue();
        assertThat(listens).hasSize(128).contains(EAST, NORTH);
        for (int i = 0; i < 126; i++) {
            assertThat(machine.onAddPeer(now, List.of("tcp://seed" + i + ":1"))).isTrue();
        }
        assertThat(machine.onAddPeer(now, List.of("tcp://seed126:1", EAST))).isFalse();
        assertThat(listens).hasSize(128).contains(EAST, NORTH);
    }

    @Test
    void onlySoManyAreTakenForPeers() {
        begin();
        for (int i = 0; i < 70; i++) {
            Broker broker = new Broker("n" + i, i + 1, "tcp://n" + i + ":1");
            introduce(broker);
            hear(broker.says());
        }
        assertThat(machine.peers(now)).hasSize(64);
        assertThat(machine.stats().refused()).isEqualTo(6);
        pass(SECOND);
        assertThat(CapacityCodec.encode(lastSaid())).hasSizeLessThan(CapacityCodec.FRAME_BYTES_MAX);
    }

    @Test
    void onlySoManyFormerLivesAreRemembered() {
        begin();
        add(EAST);
        CapacityMessage first = east.says();
        for (int i = 0; i < 300; i++) {
            east.life = new PeerId(0, 1_000 + i);
            hear(east.says());
        }
        take();
        hear(first);
        assertThat(take()).contains("enter east 100");
    }
}
