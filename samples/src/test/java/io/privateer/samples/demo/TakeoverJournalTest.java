package io.privateer.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.samples.demo.FaultJournal.Summary;
import java.util.List;
import org.junit.jupiter.api.Test;

class TakeoverJournalTest {

    private final TakeoverJournal journal = new TakeoverJournal();

    @Test
    void aTakeoverIsOverWhenTheOtherServerHasAnswered() {
        // given
        journal.onStruck(Fault.Kind.KILL, 1_000);
        assertThat(journal.onAnswer(1_050)).as("of the server that was killed").isNull();
        assertThat(journal.open()).isEqualTo(1);
        // when
        assertThat(journal.onActive(1_300)).isEqualTo(300);
        assertThat(journal.onAnswer(1_400)).isEqualTo(400);
        // then
        assertThat(journal.open()).isZero();
        assertThat(journal.onAnswer(1_500)).isNull();
        assertThat(journal.summaries())
                .containsExactly(
                        new Summary(Fault.Kind.KILL, 1, List.of(300L), List.of(400L), null, null),
                        new Summary(Fault.Kind.FREEZE, 0, List.of(), List.of(), null, null));
    }

    @Test
    void whoBecomesActiveWithoutAFaultCountsForNothing() {
        assertThat(journal.onActive(10)).isNull();
        assertThat(journal.onAnswer(20)).isNull();
        assertThat(journal.open()).isZero();
    }

    @Test
    void aFaultThatNobodyMadeGoodStaysOpen() {
        journal.onStruck(Fault.Kind.FREEZE, 1_000);
        journal.onActive(1_300);
        assertThat(journal.open()).isEqualTo(1);
        assertThat(journal.summaries().get(1))
                .isEqualTo(new Summary(Fault.Kind.FREEZE, 1, List.of(300L), List.of(), null, null));
    }
}
