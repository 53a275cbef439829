package io.privateer.pipeline;

import static io.privateer.pipeline.Wire.BATCH;
import static io.privateer.pipeline.Wire.ranges;
import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import java.util.List;
import org.junit.jupiter.api.Test;

class VentilatorMachineTest extends VentilatorMachineFixture {

    @Test
    void aBatchGoesToAWorkerAndIsForgottenAsTheSinkAcceptsIt() {
        // given
        begin();
        assertThat(machine.onOpen(new VentBatch(BATCH))).isFalse();
        Wire worker = worker(1);
        assertThat(worker.said()).containsExactly("WELCOME");
        // when tasks are given, one of them twice
        give(0, 3);
        give(2, 3);
        machine.onEnd(batch, 3);
        // then the worker has as many as a new one gets, and the sink knows the end
        assertThat(worker.said()).containsExactly("TASK 0", "TASK 1");
        assertThat(sink.said()).containsExactly("END 3");
        assertThat(released).isOne();
        // when the sink accepts them
        sinkSays(SINK, writer -> writer.accepted(BATCH, ranges(0, 1)));
        assertThat(worker.said()).containsExactly("TASK 2");
        assertThat(released).isEqualTo(3);
        give(0, 1);
        assertThat(released).isEqualTo(4);
        sinkSays(SINK, writer -> writer.done(BATCH, 3, 0));
        // then it is over
        assertThat(events()).containsExactly("joined 1", "done 3 0");
        assertThat(machine.batches()).isZero();
        assertThat(released).isEqualTo(5);
        give(0, 1);
        machine.onEnd(batch, 3);
        sinkSays(SINK, writer -> {
            writer.accepted(BATCH, ranges(0));
            writer.done(BATCH, 3, 0);
            writer.state(BATCH, 3, ranges(0));
            writer.overdue(BATCH, 1, ranges(0));
        });
        assertThat(machine.stale()).isEqualTo(4);
        assertThat(machine.delivered()).isEqualTo(3);
    }

    @Test
    void whatALostWorkerHeldGoesToAnotherFirst() {
        begin();
        Wire first = worker(1);
        give(0, 4);
        assertThat(first.said()).containsExactly("WELCOME", "TASK 0", "TASK 1");
        machine.onWorkerGone(first.link);
        machine.onWorkerGone(first.link);
        Wire second = worker(2);
        assertThat(second.said()).containsExactly("WELCOME", "TASK 0", "TASK 1");
        assertThat(events())
                .containsExactly("joined 1", "returned 1 WORKER_LOST", "returned 0 WORKER_LOST", "lost 1", "joined 2");
        // and of one that says that it leaves, without being held against the tasks
        says(second, writer -> writer.word(Pln.GOODBYE));
        assertThat(events()).contains("returned 0 GIVEN_BACK", "lost 2");
    }

    @Test
    void tasksGoToTheLeastLadenWorkerThatHasRoomWhateverItsCreditIs() {
        // given a worker with much credit that holds three tasks, and one that comes later, with room for three in all
        begin();
        Wire wide = worker(1, 4, 100, 0);
        give(0, 3);
        Wire narrow = worker(2, 2, 3, 0);
        // when tasks are given one by one
        for (int number = 3; number < 7; number++) {
            give(number, number + 1);
        }
        // then the one that holds fewer gets them, also where that leaves it less room, until its credit is used up
        assertThat(narrow.said()).containsExactly("WELCOME", "TASK 3", "TASK 4", "TASK 5");
        assertThat(wide.said()).containsExactly("WELCOME", "TASK 0", "TASK 1", "TASK 2", "TASK 6");
        // and the other way round as the other one's are accepted, and once more
        sinkSays(SINK, writer -> writer.accepted(BATCH, ranges(0, 1, 2, 3, 6)));
        give(7, 8);
        assertThat(wide.said()).containsExactly("TASK 7");
        sinkSays(SINK, writer -> writer.accepted(BATCH, ranges(4, 5)));
        give(8, 9);
        assertThat(narrow.said()).containsExactly("TASK 8");
    }

