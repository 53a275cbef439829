package io.privateer.pipeline;

import static io.privateer.pipeline.Wire.BATCH;
import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import org.junit.jupiter.api.Test;

class SinkMachineTest extends SinkMachineFixture {

    @Test
    void anOutcomeIsAcceptedOnceItIsTaken() {
        Wire worker = worker(1);
        Wire ventilator = ventilator(2);
        says(ventilator, writer -> writer.open(BATCH, false));
        assertThat(ventilator.said()).containsExactly("STATE -1");
        result(worker, 0);
        result(worker, 1);
        assertThat(worker.said()).isEmpty();
        assertThat(stats().untaken()).isEqualTo(2);
        take();
        assertThat(worker.said()).containsExactly("ACCEPTED 0+2");
        assertThat(ventilator.said()).containsExactly("ACCEPTED 0+2");
        // when the last task has failed and the end is told
        says(ventilator, writer -> {
            writer.failure(BATCH, 2, "why");
            writer.end(BATCH, 3);
            writer.end(BATCH, 3);
        });
        take();
        assertThat(ventilator.said()).containsExactly("DONE 3 1");
        assertThat(events()).contains("done 3 1");
        assertThat(stats().failed()).isOne();
        // then late ones are told so
        result(worker, 1);
        assertThat(worker.said()).containsExactly("ACCEPTED 1+1");
        says(ventilator, writer -> {
            writer.open(BATCH, false);
            writer.end(BATCH, 3);
        });
        assertThat(ventilator.said()).containsExactly("DONE 3 1");
        assertThat(handed).isEmpty();
    }

    @Test
    void anEndBehindAllResultsEndsTheBatch() {
        Wire worker = worker(1);
        Wire ventilator = ventilator(2);
        result(worker, 0);
        take();
        says(ventilator, writer -> {
            writer.open(BATCH, false);
            writer.end(BATCH, 1);
        });
        assertThat(ventilator.said()).containsExactly("STATE -1 0+1", "DONE 1 0");
    }

    @Test
    void whatComesAgainIsAcknowledgedAndNotTakenAgain() {
        Wire first = worker(1);
        Wire second = worker(2);
        result(first, 0);
        result(second, 0);
        result(second, 0);
        assertThat(handed).hasSize(1);
        assertThat(second.said()).isEmpty();
        take();
        assertThat(first.said()).containsExactly("ACCEPTED 0+1");
        assertThat(second.said()).isNotEmpty().allMatch("ACCEPTED 0+1 0+1"::equals);
        result(first, 0);
        assertThat(first.said()).containsExactly("ACCEPTED 0+1");
        assertThat(stats().duplicates()).isEqualTo(3);
    }

    @Test
    void aWorkerHearsOfSeveralBatches() {
        Wire worker = worker(1);
        PeerId other = new PeerId(7, 7);
        says(worker, writer -> {
            writer.result(BATCH, 0, new byte[0]);
            writer.result(other, 4, new byte[0]);
            writer.result(BATCH, 1, new byte[0]);
        });
        take();
        assertThat(worker.said()).containsExactly("ACCEPTED 0+1", "ACCEPTED 4+1", "ACCEPTED 1+1");
    }

    @Test
    void contradictionsAreCountedAndAnsweredWithWhatIsKnown() {
        Wire worker = worker(1);
        Wire ventilator = ventilator(2);
        result(worker, 4);
        says(ventilator, writer -> {
            writer.open(BATCH, false);
            writer.end(BATCH, 3);
        });
        assertThat(ventilator.said()).containsExactly("STATE -1", "STATE 5");
        says(ventilator, writer -> writer.end(BATCH, 6));
        says(ventilator, writer -> writer.end(BATCH, 7));
        assertThat(ventilator.said()).containsExactly("STATE 6");
        result(worker, 6);
        result(worker, TaskSet.SPAN_MAX);
        assertThat(worker.said()).containsExactly("ACCEPTED 6+1");
        says(worker, writer -> writer.result(new PeerId(6, 6), TaskSet.SPAN_MAX, new byte[0]));
        assertThat(stats().conflicts()).isEqualTo(5);
    }

