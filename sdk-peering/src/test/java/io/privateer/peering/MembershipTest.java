package io.privateer.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import io.privateer.peering.CapacityMessage.Held;
import io.privateer.peering.CapacityMessage.Service;
import io.privateer.pirate.Lending.Credit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of one peer, and what it can do, step by step. */
class MembershipTest extends MembershipWorld {

    private static final long SOON_WRAPS = Long.MAX_VALUE - 5 * SECOND;
    private static final long SWEEP = SECOND / 4;

    @Test
    void aPeerEntersWithItsFirstMessageAndHasWhatThatSays() {
        begin();
        add(EAST);
        assertThat(take()).containsExactly("listen " + EAST);
        hear(east.offers(new Service("a", 3, 0, 0), new Service("b", 0, 0, 9)).says());
        assertThat(take()).containsExactly("open east 100 tcp://east:10", "enter east 100", "credit east {a=3}");
        hear(east.says());
        // the same again, for the queue may have been refused meanwhile
        assertThat(take()).containsExactly("credit east {a=3}");
        hear(east.offers(new Service("b", 1, 0, 0)).says());
        assertThat(take()).containsExactly("credit east {b=1}");
        assertThat(machine.peers(now)).singleElement().satisfies(view -> {
            assertThat(view.peer().name()).isEqualTo("east");
            assertThat(view.liveness()).isEqualTo(PeerLiveness.PRESENT);
            assertThat(view.services()).containsExactly(new Service("b", 1, 0, 0));
            assertThat(view.credit()).containsEntry("b", new Credit(1, 1));
            assertThat(view.silentNanos()).isZero();
            assertThat(view.incarnation()).isEqualTo(east.life);
        });
    }