    @Test
    void aTaskThatIsLostTooOftenTravelsAloneAndThenFails() {
        begin();
        give(0, 2);
        for (int life = 1; life <= 2; life++) {
            machine.onWorkerGone(worker(life).link);
        }
        Wire third = worker(3);
        assertThat(third.said()).containsExactly("WELCOME", "TASK 0");
        machine.onWorkerGone(third.link);
        assertThat(events()).contains("task failed 0");
        assertThat(sink.said()).containsExactly("FAILURE 0 lost with its worker 3 times");
        // and is told to a sink that comes anew
        sinkSays(SINK + 1, writer -> writer.welcome(1_000, 0));
        assertThat(sink.said()).containsExactly("OPEN begun");
        sinkSays(SINK + 1, writer -> writer.state(BATCH, Pln.COUNT_UNKNOWN, ranges()));
        assertThat(sink.said()).containsExactly("FAILURE 0 lost with its worker 3 times");
        sinkSays(SINK + 1, writer -> writer.accepted(BATCH, ranges(0)));
        assertThat(released).isOne();
    }

    @Test
    void aHandlersFailureIsTriedAgainUnlessItIsOfAnother() {
        begin();
        machine.onSinkLost(now);
        Wire worker = worker(1);
        Wire other = worker(2);
        give(0, 1);
        says(worker, OWN + 1, writer -> writer.failure(BATCH, 0, "old"));
        for (int word : new int[] {Pln.STOPPED, Pln.DRAIN, Pln.GOODBYE, Pln.HEARTBEAT}) {
            says(worker, OWN + 1, writer -> writer.word(word));
        }
        says(other, writer -> writer.failure(BATCH, 0, "not its own"));
        says(worker, writer -> writer.failure(BATCH, 7, "nobody's"));
        says(worker, writer -> writer.failure(new PeerId(8, 8), 0, "no batch"));
        assertThat(machine.stale()).isEqualTo(8);
        for (int i = 0; i < 3; i++) {
            says(worker, writer -> writer.failure(BATCH, 0, "no"));
            says(other, writer -> writer.failure(BATCH, 0, "no"));
        }
        assertThat(events()).containsOnlyOnce("task failed 0").contains("returned 0 HANDLER_FAILED");
        sink.said();
        welcome();
        assertThat(sink.said()).containsExactly("OPEN begun");
        stateOf(batch);
        assertThat(sink.said()).containsExactly("FAILURE 0 no");
    }

    @Test
    void onlyThosePeersAreListenedToThatHaveIntroducedThemselves() {
        Wire stranger = new Wire();
        says(stranger, writer -> writer.word(Pln.HEARTBEAT));
        says(stranger, writer -> writer.hello(Pln.ROLE_VENTILATOR, new PeerId(0, 4), 1_000, 1, 1, 1, 0));
        Wire worker = worker(1);
        says(worker, writer -> writer.word(Pln.STOP));
        says(worker, writer -> writer.word(Pln.HEARTBEAT));
        sinkSays(SINK, writer -> writer.word(Pln.HEARTBEAT)); // Before its WELCOME.
        welcome();
        sinkSays(SINK, writer -> writer.word(Pln.HEARTBEAT));
        sinkSays(SINK, writer -> writer.word(Pln.STOP));
        sinkSays(SINK + 1, writer -> writer.word(Pln.HEARTBEAT));
        assertThat(machine.strangers()).isEqualTo(4);
        assertThat(machine.stale()).isEqualTo(2);
        assertThat(machine.workers()).isOne();
        assertThat(stranger.said()).isEmpty();
    }

    @Test
    void aWorkerThatComesAgainReplacesItself() {
        begin();
        Wire first = worker(1);
        give(0, 1);
        Wire second = worker(1);
        assertThat(second.said()).containsExactly("WELCOME", "TASK 0");
        says(second, writer -> writer.hello(Pln.ROLE_WORKER, new PeerId(0, 3), 1_000, 1, 100, 1_000, 0));
        assertThat(second.said()).containsExactly("WELCOME", "TASK 0");
        assertThat(machine.workers()).isOne();
        assertThat(first.said()).containsExactly("WELCOME", "TASK 0");
    }

