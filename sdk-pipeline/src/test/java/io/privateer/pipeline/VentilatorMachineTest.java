package io.privateer.pipeline;

import static io.privateer.pipeline.Wire.BATCH;
import static io.privateer.pipeline.Wire.ranges;
import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VentilatorMachineTest implements VentilatorPort {

    private static final long BEAT = 1_000_000_000L;
    private static final long OWN = 5;
    private static final long SINK = 9;

    private final List<String> events = new ArrayList<>();
    private final Wire sink = new Wire();
    private final VentBatch batch = new VentBatch(BATCH);
    private long now = Long.MAX_VALUE - BEAT;
    private int released;
    private VentilatorMachine machine;

    @BeforeEach
    void start() {
        machine = new VentilatorMachine(now, OWN, new VentilatorSettings(BEAT, 3, 3), sink, this);
        machine.onStart(now);
        assertThat(sink.said()).containsExactly("HELLO");
    }

    @Override
    public void released(VentTask task) {
        released++;
    }

    @Override
    public void batchKnown(VentBatch known) {
        events.add("known");
    }

    @Override
    public void batchDone(VentBatch done, int count, int failed) {
        events.add("done " + count + " " + failed);
    }

    @Override
    public void batchFailed(VentBatch failed, String why) {
        events.add("failed " + why);
    }

    @Override
    public void workerJoined(VentWorker worker) {
        events.add("joined " + worker.id.low());
    }

    @Override
    public void workerLost(VentWorker worker, boolean silent) {
        events.add("lost " + worker.id.low() + (silent ? " silent" : ""));
    }

    @Override
    public void workerStopped(VentWorker worker) {
        events.add("stopped " + worker.id.low());
    }

    @Override
    public void taskReturned(VentTask task, TaskLoss cause) {
        events.add("returned " + task.number + " " + cause);
    }

    @Override
    public void taskFailed(VentTask task, String reason) {
        events.add("task failed " + task.number);
    }

    private List<String> events() {
        List<String> copy = List.copyOf(events);
        events.clear();
        return copy;
    }

    private void sinkSays(long incarnation, Consumer<PlnWriter> words) {
        Wire.say(incarnation, words, reader -> machine.onSinkRecord(now, reader));
        machine.onDispatch(now);
    }

    private void says(Wire worker, Consumer<PlnWriter> words) {
        says(worker, OWN, words);
    }

    private void says(Wire worker, long incarnation, Consumer<PlnWriter> words) {
        Wire.say(incarnation, words, reader -> machine.onWorkerRecord(now, worker.link, reader));
        machine.onDispatch(now);
    }

    private Wire worker(int id) {
        Wire worker = new Wire();
        says(worker, writer -> writer.hello(Pln.ROLE_WORKER, new PeerId(0, id), 1_000, 1, 100, 1_000));
        return worker;
    }

    private void welcome() {
        sinkSays(SINK, writer -> writer.welcome(1_000));
    }

    private void give(int from, int to) {
        for (int number = from; number < to; number++) {
            machine.onTask(new VentTask(batch, number, new byte[1]));
        }
        machine.onDispatch(now);
    }

    @Test
    void aBatchGoesToAWorkerAndIsForgottenAsTheSinkAcceptsIt() {
        // given
        welcome();
        assertThat(machine.onOpen(batch)).isTrue();
        assertThat(machine.onOpen(new VentBatch(BATCH))).isFalse();
        Wire worker = worker(1);
        assertThat(worker.said()).containsExactly("WELCOME");
        // when tasks are given, one of them twice
        give(0, 3);
        give(2, 3);
        machine.onEnd(batch, 3);
        // then the worker has as many as a new one gets, and the sink knows the end
        assertThat(worker.said()).containsExactly("TASK 0", "TASK 1");
        assertThat(sink.said()).containsExactly("OPEN", "END 3");
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
        machine.onOpen(batch);
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
    void aTaskThatIsLostTooOftenTravelsAloneAndThenFails() {
        machine.onOpen(batch);
        welcome();
        sink.said();
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
        sinkSays(SINK + 1, writer -> writer.welcome(1_000));
        assertThat(sink.said()).containsExactly("OPEN", "FAILURE 0 lost with its worker 3 times");
        sinkSays(SINK + 1, writer -> writer.accepted(BATCH, ranges(0)));
        assertThat(released).isOne();
    }

    @Test
    void aHandlersFailureIsTriedAgainUnlessItIsOfAnother() {
        machine.onOpen(batch);
        Wire worker = worker(1);
        Wire other = worker(2);
        give(0, 1);
        says(worker, OWN + 1, writer -> writer.failure(BATCH, 0, "old"));
        says(other, writer -> writer.failure(BATCH, 0, "not its own"));
        says(worker, writer -> writer.failure(BATCH, 7, "nobody's"));
        says(worker, writer -> writer.failure(new PeerId(8, 8), 0, "no batch"));
        assertThat(machine.stale()).isEqualTo(4);
        for (int i = 0; i < 3; i++) {
            says(worker, writer -> writer.failure(BATCH, 0, "no"));
            says(other, writer -> writer.failure(BATCH, 0, "no"));
        }
        assertThat(events()).containsOnlyOnce("task failed 0").contains("returned 0 HANDLER_FAILED");
        welcome();
        assertThat(sink.said()).containsExactly("OPEN", "FAILURE 0 no");
    }

    @Test
    void onlyThosePeersAreListenedToThatHaveIntroducedThemselves() {
        Wire stranger = new Wire();
        says(stranger, writer -> writer.word(Pln.HEARTBEAT));
        says(stranger, writer -> writer.hello(Pln.ROLE_VENTILATOR, new PeerId(0, 4), 1_000, 1, 1, 1));
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
        machine.onOpen(batch);
        Wire first = worker(1);
        give(0, 1);
        Wire second = worker(1);
        assertThat(second.said()).containsExactly("WELCOME", "TASK 0");
        says(second, writer -> writer.hello(Pln.ROLE_WORKER, new PeerId(0, 3), 1_000, 1, 100, 1_000));
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
        assertThat(sink.said()).containsExactly("OPEN", "END 5");
        sinkSays(SINK, writer -> writer.state(BATCH, 5, ranges(0, 3)));
        assertThat(events()).containsExactly("known");
        assertThat(released).isEqualTo(2);
        // when another life has more
        sinkSays(SINK + 1, writer -> writer.welcome(1_000));
        sinkSays(SINK + 1, writer -> writer.state(BATCH, Pln.COUNT_UNKNOWN, ranges(0, 1, 3)));
        assertThat(released).isEqualTo(3);
        // when yet another has less
        sinkSays(SINK + 2, writer -> writer.welcome(1_000));
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
        assertThat(events()).containsExactly("known");
    }

    @Test
    void aSinkThatKnowsAnotherCountEndsTheBatch() {
        machine.onOpen(batch);
        machine.onEnd(batch, 5);
        welcome();
        sinkSays(SINK, writer -> writer.state(BATCH, 6, ranges()));
        assertThat(events()).containsExactly("failed the sink knows a count of 6 where the producer says 5");
        // also where the producer says its own later
        VentBatch other = new VentBatch(new PeerId(0, 2));
        machine.onOpen(other);
        sinkSays(SINK, writer -> writer.state(other.id, 6, ranges()));
        machine.onEnd(other, 7);
        assertThat(events()).containsExactly("known", "failed the sink knows a count of 6 where the producer says 7");
        // and where it is done by then
        VentBatch third = new VentBatch(new PeerId(0, 3));
        machine.onOpen(third);
        machine.onEnd(third, 7);
        sinkSays(SINK, writer -> writer.done(third.id, 6, 0));
        assertThat(events()).containsExactly("failed the sink knows a count of 6 where the producer says 7");
    }

    @Test
    void whatIsOverdueGoesToAnotherAndItsWorkerGetsNothingNew() {
        machine.onOpen(batch);
        welcome();
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
        machine.onOpen(batch);
        welcome();
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
        machine.onOpen(batch);
        Wire draining = worker(3);
        says(draining, writer -> writer.word(Pln.DRAIN));
        give(0, 1);
        assertThat(draining.said()).containsExactly("WELCOME", "STOP");
        assertThat(machine.openBatches()).containsExactly(batch);
    }

    @Test
    void aWorkerThatStoppedAsTasksWereOnTheirWayIsDismissedWhenTheyAreDone() {
        machine.onOpen(batch);
        welcome();
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
