package io.privateer.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubscriberMachineTest extends SubscriberMachineFixture {

    @BeforeEach
    void begin() {
        machine.onTick(now);
        assertThat(drain()).containsExactly("say Hello");
    }

    @Test
    void itAsksForAProbeUntilOneHasComeOnEachPrefix() {
        machine = machine(true, false, 10, 1_000, "t", "u");
        machine.onTick(now);
        machine.onTick(now + PROBE - 1);
        assertThat(drain()).containsExactly("say Hello");
        machine.onTick(now + PROBE);
        machine.onTick(now + PROBE + 1);
        assertThat(drain()).containsExactly("say Hello");
        now += PROBE;
        welcome(LIFE);
        probe("t");
        probe("x");
        assertThat(drain()).isEmpty();
        assertThat(machine.isSynced()).isFalse();
        probe("u");
        assertThat(drain()).containsExactly("say Confirm", "synced");
        now += SECOND / 2;
        machine.onTick(now);
        probe("u");
        assertThat(drain()).isEmpty();
    }

    @Test
    void allPartsOfOneListMakeAProbe() {
        welcome(LIFE);
        probes = 1;
        machine.onData(list("t", true, false, 0, 2), now);
        probes = 2;
        machine.onData(list("t", true, false, 1, 2), now);
        assertThat(drain()).isEmpty();
        machine.onData(list("t", true, false, 0, 2), now);
        assertThat(drain()).containsExactly("say Confirm", "synced");
    }

    @Test
    void aProbeAheadOfTheWelcomeIsAskedForAgainAtOnce() {
        probe("t");
        data("t", 1, 1);
        assertThat(machine.strangers()).isEqualTo(2);
        assertThat(drain()).isEmpty();
        welcome(LIFE);
        assertThat(drain()).containsExactly("say Hello");
    }

    @Test
    void whatComesInOrderIsDeliveredOnce() {
        join("t1", 5);
        data("t1", 6, 2);
        data("t1", 7, 3);
        data("t1", 6, 2);
        data("t2", 1, 1);
        assertThat(drain()).containsExactly("t1 6..7", "t1 8..9", "t2 1..1");
        assertThat(machine.duplicates()).isEqualTo(2);
        assertThat(machine.topics()).isEqualTo(2);
    }

    @Test
    void whatComesBeforeTheProbeIsDeliveredFromWhereItBegins() {
        welcome(LIFE);
        data("t1", 4, 1);
        probe("t", "t1", 4, "t2", 9);
        data("t1", 5, 1);
        data("t2", 10, 1);
        assertThat(drain()).containsExactly("t1 4..4", "say Confirm", "synced", "t1 5..5", "t2 10..10");
    }

    @Test
    void aGapIsAskedForAndWhatComesMeanwhileWaits() {
        join();
        data("t1", 1, 1);
        data("t1", 4, 1);
        data("t1", 5, 2);
        assertThat(drain()).containsExactly("t1 1..1", "ask t1 2..3");
        again("t1", 2, 2);
        assertThat(drain()).containsExactly("t1 2..3", "t1 4..4", "t1 5..6");
        answered("t1", 3);
        again("t1", 2, 2);
        answered("t1", 3);
        assertThat(drain()).isEmpty();
        assertThat(machine.recovery().recovered()).isEqualTo(2);
        assertThat(machine.recovery().heldBytes()).isZero();
        assertThat(machine.recovery().questions()).isEqualTo(1);
    }

    @Test
    void whatThePublisherNoLongerHasIsReportedExactly() {
        join();
        data("t1", 6, 1);
        assertThat(drain()).containsExactly("ask t1 1..5");
        again("t1", 3, 1);
        answered("t1", 5);
        assertThat(drain()).containsExactly("missed t1 1..2", "t1 3..3", "missed t1 4..5", "t1 6..6");
        assertThat(machine.recovery().missed()).isEqualTo(4);
    }

    @Test
    void anAnswerInPiecesIsAskedOnFor() {
        join();
        data("t1", 6, 1);
        again("t1", 1, 3);
        answered("t1", 3);
        assertThat(drain()).containsExactly("ask t1 1..5", "t1 1..3", "ask t1 4..5");
    }

    @Test
    void withoutReplayAGapIsReportedAtOnce() {
        machine = machine(false, false, 10, 1_000, "t");
        join();
        data("t1", 3, 1);
        announce("t", "t1", 5);
        data("t1", 6, 1);
        assertThat(drain()).containsExactly("missed t1 1..2", "t1 3..3", "missed t1 4..5", "t1 6..6");
    }

    @Test
    void theLossOfTheLastMessageIsNoticedByItsAnnouncement() {
        join("t1", 1);
        announce("t", "t1", 1, "t2", 3);
        announce("tx", "t1", 2);
        assertThat(drain()).containsExactly("ask t2 1..3", "ask t1 2..2");
        answered("t1", 2);
        assertThat(drain()).containsExactly("missed t1 2..2");
    }

    @Test
    void whatOthersAreToldSaysNothingBeforeTheOwnProbe() {
        welcome(LIFE);
        announce("t", "t1", 3);
        assertThat(machine.topics()).isZero();
    }

    @Test
    void anAnswerThatDoesNotComeIsNotWaitedForLongerThanAllowed() {
        join();
        data("t1", 2, 1);
        drain();
        assertThat(machine.nextDeadlineNanos() - now).isLessThanOrEqualTo(SECOND);
        machine.onTick(now + SECOND - 1);
        assertThat(drain()).isEmpty();
        machine.onTick(now + SECOND);
        assertThat(drain()).contains("missed t1 1..1", "t1 2..2");
    }

    @Test
    void nothingIsGivenUpWhileNobodyCanAnswer() {
        join();
        data("t1", 2, 1);
        machine.onControlLost(now);
        now += 2 * SECOND;
        machine.onTick(now);
        assertThat(drain()).doesNotContain("missed t1 1..1");
        assertThat(machine.nextDeadlineNanos() - now).isPositive();
        welcome(LIFE);
        assertThat(drain()).contains("ask t1 1..1");
        machine.onTick(now + SECOND - 1);
        again("t1", 1, 1);
        assertThat(drain()).contains("t1 1..1", "t1 2..2");
    }

    @Test
    void moreThanMayBeHeldIsNotWaitedFor() {
        machine = machine(true, false, 10, 25, "t");
        join();
        data("t1", 2, 1);
        data("t1", 4, 1);
        assertThat(drain()).containsExactly("ask t1 1..1");
        data("t1", 6, 1);
        assertThat(drain())
                .containsExactly("missed t1 1..1", "t1 2..2", "missed t1 3..3", "t1 4..4", "missed t1 5..5", "t1 6..6");
        assertThat(machine.recovery().heldBytes()).isZero();
    }

    @Test
    void moreQuestionsThanAllowedWaitForTheirTurn() {
        machine = machine(true, false, 1_000, 1_000_000, "t");
        join();
        for (int i = 0; i <= Recovery.QUESTIONS_MAX; i++) {
            data("t" + i, 2, 1);
        }
        assertThat(drain()).hasSize(Recovery.QUESTIONS_MAX);
        data("t" + Recovery.QUESTIONS_MAX, 3, 1);
        assertThat(drain()).isEmpty();
        answered("t0", 1);
        assertThat(drain()).containsExactly("missed t0 1..1", "t0 2..2", "ask t" + Recovery.QUESTIONS_MAX + " 1..1");
    }

    @Test
    void aTopicTooManyIsDroppedAndReported() {
        machine = machine(true, false, 1, 1_000, "t");
        join("t1", 1);
        data("t2", 1, 1);
        announce("t", "t3", 1);
        data("t2", 2, 3);
        assertThat(drain()).containsExactly("refused t2", "dropped t2 1..1", "dropped t2 2..4");
        assertThat(machine.topicsRefused()).isEqualTo(3);
        assertThat(machine.recovery().missed()).isEqualTo(4);
        answered("t2", 1);
        again("t2", 1, 1);
        assertThat(drain()).isEmpty();
    }

    @Test
    void whoJoinsLateMayHaveTheLastValueOfEachTopic() {
        machine = machine(false, true, 10, 1_000, "t");
        welcome(LIFE);
        probe("t", "t1", 7, "t2", 3);
        assertThat(drain()).containsExactly("ask t1 7..7", "ask t2 3..3", "say Confirm", "synced");
        data("t1", 8, 1);
        again("t1", 7, 1);
        answered("t1", 7);
        answered("t2", 3);
        assertThat(drain()).containsExactly("t1 7..7", "t1 8..8", "missed t2 3..3");
    }

    @Test
    void aLostConnectionForDataIsProbedAnewAndWhatWasLostWithItIsAskedFor() {
        join("t1", 1);
        machine.onDataLost(now);
        assertThat(drain()).containsExactly("unsynced", "say Hello");
        welcome(LIFE);
        probe("t", "t1", 3);
        assertThat(drain()).containsExactly("ask t1 2..3", "say Confirm", "synced");
    }

    @Test
    void aLostConnectionForControlAsksAgainWhatWasNotAnswered() {
        join();
        data("t1", 2, 1);
        data("t2", 2, 1);
        again("t2", 1, 1);
        drain();
        machine.onControlLost(now);
        assertThat(drain()).containsExactly("unsynced", "say Hello");
        welcome(LIFE);
        assertThat(drain()).containsExactly("ask t1 1..1");
        data("t2", 4, 1);
        assertThat(drain()).containsExactly("ask t2 3..3");
    }

    @Test
    void theNextLifeOfThePublisherBeginsAnewFromItsFirstMessage() {
        join("t1", 4);
        data("t1", 6, 1);
        drain();
        welcome(LIFE + 1);
        assertThat(drain()).containsExactly("missed t1 5..5", "t1 6..6", "ended false", "unsynced");
        data("t1", 7, 1);
        assertThat(machine.strangers()).isEqualTo(1);
        machine.onSaid(new Control.Again(LIFE, "t1", run(7, 1)), now);
        machine.onSaid(new Control.Answered(LIFE, 7, "t1"), now);
        machine.onData(new DataFrame.Messages("t1", LIFE + 1, run(2, 1)), now);
        assertThat(drain()).containsExactly("ask t1 1..1");
    }

    @Test
    void anOrderlyEndIsConfirmedOnceEverythingIsThere() {
        join();
        data("t1", 2, 1);
        drain();
        probes++;
        machine.onData(list("t", true, true, 0, 1, "t1", 2), now);
        assertThat(drain()).isEmpty();
        again("t1", 1, 1);
        answered("t1", 1);
        assertThat(drain()).containsExactly("t1 1..1", "t1 2..2", "say Done", "ended true");
        machine.onData(list("t", true, true, 0, 1, "t1", 2), now);
        machine.onTick(now);
        welcome(LIFE + 1);
        assertThat(drain()).containsExactly("unsynced");
    }

    @Test
    void theEndIsToldOnceButDoneIsSaidAgainToAPublisherThatHasForgottenIt() {
        join();
        probes++;
        machine.onData(list("t", true, true, 0, 1), now);
        assertThat(drain()).containsExactly("say Done", "ended true");
        // when the connection for control is lost, the publisher does not know any more who had said DONE
        machine.onControlLost(now);
        machine.onData(list("t", true, true, 0, 1), now);
        assertThat(drain()).containsExactly("unsynced", "say Hello", "say Confirm", "synced");
        welcome(LIFE);
        probes++;
        machine.onData(list("t", true, true, 0, 1), now);
        assertThat(drain()).containsExactly("say Done");
        assertThat(lives).isEqualTo(1);
    }

    @Test
    void doneIsSaidAgainIfItWasNotTaken() {
        join();
        takesWhatIsSaid = false;
        probes++;
        machine.onData(list("t", true, true, 0, 1), now);
        takesWhatIsSaid = true;
        machine.onTick(now);
        machine.onTick(now);
        assertThat(drain()).containsExactly("say Done", "ended true", "say Done");
    }

    @Test
    void itBeatsAndMakesASilentConnectionForDataAnew() {
        join();
        for (int i = 0; i < 2; i++) {
            now += SECOND;
            machine.onSaid(new Control.PublisherBeat(), now);
            machine.onTick(now);
        }
        assertThat(drain()).containsExactly("say SubscriberBeat", "say SubscriberBeat");
        now += SECOND;
        machine.onSaid(new Control.PublisherBeat(), now);
        machine.onTick(now);
        assertThat(drain()).containsExactly("say SubscriberBeat", "reconnect data", "unsynced", "say Hello");
        for (int i = 0; i < 3; i++) {
            now += SECOND;
            machine.onSaid(new Control.PublisherBeat(), now);
            machine.onTick(now);
        }
        assertThat(drain()).contains("reconnect data again").doesNotContain("reconnect data");
    }

    @Test
    void itMakesASilentConnectionForControlAnewAlsoBeforeTheFirstWord() {
        for (int i = 0; i < 3; i++) {
            assertThat(drain()).doesNotContain("reconnect control");
            now += SECOND;
            machine.onTick(now);
        }
        assertThat(drain()).containsExactly("say Hello", "reconnect control", "say Hello");
    }

    @Test
    void aSilenceIsOneEpisodeHoweverOftenItConnectsAnew() {
        join();
        silence();
        assertThat(drain()).contains("reconnect control").doesNotContain("reconnect control again");
        silence();
        assertThat(drain()).contains("reconnect control again").doesNotContain("reconnect control");
        welcome(LIFE);
        silence();
        assertThat(drain()).contains("reconnect control").doesNotContain("reconnect control again");
    }

    /** Nothing is heard until connections are made anew. */
    private void silence() {
        for (int i = 0; i < 3; i++) {
            now += SECOND;
            machine.onTick(now);
        }
    }

    @Test
    void onceRefusedOrClosedItSaysNothingMore() {
        machine.onSaid(new Control.Refused(Control.Refusal.NAME_TAKEN), now);
        assertThat(drain()).containsExactly("refused");
        machine.onTick(now + SECOND);
        welcome(LIFE);
        data("t1", 1, 1);
        machine.close(now);
        assertThat(drain()).isEmpty();
        machine = machine(true, false, 10, 1_000, "t");
        machine.close(now);
        assertThat(drain()).containsExactly("say Leave");
        machine = machine(true, false, 10, 1_000, "t");
        machine.onTick(now);
        join();
        data("t1", 2, 1);
        drain();
        machine.close(now);
        machine.close(now);
        assertThat(drain()).containsExactly("missed t1 1..1", "t1 2..2", "say Leave");
    }
}