    @Test
    void whatAPeerHoldsOfOursIsCreditAndWhatItHoldsOfOthersIsNot() {
        beginWithEast(0);
        PeerId other = new PeerId(8, 8);
        east.offers(new Service("a", 2, 0, 0), new Service("b", 0, 0, 0), new Service("c", Integer.MAX_VALUE, 0, 0));
        hear(east.holds(new Held(OWN, "a", 5), new Held(other, "a", 7), new Held(OWN, "b", 1), new Held(OWN, "c", 1))
                .says());
        assertThat(take()).containsExactly("credit east {a=7, b=1, c=" + Integer.MAX_VALUE + "}");
        // when this broker begins another life, then what is held is not of that one
        machine.onStart(now, new PeerId(7, 8));
        assertThat(take()).containsExactly("credit east {a=2, c=" + Integer.MAX_VALUE + "}");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, SOON_WRAPS})
    void aPeerThatIsSilentIsEvasiveThenSilentThenGoneAndEachIsToldOnce(long origin) {
        begin(origin);
        add(EAST);
        hear(east.offers(new Service("a", 3, 0, 0)).says());
        take();
        // when it has been silent for a little less than three seconds, then it still counts
        pass(3 * SECOND - 1);
        assertThat(take()).isEmpty();
        // when it has been for so long, then it does not, and that is noticed within a sweep
        pass(SWEEP);
        assertThat(take()).containsExactly("east PRESENT to EVASIVE", "credit east {}");
        pass(7 * SECOND - SWEEP);
        assertThat(take()).isEmpty();
        pass(SWEEP);
        assertThat(take()).containsExactly("east EVASIVE to SILENT", "close east");
        pass(20 * SECOND - SWEEP);
        assertThat(take()).isEmpty();
        pass(SWEEP);
        assertThat(take()).containsExactly("exit east from SILENT EXPIRED");
        // and a seed is listened to for ever
        pass(100 * SECOND);
        assertThat(take()).isEmpty();
        assertThat(listens).containsExactly(EAST);
        // so that the same life is back as soon as it is heard
        hear(east.says());
        assertThat(take()).containsExactly("open east 100 tcp://east:10", "enter east 100", "credit east {a=3}");
    }

    @Test
    void anEvasivePeerThatIsHeardHasItsCreditBack() {
        begin();
        add(EAST);
        hear(east.offers(new Service("a", 3, 0, 0)).says());
        pass(4 * SECOND);
        take();
        hear(east.says());
        assertThat(take()).containsExactly("east EVASIVE to PRESENT", "credit east {a=3}");
    }

    @Test
    void aSilentPeerThatIsHeardIsOpenedAgain() {
        begin();
        add(EAST);
        hear(east.offers(new Service("a", 3, 0, 0)).says());
        pass(11 * SECOND);
        take();
        hear(east.says());
        assertThat(take())
                .containsExactly("open east 100 tcp://east:10", "east SILENT to PRESENT", "credit east {a=3}");
    }

    @Test
    void capacityExpiresBeforeThePeerIsEvasiveIfItIsToldTo() {
        settings = new PeeringSettings(
                "west",
                settings.stateEndpoints(),
                settings.cloudEndpoints(),
                1,
                SECOND,
                SECOND,
                5 * SECOND,
                6 * SECOND,
                7 * SECOND);
        begin();
        add(EAST);
        hear(east.offers(new Service("a", 3, 0, 0)).says());
        take();
        pass(SECOND - 1);
        assertThat(take()).isEmpty();
        pass(SWEEP);
        assertThat(take()).containsExactly("credit east {}");
        hear(east.says());
        assertThat(take()).containsExactly("credit east {a=3}");
    }

    @Test
    void whatOvertookOrCameTwiceChangesNothing() {
        begin();
        add(EAST);
        CapacityMessage first = east.offers(new Service("a", 1, 0, 0)).says();
        CapacityMessage second = east.offers(new Service("a", 2, 0, 0)).says();
        hear(second);
        take();
        hear(second);
        hear(first);
        assertThat(take()).isEmpty();
        assertThat(machine.stats().stale()).isEqualTo(2);
        assertThat(machine.stats().heard()).isEqualTo(3);
    }

    @Test
    void oldMessagesAreNoSignOfLife() {
        beginWithEast(0);
        CapacityMessage old = east.says();
        hear(east.says());
        for (int i = 0; i < 4; i++) {
            pass(SECOND);
            hear(old);
        }
        assertThat(take()).contains("east PRESENT to EVASIVE");
    }

    @Test
    void sequencesAreUnsigned() {
        begin();
        add(EAST);
        east.sequence = Long.MAX_VALUE - 1;
        hear(east.says());
        hear(east.says());
        hear(east.offers(new Service("a", 1, 0, 0)).says());
        assertThat(take()).contains("credit east {a=1}");
        assertThat(machine.stats().stale()).isZero();
    }

    @Test
    void itsOwnPauseIsNotThePeersSilence() {
        beginWithEast(0);
        now += 60 * SECOND; // Stopped: no tick came.
        machine.onTick(now);
        pass(2 * SECOND);
        assertThat(take()).isEmpty();
        pass(2 * SECOND);
        assertThat(take()).containsExactly("east PRESENT to EVASIVE");
    }

    @Test
    void aPeerThatLeavesIsGoneAtOnceAndAnswersWhatItHas() {
        beginWithEast(0);
        CapacityMessage before = east.says();
        hear(east.leaves());
        assertThat(take()).containsExactly("close east drain", "exit east from PRESENT LEFT");
        // what it says on, and what is left over, changes nothing
        hear(east.leaves());
        hear(before);
        assertThat(take()).isEmpty();
        assertThat(machine.stats().stale()).isEqualTo(2);
        // until it is started again
        east.life = new PeerId(0, 101);
        east.sequence = 0;
        hear(east.says());
        assertThat(take()).containsExactly("open east 101 tcp://east:10", "enter east 101");
    }

    @Test
    void aSilentPeerThatLeavesHasNothingToDrain() {
        beginWithEast(0);
        pass(12 * SECOND);
        take();
        hear(east.leaves());
        assertThat(take()).containsExactly("exit east from SILENT LEFT");
    }

    @Test
    void whoLeavesBeforeItWasEverHeardWasNeverThere() {
        begin();
        add(EAST);
        take();
        hear(east.leaves());
        assertThat(take()).isEmpty();
    }

    @Test
    void ticksMayComeAtAnyTime() {
        beginWithEast(0);
        for (int i = 0; i < 10_000; i++) {
            now += MILLI / 10;
            machine.onTick(now);
        }
        assertThat(take()).isEmpty();
        assertThat(said).hasSizeLessThan(10);
    }

    @Test
    void whatAStrangerSaidBeforeItLeftDoesNotMakeItAPeer() {
        begin();
        add(EAST);
        take();
        CapacityMessage before = east.offers(new Service("a", 3, 0, 0)).says();
        hear(east.leaves());
        hear(before);
        assertThat(take()).isEmpty();
    }

    @Test
    void theOtherServerOfAPairThatIsNotHeardIsAskedToServeUntilOneIs() {
        Broker pair = new Broker("east", 100, EAST, "tcp://east:2");
        begin();
        add(EAST);
        hear(pair.says());
        take();
        // when the one that serves falls silent, then the other one is asked, and again once in a second
        pass(3 * SECOND + SWEEP);
        assertThat(votes()).containsExactly("vote tcp://east:20");
        pass(2 * SECOND);
        assertThat(votes()).hasSize(2);
        // and not by one that stands by itself
        machine.onStandBy(now);
        pass(2 * SECOND);
        assertThat(votes()).isEmpty();
        machine.onStart(now, OWN);
        pass(SECOND);
        assertThat(votes()).hasSize(1);
        // until one is heard, or it is forgotten
        hear(pair.says());
        passWith(2 * SECOND, pair);
        assertThat(votes()).isEmpty();
        pass(31 * SECOND);
        assertThat(votes()).hasSizeBetween(20, 30);
        pass(5 * SECOND);
        assertThat(votes()).isEmpty();
    }

    private List<String> votes() {
        return take().stream().filter(line -> line.startsWith("vote")).toList();
    }

    @Test
    void nobodyVotesForWhoHasNoOther() {
        beginWithEast(0);
        pass(9 * SECOND);
        assertThat(votes()).isEmpty();
    }
}