    @Test
    void whoIsSilentIsLostAndWhoIsNotIsBeatenTo() {
        welcome();
        sink.said();
        Wire silent = worker(1);
        Wire lively = worker(2);
        for (int beat = 0; beat < 4; beat++) {
            assertThat(machine.nextDeadlineNanos(now) - now).isBetween(1L, BEAT);
            now += BEAT;
            says(lively, writer -> writer.word(Pln.HEARTBEAT));
            sinkSays(SINK, writer -> writer.word(Pln.HEARTBEAT));
            machine.onTick(now);
        }
        assertThat(events()).containsExactly("joined 1", "joined 2", "lost 1 silent");
        assertThat(lively.said()).contains("HEARTBEAT");
        assertThat(silent.said()).contains("HEARTBEAT");
        assertThat(sink.said()).contains("HEARTBEAT");
        // when the sink is silent too
        for (int beat = 0; beat < 4; beat++) {
            now += BEAT;
            machine.onTick(now);
        }
        assertThat(sink.opened).isEqualTo(2);
        assertThat(machine.sinkReconnects()).isOne();
        assertThat(machine.hasSink()).isFalse();
        machine.onSinkLost(now);
        assertThat(sink.opened).isEqualTo(3);
    }

    @Test
    void aSinkThatComesAgainTellsWhatItHas() {
        machine.onOpen(batch);
        machine.onEnd(batch, 5);
        give(0, 5);
        welcome();
        assertThat(sink.said()).containsExactly("OPEN");
        sinkSays(SINK, writer -> writer.state(BATCH, 5, ranges(0, 3)));
        assertThat(sink.said()).isEmpty();
        assertThat(events()).containsExactly("begun", "known");
        assertThat(released).isEqualTo(2);
        // when another life has more
        sinkSays(SINK + 1, writer -> writer.welcome(1_000, 0));
        sinkSays(SINK + 1, writer -> writer.state(BATCH, Pln.COUNT_UNKNOWN, ranges(0, 1, 3)));
        assertThat(sink.said()).containsExactly("OPEN begun", "END 5");
        assertThat(released).isEqualTo(3);
        // when yet another has less
        sinkSays(SINK + 2, writer -> writer.welcome(1_000, 0));
        sinkSays(SINK + 2, writer -> writer.state(BATCH, Pln.COUNT_UNKNOWN, ranges(1)));
        assertThat(events()).containsExactly("known", "failed the sink has lost 2 results that it had accepted");
        assertThat(machine.batches()).isZero();
        assertThat(released).isEqualTo(5);
    }

    @Test
    void manyRangesComeInSeveralRecords() {
        machine.onOpen(batch);
        welcome();
        RangeList many = new RangeList();
        for (int i = 0; i <= Pln.RANGES_MAX; i++) {
            many.add(2 * i);
        }
        sinkSays(SINK, writer -> writer.state(BATCH, Pln.COUNT_UNKNOWN, many));
        assertThat(batch.accepted.count()).isEqualTo(Pln.RANGES_MAX + 1);
        assertThat(events()).containsExactly("begun", "known");
    }

    @Test
    void aSinkThatKnowsAnotherCountEndsTheBatch() {
        machine.onOpen(batch);
        machine.onEnd(batch, 5);
        welcome();
        sinkSays(SINK, writer -> writer.state(BATCH, 6, ranges()));
        assertThat(events()).containsExactly("begun", "failed the sink knows a count of 6 where the producer says 5");
        // also where the producer says its own later
        VentBatch other = new VentBatch(new PeerId(0, 2));
        machine.onOpen(other);
        sinkSays(SINK, writer -> writer.state(other.id, 6, ranges()));
        machine.onEnd(other, 7);
        assertThat(events())
                .containsExactly("begun", "known", "failed the sink knows a count of 6 where the producer says 7");
        // and where it is done by then
        VentBatch third = new VentBatch(new PeerId(0, 3));
        machine.onOpen(third);
        machine.onEnd(third, 7);
        sinkSays(SINK, writer -> writer.done(third.id, 6, 0));
        assertThat(events()).containsExactly("failed the sink knows a count of 6 where the producer says 7");
    }