    @Test
    void onlyWhoIsEntitledIsListenedTo() {
        Wire stranger = new Wire();
        says(stranger, writer -> writer.result(BATCH, 0, new byte[0]));
        Wire worker = worker(1);
        says(worker, writer -> writer.failure(BATCH, 0, "not its to say"));
        Wire ventilator = ventilator(2);
        says(ventilator, writer -> writer.result(BATCH, 0, new byte[0]));
        says(worker, writer -> writer.word(Pln.STOP));
        assertThat(stats().malformed()).isEqualTo(4);
        Wire.say(
                OWN + 1,
                writer -> {
                    writer.open(BATCH, false);
                    writer.failure(BATCH, 0, "of another life");
                    writer.end(BATCH, 1);
                    writer.word(Pln.GOODBYE);
                },
                reader -> machine.onRecord(now, ventilator.link, reader));
        assertThat(ventilator.said()).isEmpty();
        assertThat(stats().malformed()).isEqualTo(8);
        assertThat(stats().batches()).isZero();
        // but a result counts whichever life it was meant for
        Wire.say(
                OWN + 1,
                writer -> writer.result(BATCH, 0, new byte[0]),
                reader -> machine.onRecord(now, worker.link, reader));
        assertThat(stats().untaken()).isOne();
    }

    @Test
    void peersComeAndGo() {
        Wire worker = worker(1);
        worker(1);
        Wire ventilator = ventilator(2);
        says(ventilator, writer -> writer.open(BATCH, false));
        says(ventilator, writer -> writer.word(Pln.GOODBYE));
        machine.onGone(worker.link);
        machine.onGone(ventilator.link);
        assertThat(events()).containsExactly("joined 1", "lost 1", "joined 1", "joined 2", "lost 2");
        assertThat(stats().workers()).isOne();
        assertThat(stats().ventilators()).isZero();
        // whose result was not taken when it went is told nothing
        Wire other = worker(3);
        result(other, 0);
        says(other, writer -> writer.hello(Pln.ROLE_WORKER, new PeerId(0, 9), 1_000, 1, 1, 1, 0));
        machine.onGone(other.link);
        take();
        assertThat(other.said()).containsExactly("WELCOME");
    }

    @Test
    void silentPeersAreLostAndMissingTasksAskedFor() {
        Wire silent = worker(1);
        Wire ventilator = ventilator(2);
        says(ventilator, writer -> {
            writer.open(BATCH, false);
            writer.result(BATCH, 0, new byte[0]);
        });
        result(silent, 1);
        take();
        ventilator.said();
        events();
        for (int beat = 0; beat < 4; beat++) {
            assertThat(machine.nextDeadlineNanos() - now).isLessThanOrEqualTo(BEAT);
            now += BEAT;
            machine.onTick(now - 1);
            machine.onTick(now);
            says(ventilator, writer -> writer.word(Pln.HEARTBEAT));
        }
        assertThat(events()).containsExactly("progress 1", "lost 1 silent");
        assertThat(ventilator.said()).contains("HEARTBEAT", "OVERDUE 4000 0+1 2+2147483645");
        // with the end known, no more than that; and of what is complete but not taken, nothing
        says(ventilator, writer -> writer.end(BATCH, 2));
        Wire worker = worker(3);
        result(worker, 0);
        ventilator.said();
        now += BEAT;
        says(ventilator, writer -> writer.word(Pln.HEARTBEAT));
        machine.onTick(now);
        assertThat(ventilator.said()).containsExactly("HEARTBEAT");
    }

    @Test
    void aBatchThatIsForgottenIsNoMore() {
        Wire worker = worker(1);
        result(worker, 0);
        assertThat(machine.onForget(BATCH)).isTrue();
        assertThat(machine.onForget(BATCH)).isFalse();
        take();
        // then who has its results may let go of them, also of those that come later
        assertThat(worker.said()).containsExactly("ACCEPTED 0+1");
        result(worker, 1);
        assertThat(worker.said()).containsExactly("ACCEPTED 1+1");
        assertThat(stats().batches()).isZero();
        assertThat(handed).isEmpty();
        assertThat(stats().accepted()).isZero();
    }

    @Test
    void whatTheJournalHadWholeIsDoneAtTheStart() {
        SinkBatch whole = ledger.batch(BATCH);
        whole.count = 0;
        machine.onStart();
        assertThat(events()).containsExactly("done 0 0");
        Wire ventilator = ventilator(2);
        PeerId other = new PeerId(5, 5);
        says(ventilator, writer -> {
            writer.open(other, false);
            writer.end(other, 2);
            writer.failure(other, 1, "b");
            writer.failure(other, 0, "a");
        });
        take();
        assertThat(events()).contains("done 2 2");
    }
}
