package io.privateer.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import io.privateer.pubsub.Control.OfPublisher;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublisherMachineTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long LIFE = 77;

    private final List<String> done = new ArrayList<>();
    private final List<DataFrame.Positions> announced = new ArrayList<>();
    private final List<OfPublisher> said = new ArrayList<>();
    private int roomFor = Integer.MAX_VALUE;
    private long now = Long.MAX_VALUE - SECOND; // Wraps soon.
    private PublisherMachine<String> machine = machine(Set.of("a", "b"), 0, 3);

    private PublisherMachine<String> machine(Set<String> expected, int quorum, int subscribersMax) {
        PublisherMachine.Settings settings = new PublisherMachine.Settings(
                expected, quorum, SECOND, 3, subscribersMax, new History.Bounds(4, 1_000, 0, 0));
        return new PublisherMachine<>(settings, LIFE, new Port(), now);
    }

    private final class Port implements PublisherPort<String> {
        @Override
        public boolean say(String peer, OfPublisher message) {
            said.add(message);
            done.add("say " + peer + " " + message.getClass().getSimpleName());
            return said.size() <= roomFor;
        }

        @Override
        public void announce(DataFrame.Positions positions) {
            announced.add(positions);
        }

        @Override
        public void confirmed(String name) {
            done.add("confirmed " + name);
        }

        @Override
        public void left(String name, PublisherListener.LeaveCause cause) {
            done.add("left " + name + " " + cause);
        }

        @Override
        public void refused(String name, Control.Refusal refusal) {
            done.add("refused " + name + " " + refusal);
        }

        @Override
        public void finished(boolean complete) {
            done.add("finished " + complete);
        }
    }

    private void hello(String peer, long id, String name, String... prefixes) {
        machine.onSaid(peer, new Control.Hello(new PeerId(id, id), name, List.of(prefixes)), now);
    }

    private void confirm(String peer) {
        machine.onSaid(peer, new Control.Confirm(LIFE), now);
    }

    private static Run run(long first, int count) {
        return new Run(first, count, new byte[10 * count], 0, 0);
    }

    private List<String> drain() {
        List<String> all = List.copyOf(done);
        done.clear();
        return all;
    }

    @Test
    void whoIntroducesItselfIsWelcomedAndProbedOnEachPrefixOnceATurn() {
        machine.onSent("news", run(1, 2));
        hello("p1", 1, "a", "n", "s");
        hello("p2", 2, "b", "s");
        assertThat(announced).isEmpty();
        machine.onEndOfTurn();
        machine.onEndOfTurn();
        assertThat(drain()).containsExactly("say p1 Welcome", "say p2 Welcome");
        assertThat(announced).extracting(DataFrame.Positions::prefix).containsExactlyInAnyOrder("n", "s");
        assertThat(announced).allMatch(DataFrame.Positions::complete).noneMatch(DataFrame.Positions::last);
        assertThat(announced.stream()
                        .filter(it -> it.prefix().equals("n"))
                        .findFirst()
                        .orElseThrow()
                        .positions())
                .containsExactly(new DataFrame.Position("news", 2));
    }

    @Test
    void aSubscriptionThatArrivesIsProbedForWhoWaitsOnly() {
        hello("p1", 1, "a", "n");
        machine.onEndOfTurn();
        announced.clear();
        machine.onSubscribed("other");
        machine.onEndOfTurn();
        assertThat(announced).isEmpty();
        machine.onSubscribed("n");
        machine.onEndOfTurn();
        assertThat(announced).hasSize(1);
        confirm("p1");
        machine.onSubscribed("n");
        machine.onEndOfTurn();
        assertThat(announced).hasSize(1);
    }

    @Test
    void theStartIsCompleteWhenAllExpectedHaveConfirmed() {
        List<StartOutcome> outcomes = new ArrayList<>();
        machine.await(now + SECOND, outcomes::add);
        hello("p1", 1, "a", "");
        confirm("p1");
        confirm("p1");
        machine.onSaid("p1", new Control.Confirm(LIFE + 1), now);
        hello("p2", 2, "b", "");
        machine.onSaid("p2", new Control.Confirm(LIFE + 1), now);
        assertThat(outcomes).isEmpty();
        confirm("p2");
        machine.await(now, outcomes::add);
        assertThat(outcomes)
                .containsExactly(
                        new StartOutcome(true, Set.of("a", "b"), Set.of()),
                        new StartOutcome(true, Set.of("a", "b"), Set.of()));
        assertThat(machine.confirmedCount()).isEqualTo(2);
        assertThat(drain()).containsOnlyOnce("confirmed a");
    }

    @Test
    void atItsDeadlineWhoWaitsIsToldWhoIsMissingNeitherEarlierNorLater() {
        List<StartOutcome> outcomes = new ArrayList<>();
        machine.await(now + SECOND / 2, outcomes::add);
        assertThat(machine.nextDeadlineNanos()).isEqualTo(now + SECOND / 2);
        machine.onTick(now + SECOND / 2 - 1);
        assertThat(outcomes).isEmpty();
        machine.onTick(now + SECOND / 2);
        assertThat(outcomes).containsExactly(new StartOutcome(false, Set.of(), Set.of("a", "b")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aQuorumCountsTheExpectedOrEverybody(boolean named) {
        machine = machine(named ? Set.of("a", "b") : Set.of(), 1, 3);
        List<StartOutcome> outcomes = new ArrayList<>();
        machine.await(now + SECOND, outcomes::add);
        hello("p9", 9, "somebody", "");
        confirm("p9");
        assertThat(outcomes).hasSize(named ? 0 : 1);
        hello("p1", 1, "a", "");
        confirm("p1");
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.get(0).complete()).isTrue();
    }

    @Test
    void oneNameIsForOneLivingSubscriberAndANewConnectionOfItIsNoOther() {
        hello("p1", 1, "a", "");
        hello("p2", 2, "a", "");
        assertThat(drain()).containsExactly("say p1 Welcome", "refused a NAME_TAKEN", "say p2 Refused");
        hello("p3", 1, "a", "");
        assertThat(drain()).containsExactly("say p3 Welcome");
        machine.onPeerGone("p1");
        assertThat(machine.subscriberCount()).isEqualTo(1);
        machine.onPeerGone("p3");
        assertThat(drain()).containsExactly("left a DISCONNECTED");
        hello("p2", 2, "a", "");
        assertThat(drain()).containsExactly("say p2 Welcome");
        assertThat(machine.refusals()).isEqualTo(1);
    }

    @Test
    void aPeerMayTakeAnotherNameAndThereAreNotMoreThanAllowed() {
        hello("p1", 1, "a", "");
        hello("p1", 1, "b", "");
        assertThat(drain()).containsExactly("say p1 Welcome", "left a SAID_GOODBYE", "say p1 Welcome");
        hello("p2", 2, "c", "");
        hello("p3", 3, "d", "");
        drain();
        hello("p4", 4, "e", "");
        assertThat(drain()).containsExactly("refused e TOO_MANY_SUBSCRIBERS", "say p4 Refused");
        hello("p3", 3, "d", "");
        assertThat(drain()).containsExactly("say p3 Welcome");
    }

    @Test
    void beatsAreAnsweredAndWhoIsSilentIsGivenUp() {
        hello("p1", 1, "a", "");
        hello("p2", 2, "b", "");
        drain();
        machine.onSaid("stranger", new Control.SubscriberBeat(), now);
        for (int i = 0; i < 3; i++) {
            now += SECOND;
            machine.onSaid("p1", new Control.SubscriberBeat(), now);
            machine.onTick(now);
        }
        assertThat(drain())
                .containsExactly(
                        "say p1 PublisherBeat", "say p1 PublisherBeat", "say p1 PublisherBeat", "left b SILENT");
        machine.onSaid("p1", new Control.Leave(), now);
        assertThat(drain()).containsExactly("left a SAID_GOODBYE");
        machine.onPeerGone("p1");
        assertThat(drain()).isEmpty();
    }

    @Test
    void eachHeartbeatTellsOnEachPrefixHowFarItsTopicsAre() {
        hello("p1", 1, "a", "n", "s");
        machine.onSent("news", run(1, 2));
        machine.onTick(now + SECOND - 1);
        assertThat(announced).isEmpty();
        machine.onTick(now + SECOND);
        assertThat(announced).hasSize(2);
        assertThat(announced).noneMatch(DataFrame.Positions::complete);
        assertThat(announced.stream().mapToInt(it -> it.positions().size()).sum())
                .isEqualTo(1);
    }

    @Test
    void aLongListTakesSeveralParts() {
        for (int i = 0; i < 1_000; i++) {
            machine.onSent("a-topic-with-a-name-of-some-length-" + i, run(1, 1));
        }
        hello("p1", 1, "a", "");
        machine.onEndOfTurn();
        assertThat(announced).hasSizeGreaterThan(1);
        assertThat(announced)
                .extracting(DataFrame.Positions::probe)
                .containsOnly(announced.get(0).probe());
        assertThat(announced).extracting(DataFrame.Positions::parts).containsOnly(announced.size());
        assertThat(announced.stream().mapToInt(it -> it.positions().size()).sum())
                .isEqualTo(1_000);
        assertThat(announced).allMatch(it -> DataFrame.encode(it).length < 64 << 10);
    }

    @Test
    void whatIsAskedForIsSentAsFarAsItIsThereAlsoToWhoIsNotKnown() {
        for (int i = 1; i <= 6; i++) {
            machine.onSent("t", run(i, 1));
        }
        machine.onSaid("stranger", new Control.Ask(LIFE, 1, 6, 1_000, "t"), now);
        assertThat(drain()).containsExactly("say stranger Again", "say stranger Answered");
        assertThat(said.get(0)).isInstanceOfSatisfying(Control.Again.class, again -> {
            assertThat(again.run().first()).isEqualTo(3);
            assertThat(again.run().last()).isEqualTo(6);
        });
        assertThat(said.get(1)).isEqualTo(new Control.Answered(LIFE, 6, "t"));
        machine.onSaid("stranger", new Control.Ask(LIFE + 1, 1, 6, 1_000, "t"), now);
        assertThat(drain()).isEmpty();
        assertThat(machine.replayedMessages()).isEqualTo(4);
        assertThat(machine.replayRequests()).isEqualTo(1);
        assertThat(machine.replaysCutShort()).isZero();
    }

    @Test
    void whoDoesNotReadIsToldHowFarItsAnswerWentAndThatIsCounted() {
        for (int i = 1; i <= 4; i++) {
            machine.onSent("t", run(i, 1));
        }
        roomFor = 0;
        machine.onSaid("p1", new Control.Ask(LIFE, 2, 4, 1_000, "t"), now);
        assertThat(said).last().isEqualTo(new Control.Answered(LIFE, 1, "t"));
        roomFor = said.size() + 1; // Which takes what was asked for, and not the last word.
        machine.onSaid("p1", new Control.Ask(LIFE, 2, 4, 1_000, "t"), now);
        assertThat(machine.replaysCutShort()).isEqualTo(2);
        assertThat(machine.replayedMessages()).isEqualTo(3);
    }

    @Test
    void itEndsWhenAllHaveSaidThatTheyHaveEverything() {
        List<StartOutcome> outcomes = new ArrayList<>();
        machine.await(now + 100 * SECOND, outcomes::add);
        hello("p1", 1, "a", "");
        hello("p2", 2, "b", "");
        machine.onSaid("p1", new Control.Done(LIFE), now);
        drain();
        machine.close(now, now + 10 * SECOND);
        machine.close(now, now);
        assertThat(announced).isNotEmpty().allMatch(DataFrame.Positions::last).allMatch(DataFrame.Positions::complete);
        machine.onSaid("p1", new Control.Done(LIFE), now);
        machine.onSaid("p2", new Control.Done(LIFE + 1), now);
        assertThat(drain()).isEmpty();
        machine.onSaid("p2", new Control.Done(LIFE), now);
        assertThat(drain()).containsExactly("finished true");
        assertThat(outcomes).isEmpty();
        // and nothing more
        machine.onTick(now + 100 * SECOND);
        hello("p3", 3, "late", "");
        assertThat(drain()).isEmpty();
    }

    @Test
    void itEndsAtItsDeadlineOrWhenTheLastHasLeft() {
        hello("p1", 1, "a", "");
        machine.close(now, now + SECOND / 2);
        assertThat(machine.nextDeadlineNanos()).isEqualTo(now + SECOND / 10);
        machine.onTick(now + SECOND / 2 - 1);
        drain();
        machine.onTick(now + SECOND / 2);
        assertThat(drain()).containsExactly("finished false");
        machine = machine(Set.of(), 0, 3);
        machine.close(now, now + SECOND);
        assertThat(drain()).containsExactly("finished true");
        machine = machine(Set.of(), 0, 3);
        hello("p1", 1, "a", "");
        machine.close(now, now + SECOND);
        drain();
        machine.onSaid("p1", new Control.Leave(), now);
        assertThat(drain()).containsExactly("left a SAID_GOODBYE", "finished true");
    }

    @Test
    void whoIsLostWhileItEndsMayComeBackForTheRest() {
        // given one that has everything, and one that is lost before it has
        hello("p1", 1, "a", "");
        hello("p2", 2, "b", "");
        machine.close(now, now + 10 * SECOND);
        machine.onSaid("p1", new Control.Done(LIFE), now);
        drain();
        machine.onPeerGone("p2");
        machine.onPeerGone("p1");
        assertThat(drain()).containsExactly("left b DISCONNECTED", "left a DISCONNECTED");
        // when that one is back, then it is awaited until it has everything too
        hello("p3", 2, "b", "");
        assertThat(drain()).containsExactly("say p3 Welcome");
        machine.onSaid("p3", new Control.Done(LIFE), now);
        assertThat(drain()).containsExactly("finished true");
        // and one that does not come back, until the time is out
        machine = machine(Set.of(), 0, 3);
        hello("p1", 1, "a", "");
        machine.close(now, now + SECOND);
        machine.onPeerGone("p1");
        machine.onTick(now + SECOND - 1);
        drain();
        machine.onTick(now + SECOND);
        assertThat(drain()).containsExactly("finished false");
    }
}
