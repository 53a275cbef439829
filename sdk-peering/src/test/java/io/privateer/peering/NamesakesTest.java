package io.privateer.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import io.privateer.peering.CapacityMessage.Service;
import org.junit.jupiter.api.Test;

/** Several lives of one name: a broker that was started again, the two servers of a pair, and two that should not be. */
class NamesakesTest extends MembershipWorld {

    private static final String ELSEWHERE = "tcp://elsewhere:1";

    private final Broker otherEast = new Broker("east", 300, ELSEWHERE);

    @Test
    void aBrokerThatWasStartedAgainTakesItsOwnPlaceAndNothingIsDrained() {
        begin();
        add(EAST);
        CapacityMessage leftover = east.says();
        hear(east.offers(new Service("a", 1, 0, 0)).says());
        take();
        east.life = new PeerId(0, 101);
        east.sequence = 0;
        hear(east.says());
        assertThat(take())
                .containsExactly(
                        "exit east from PRESENT RESTARTED",
                        "open east 101 tcp://east:10",
                        "enter east 101",
                        "credit east {a=1}");
        hear(leftover);
        assertThat(take()).isEmpty();
        assertThat(machine.stats().stale()).isEqualTo(1);
    }

    @Test
    void aBrokerThatWasStartedAgainWhileItWasSilentIsOpenOnce() {
        beginWithEast(0);
        pass(12 * SECOND);
        take();
        east.life = new PeerId(0, 101);
        hear(east.says());
        assertThat(take())
                .containsExactly("exit east from SILENT RESTARTED", "open east 101 tcp://east:10", "enter east 101");
    }

    @Test
    void aNewLifeThatLeavesAtOnceIsTheEndOfTheOldOne() {
        beginWithEast(0);
        east.life = new PeerId(0, 101);
        hear(east.leaves());
        assertThat(take()).containsExactly("close east drain", "exit east from PRESENT LEFT");
    }

    @Test
    void theOtherServerOfAPairTakesOverAndTheFirstOnesLastWordsChangeNothing() {
        begin();
        Broker first = new Broker("east", 1, EAST, ELSEWHERE);
        Broker second = new Broker("east", 2, ELSEWHERE, EAST);
        add(EAST);
        hear(first.says(contacts()));
        assertThat(take()).contains("listen " + ELSEWHERE);
        hear(second.says());
        assertThat(take()).contains("exit east from PRESENT RESTARTED", "open east 2 tcp://elsewhere:10");
        // when both speak, then that is no flapping, and nothing to be told of unless it lasts
        passWith(2 * SECOND, first, second);
        assertThat(take()).isEmpty();
        passWith(10 * SECOND, first, second);
        assertThat(take()).containsExactly("misconfigured NAME_TAKEN east " + EAST);
        // when the second is silent, then the first is believed again, but nothing that is left over of it
        CapacityMessage leftover = first.says();
        passWith(2 * SECOND, first);
        pass(SECOND);
        assertThat(take()).contains("east PRESENT to EVASIVE");
        hear(leftover);
        assertThat(take()).isEmpty();
        hear(first.says());
        assertThat(take()).contains("exit east from EVASIVE RESTARTED", "enter east 1");
        hear(leftover);
        assertThat(take()).isEmpty();
    }

    @Test
    void aNameThatIsTakenIsToldOnceAndTheNewcomerIsNotHeardUntilTheIncumbentIsSilent() {
        beginWithEast(0);
        introduce(otherEast);
        assertThat(take()).containsExactly("listen " + ELSEWHERE);
        passWith(20 * SECOND, east, otherEast);
        assertThat(take()).containsExactly("misconfigured NAME_TAKEN east " + ELSEWHERE);
        assertThat(machine.stats().namesTaken()).isEqualTo(1);
        passWith(11 * SECOND, otherEast);
        assertThat(take())
                .containsExactly(
                        "east PRESENT to EVASIVE",
                        "east EVASIVE to SILENT",
                        "close east",
                        "exit east from SILENT RESTARTED",
                        "open east 300 tcp://elsewhere:10",
                        "enter east 300");
    }