    @Test
    void whatIsOverdueGoesToAnotherAndItsWorkerGetsNothingNew() {
        begin();
        Wire hung = worker(1);
        give(0, 4);
        now += 2 * BEAT;
        sinkSays(SINK, writer -> writer.overdue(BATCH, 3_000, ranges(0, 1, 2, 3)));
        assertThat(events()).doesNotContain("returned 0 OVERDUE");
        Wire other = worker(2);
        now += BEAT;
        sinkSays(SINK, writer -> writer.overdue(BATCH, 3_000, ranges(0, 1)));
        assertThat(events()).contains("returned 0 OVERDUE", "returned 1 OVERDUE");
        // when the other has room, then it gets them, and the one that hangs gets nothing
        sinkSays(SINK, writer -> writer.accepted(BATCH, ranges(2, 3)));
        assertThat(other.said()).containsExactly("WELCOME", "TASK 2", "TASK 3", "TASK 1", "TASK 0");
        assertThat(hung.said()).containsExactly("WELCOME", "TASK 0", "TASK 1");
        sinkSays(SINK, writer -> writer.accepted(BATCH, ranges(0, 1)));
        assertThat(released).isEqualTo(4);
    }

    @Test
    void whereAllWorkersHangOneTaskIsTried() {
        begin();
        Wire hung = worker(1);
        give(0, 2);
        now += BEAT;
        sinkSays(SINK, writer -> writer.overdue(BATCH, 1, ranges(0, 1)));
        assertThat(hung.said()).containsExactly("WELCOME", "TASK 0", "TASK 1", "TASK 1");
        sinkSays(SINK, writer -> writer.accepted(BATCH, ranges(1)));
        assertThat(hung.said()).containsExactly("TASK 0");
    }

    @Test
    void workersAreToldToStopAndThoseThatComeLaterToo() {
        Wire first = worker(1);
        machine.onStopWorkers();
        Wire second = worker(2);
        assertThat(first.said()).containsExactly("WELCOME", "STOP");
        assertThat(second.said()).containsExactly("WELCOME", "STOP");
        assertThat(machine.haveStopped()).isFalse();
        List.of(first, second).forEach(worker -> says(worker, writer -> writer.word(Pln.STOPPED)));
        assertThat(first.said()).containsExactly("GOODBYE");
        assertThat(machine.haveStopped()).isTrue();
        assertThat(machine.stopped()).isEqualTo(2);
        assertThat(events()).contains("stopped 1", "stopped 2");
        // a worker that drains gets nothing more
        begin();
        Wire draining = worker(3);
        says(draining, writer -> writer.word(Pln.DRAIN));
        give(0, 1);
        assertThat(draining.said()).containsExactly("WELCOME", "STOP");
        assertThat(machine.openBatches()).containsExactly(batch);
    }

    @Test
    void aWorkerThatStoppedAsTasksWereOnTheirWayIsDismissedWhenTheyAreDone() {
        begin();
        Wire worker = worker(1);
        give(0, 3);
        says(worker, writer -> writer.word(Pln.STOPPED));
        assertThat(worker.said()).containsExactly("WELCOME", "TASK 0", "TASK 1");
        sinkSays(SINK, writer -> writer.accepted(BATCH, ranges(0)));
        assertThat(worker.said()).isEmpty();
        sinkSays(SINK, writer -> writer.accepted(BATCH, ranges(1)));
        assertThat(worker.said()).containsExactly("GOODBYE");
        assertThat(events()).containsExactly("joined 1", "stopped 1");
    }
}
