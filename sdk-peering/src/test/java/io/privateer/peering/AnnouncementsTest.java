package io.privateer.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import io.privateer.peering.CapacityMessage.Held;
import io.privateer.peering.CapacityMessage.Service;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a broker says of itself, and when. */
class AnnouncementsTest extends MembershipWorld {

    private static final long SOON_WRAPS = Long.MAX_VALUE - 700 * MILLI;

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, SOON_WRAPS})
    void itSpeaksFourTimesASecondAndOnceOfThatInFull(long origin) {
        begin(origin);
        for (int i = 0; i < 1_000; i++) {
            pass(10 * MILLI); // More ticks than are needed.
        }
        assertThat(said).hasSize(41);
        assertThat(said.stream().filter(CapacityMessage::full)).hasSize(11);
        assertThat(said.stream().map(CapacityMessage::sequence))
                .startsWith(1L, 2L, 3L)
                .endsWith(41L);
        assertThat(lastSaid().incarnation()).isEqualTo(OWN);
        assertThat(lastSaid().stateEndpoints()).isEqualTo(settings.stateEndpoints());
        assertThat(lastSaid().cloudEndpoints()).isEqualTo(settings.cloudEndpoints());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, SOON_WRAPS})
    void aChangeIsSaidAtOnceAndTheNextOnesTogetherAfterTheShortestInterval(long origin) {
        begin(origin);
        pass(100 * MILLI);
        said.clear();
        local(new LocalCapacity.Builder().service("a", 1, 0, 0));
        assertThat(said).hasSize(1);
        local(new LocalCapacity.Builder().service("a", 2, 0, 0));
        local(new LocalCapacity.Builder().service("a", 3, 0, 0));
        pass(20 * MILLI - 1);
        assertThat(said).hasSize(1);
        pass(1);
        assertThat(said).hasSize(2);
        assertThat(lastSaid().services()).containsExactly(new Service("a", 3, 0, 0));
        // and what is the same is no change
        local(new LocalCapacity.Builder().service("a", 3, 0, 0));
        pass(20 * MILLI);
        assertThat(said).hasSize(2);
    }

    @Test
    void howOftenItSpeaksIsBoundedWhateverChangesAndWhoeverCallsIt() {
        begin();
        SplittableRandom random = new SplittableRandom(20_261_123);
        for (long end = now + 10 * SECOND; now < end; now += random.nextLong(MILLI)) {
            local(new LocalCapacity.Builder().service("a", random.nextInt(), 0, random.nextInt()));
            introduce(new Broker("n" + random.nextInt(1_000), 1, "tcp://n" + random.nextInt(1_000) + ":1"));
            machine.onTick(now);
        }
        assertThat(settings.stateRateMax()).isEqualTo(50);
        assertThat((long) said.size()).isBetween(450L, 10 * settings.stateRateMax() + 1);
    }

    @Test
    void theFullStateIsSaidWhenSomebodyNewEntersAndNamesWhoIsThere() {
        beginWithEast(0);
        pass(100 * MILLI);
        add(NORTH);
        said.clear();
        hear(north.says());
        assertThat(said).singleElement().satisfies(message -> {
            assertThat(message.full()).isTrue();
            assertThat(message.peers()).containsExactly(east.contact(), north.contact());
        });
        // the evasive are named too, the silent are not
        passWith(5 * SECOND, north);
        assertThat(lastFull().peers()).containsExactly(east.contact(), north.contact());
        passWith(7 * SECOND, north);
        assertThat(lastFull().peers()).containsExactly(north.contact());
    }

    private CapacityMessage lastFull() {
        return said.stream().filter(CapacityMessage::full).reduce((a, b) -> b).orElseThrow();
    }

    @Test
    void theFullStateIsSaidWhenSomebodyBeginsToListen() {
        begin();
        pass(100 * MILLI);
        said.clear();
        introduce(east);
        assertThat(said).singleElement().satisfies(it -> assertThat(it.full()).isTrue());
    }

    @Test
    void itSaysNothingBeforeItIsStartedOrWhileItStandsByAndListensAllTheSame() {
        machine.onTick(now);
        pass(SECOND);
        add(EAST);
        hear(east.says());
        machine.onLeave(now);
        assertThat(said).isEmpty();
        assertThat(take()).contains("enter east 100");
        machine.onStart(now, OWN);
        assertThat(said).hasSize(1);
        machine.onStandBy(now);
        pass(10 * SECOND);
        assertThat(said).hasSize(1);
        // when it serves again, that is another life
        machine.onStart(now, new PeerId(7, 8));
        assertThat(lastSaid().incarnation()).isEqualTo(new PeerId(7, 8));
        assertThat(lastSaid().sequence()).isEqualTo(1);
        assertThat(lastSaid().full()).isTrue();
        assertThat(lastSaid().leaving()).isFalse();
    }

    @Test
    void whoLeavesSaysSoAtOnceAndAgainAndHasNothingToSpare() {
        begin();
        local(new LocalCapacity.Builder().service("a", 5, 0, 2).held(east.life, "a", 3));
        said.clear();
        machine.onLeave(now);
        assertThat(said).singleElement().satisfies(message -> {
            assertThat(message.leaving()).isTrue();
            assertThat(message.services()).containsExactly(new Service("a", 0, 0, 2));
            assertThat(message.held()).containsExactly(new Held(east.life, "a", 3));
        });
        machine.onLeave(now);
        assertThat(said).hasSize(1);
        pass(SECOND);
        assertThat(said).hasSize(5).allMatch(CapacityMessage::leaving);
    }

    @Test
    void capacityThatNoMessageHoldsIsLeftOut() {
        LocalCapacity.Builder capacity = new LocalCapacity.Builder();
        capacity.service("x".repeat(256), 1, 0, 1).service("a", -1, 0, -1).service("a", 5, 0, 5);
        capacity.held(OWN, "b", 2).held(OWN, "a", 0).held(OWN, "x".repeat(256), 1);
        for (int i = 0; i < 300; i++) {
            capacity.service("s" + i, i, 0, 0);
        }
        capacity.held(OWN, "s299", 1);
        for (int i = 0; i < 5_000; i++) {
            capacity.held(new PeerId(1, i), "s1", 1);
        }
        LocalCapacity built = capacity.build();
        assertThat(built.services()).hasSize(256).startsWith(new Service("a", 0, 0, 0), new Service("b", 0, 0, 0));
        assertThat(built.held()).hasSize(4_096).startsWith(new Held(OWN, "b", 2), new Held(new PeerId(1, 0), "s1", 1));
        begin();
        local(capacity);
        pass(SECOND);
        assertThat(CapacityCodec.encode(lastSaid())).hasSizeLessThan(CapacityCodec.FRAME_BYTES_MAX);
    }
}