    @Test
    void aNameThatIsTakenAgainIsToldAgain() {
        beginWithEast(0);
        introduce(otherEast);
        passWith(2 * SECOND, east, otherEast);
        take();
        passWith(4 * SECOND, east);
        passWith(2 * SECOND, east, otherEast);
        assertThat(take()).containsExactly("misconfigured NAME_TAKEN east " + ELSEWHERE);
    }

    @Test
    void aBrokerThatHasMovedIsNoNamesake() {
        beginWithEast(0);
        introduce(otherEast);
        passWith(9 * SECOND, otherEast);
        assertThat(take()).doesNotContain("misconfigured NAME_TAKEN east " + ELSEWHERE);
        passWith(2 * SECOND, otherEast);
        assertThat(take()).contains("enter east 300");
        // and where it was is forgotten unless the user has named that
        pass(100 * SECOND);
        assertThat(listens).containsExactly(EAST);
    }

    @Test
    void whenTheIncumbentLeavesTheOtherOneIsHeard() {
        beginWithEast(0);
        introduce(otherEast);
        passWith(2 * SECOND, east, otherEast);
        hear(east.leaves());
        take();
        hear(otherEast.says());
        assertThat(take()).containsExactly("open east 300 tcp://elsewhere:10", "enter east 300");
    }

    @Test
    void whoHasThisBrokersNameIsToldOncePerEpisode() {
        begin();
        Broker namesake = new Broker("west", 300, ELSEWHERE);
        introduce(namesake);
        take();
        passWith(20 * SECOND, namesake);
        assertThat(take()).containsExactly("misconfigured NAME_TAKEN west " + ELSEWHERE);
        pass(5 * SECOND);
        hear(namesake.says());
        assertThat(take()).containsExactly("misconfigured NAME_TAKEN west " + ELSEWHERE);
        assertThat(machine.peers(now)).isEmpty();
        assertThat(machine.stats().namesTaken()).isEqualTo(2);
    }

    @Test
    void theOtherServerOfItsOwnPairIsMeantToHaveItsName() {
        begin();
        Broker partner = new Broker("west", 300, WEST_PARTNER, WEST);
        add(WEST_PARTNER);
        introduce(partner);
        assertThat(listens).isEmpty();
        add("tcp://alias:1");
        take();
        hear("tcp://alias:1", partner.says());
        assertThat(take()).isEmpty();
    }

    @Test
    void aBrokerThatIsToldToPeerWithItselfSaysSo() {
        begin();
        add(WEST);
        assertThat(take()).containsExactly("misconfigured SELF west " + WEST);
        // also where it does not know the address for its own
        add("tcp://localhost:1");
        take();
        hear("tcp://localhost:1", lastSaid());
        assertThat(take()).containsExactly("deaf tcp://localhost:1", "misconfigured SELF west tcp://localhost:1");
        // and others cannot make it listen there again, only the user
        introduce(new Broker("west", 1, "tcp://localhost:1"));
        assertThat(listens).isEmpty();
        add("tcp://localhost:1");
        hear("tcp://localhost:1", lastSaid());
        assertThat(take()).contains("misconfigured SELF west tcp://localhost:1");
    }

    @Test
    void aBrokerThatOthersSendToItselfSaysNothing() {
        begin();
        introduce(new Broker("moon", 1, "tcp://localhost:1"));
        take();
        hear("tcp://localhost:1", lastSaid());
        assertThat(take()).containsExactly("deaf tcp://localhost:1");
        for (int i = 0; i < 20; i++) {
            String alias = "tcp://alias" + i + ":1";
            introduce(new Broker("m" + i, 1, alias));
            hear(alias, lastSaid());
        }
        assertThat(listens).isEmpty();
    }

    @Test
    void aVersionThatNobodyKnowsIsToldOncePerEpisode() {
        begin();
        add(EAST);
        take();
        for (int i = 0; i < 100; i++) {
            pass(SECOND);
            machine.onUnknownVersion(now, EAST, 2);
        }
        assertThat(take()).containsExactly("version 2 at " + EAST);
        assertThat(machine.stats().otherVersions()).isEqualTo(100);
        hear(east.says());
        take();
        machine.onUnknownVersion(now, EAST, 2);
        assertThat(take()).containsExactly("version 2 at " + EAST);
        machine.onUnknownVersion(now, "tcp://unlistened:1", 2);
        assertThat(take()).isEmpty();
    }
}
