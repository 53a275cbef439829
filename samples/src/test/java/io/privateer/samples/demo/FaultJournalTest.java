package io.privateer.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.samples.demo.FaultJournal.Summary;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FaultJournalTest {

    private static final long VICTIM = 100;
    private static final long OTHER = 200;

    private final FaultJournal journal = new FaultJournal();

    @Test
    void aKillIsDetectedByTheLostConnectionAndOverWhenItsRequestRunsElsewhere() {
        // given
        journal.onStruck(Fault.Kind.KILL, VICTIM, 42, 1_000);
        // when
        assertThat(journal.onWorkerLost("w", "DISCONNECTED", 1_300)).isEqualTo(300);
        journal.onDeliveryReturned("w");
        assertThat(journal.onRun(OTHER, 41, 1_350)).isNull();
        assertThat(journal.onRun(OTHER, 42, 1_400)).isEqualTo(400);
        // then
        assertThat(kills(42)).isEqualTo(new Summary(Fault.Kind.KILL, 1, List.of(300L), List.of(400L), 1, 0));
    }

    @Test
    void aFreezeAndAKillUnderWayTogetherAreToldApart() {
        // given
        journal.onStruck(Fault.Kind.FREEZE, VICTIM, 1, 0);
        journal.onStruck(Fault.Kind.KILL, OTHER, 2, 100);
        // when
        assertThat(journal.onWorkerLost("killed", "DISCONNECTED", 110)).isEqualTo(10);
        assertThat(journal.onWorkerLost("frozen", "SILENT", 800)).isEqualTo(800);
        journal.onDeliveryReturned("frozen");
        // then
        assertThat(journal.count(Fault.Kind.KILL)).isEqualTo(1);
        assertThat(kills().redelivered()).isZero();
        assertThat(freezes().redelivered()).isEqualTo(1);
        assertThat(journal.returned()).isEqualTo(1);
    }

    @Test
    void whatTheVictimSaidBeforeTheFaultCountsEvenIfItIsHeardAfterIt() {
        // given a victim that had moved on from 42 to 43 when it was hit
        journal.onStruck(Fault.Kind.KILL, VICTIM, 42, 1_000);
        journal.onDone(VICTIM, 42);
        assertThat(journal.onRun(VICTIM, 43, 1_001)).isNull();
        // when
        journal.onWorkerLost("w", "DISCONNECTED", 1_300);
        // then
        assertThat(journal.onRun(OTHER, 42, 1_350)).isNull();
        assertThat(journal.onRun(OTHER, 43, 1_400)).isEqualTo(400);
    }

    @Test
    void aRequestInHandThatIsNeverAnsweredIsLost() {
        // given
        journal.onStruck(Fault.Kind.KILL, VICTIM, 42, 1_000);
        journal.onStruck(Fault.Kind.FREEZE, OTHER, 0, 2_000);
        // then
        assertThat(kills(42).lost()).isZero();
        assertThat(kills().lost()).isEqualTo(1);
        assertThat(freezes().lost()).isZero();
    }

    @Test
    void aThawedWorkerThatConnectsAnewCountsForItsFreezeAndNotForAnothersKill() {
        // given
        journal.onStruck(Fault.Kind.FREEZE, VICTIM, 1, 0);
        journal.onWorkerLost("frozen", "SILENT", 800);
        journal.onStruck(Fault.Kind.KILL, OTHER, 2, 1_500);
        // when
        assertThat(journal.onWorkerLost("frozen", "DISCONNECTED", 1_501)).isNull();
        journal.onDeliveryReturned("frozen");
        // then
        assertThat(freezes().redelivered()).isEqualTo(1);
        assertThat(journal.onWorkerLost("killed", "DISCONNECTED", 1_510)).isEqualTo(10);
    }

    @Test
    void aThawedWorkerThatIsKilledCountsForThatKill() {
        // given
        journal.onStruck(Fault.Kind.FREEZE, VICTIM, 1, 0);
        journal.onWorkerLost("w", "SILENT", 800);
        journal.onStruck(Fault.Kind.KILL, VICTIM, 2, 3_000);
        // then
        assertThat(journal.onWorkerLost("w", "DISCONNECTED", 3_010)).isEqualTo(10);
    }

    @Test
    void aLossThatWasNotOurDoingIsKeptApart() {
        // when
        assertThat(journal.onWorkerLost("w", "SILENT", 1_300)).isNull();
        journal.onDeliveryReturned("w");
        // then
        assertThat(journal.summaries(id -> true)).hasSize(3).last().satisfies(summary -> {
            assertThat(summary.kind()).isNull();
            assertThat(summary.redelivered()).isEqualTo(1);
        });
    }

    private Summary kills(long... answered) {
        return journal.summaries(id -> List.of(box(answered)).contains(id)).get(0);
    }

    private Summary freezes() {
        return journal.summaries(id -> false).get(1);
    }

    private static Long[] box(long... ids) {
        return LongStream.of(ids).boxed().toArray(Long[]::new);
    }
}
