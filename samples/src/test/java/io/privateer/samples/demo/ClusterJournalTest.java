package io.privateer.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.samples.demo.FaultJournal.Summary;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClusterJournalTest {

    private final ClusterJournal journal = new ClusterJournal();

    @Test
    void aFaultIsOverWhenAllThatWasUnderWayIsAnswered() {
        // given
        journal.onStruck(Fault.Kind.KILL, "east", List.of(7L, 8L), 1_000);
        // when others take back what they had lent, and one request after the other is answered
        assertThat(journal.onReturned("north", 1_100)).as("of another").isNull();
        assertThat(journal.onReturned("east", 1_200)).isEqualTo(200);
        assertThat(journal.onReturned("east", 1_210)).as("told once").isNull();
        assertThat(journal.onAnswer(Set.of(7L)::contains, 1_300)).isNull();
        assertThat(journal.isOpen()).isTrue();
        assertThat(journal.onAnswer(Set.of(7L, 8L, 9L)::contains, 1_400)).isEqualTo(400);
        // then
        assertThat(journal.isOpen()).isFalse();
        assertThat(journal.onAnswer(Set.of(7L, 8L)::contains, 1_500)).isNull();
        assertThat(journal.count()).isEqualTo(1);
        assertThat(journal.summaries())
                .containsExactly(new Summary(Fault.Kind.KILL, 1, List.of(200L), List.of(400L), 2, 0));
    }

    @Test
    void whatIsNeverAnsweredIsLost() {
        journal.onStruck(Fault.Kind.KILL, "west", List.of(7L, 8L), 1_000);
        journal.onAnswer(Set.of(7L)::contains, 1_300);
        assertThat(journal.isOpen()).isTrue();
        assertThat(journal.summaries()).containsExactly(new Summary(Fault.Kind.KILL, 1, List.of(), List.of(), 0, 1));
    }

    @Test
    void withoutAFaultNothingCounts() {
        assertThat(journal.onReturned("east", 10)).isNull();
        assertThat(journal.onAnswer(id -> true, 20)).isNull();
        assertThat(journal.isOpen()).isFalse();
        assertThat(journal.summaries()).isEmpty();
    }
}
