package io.privateer.pipeline;

import static io.privateer.pipeline.Wire.BATCH;
import static io.privateer.pipeline.Wire.ranges;
import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.Reason;
import io.privateer.core.wire.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;

/** A ventilator under test, what it says and does, and the peers that it talks to. */
abstract class VentilatorMachineFixture implements VentilatorPort {

    static final long BEAT = 1_000_000_000L;
    static final long OWN = 5;
    static final long SINK = 9;

    final List<String> events = new ArrayList<>();
    final Wire sink = new Wire();
    final VentBatch batch = new VentBatch(BATCH);
    long now = Long.MAX_VALUE - BEAT;
    int released;
    VentilatorMachine machine;

    @BeforeEach
    void start() {
        machine = new VentilatorMachine(now, OWN, new VentilatorSettings(BEAT, 3, 3, 1_000), sink, this);
        machine.onStart(now);
        assertThat(sink.said()).containsExactly("HELLO");
    }

    @Override
    public void released(VentTask task) {
        released++;
    }

    @Override
    public void batchBegun(VentBatch begun) {
        events.add("begun");
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
    public void batchFailed(VentBatch failed, Reason reason, String why) {
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
    public void taskTooLong(VentTask task, int bytesMax) {
        events.add("too long " + task.number + " " + bytesMax);
    }

    @Override
    public void taskFailed(VentTask task, String reason) {
        events.add("task failed " + task.number);
    }

    List<String> events() {
        List<String> copy = List.copyOf(events);
        events.clear();
        return copy;
    }

    void sinkSays(long incarnation, Consumer<PlnWriter> words) {
        Wire.say(incarnation, words, reader -> machine.onSinkRecord(now, reader));
        machine.onDispatch(now);
    }

    void says(Wire worker, Consumer<PlnWriter> words) {
        says(worker, OWN, words);
    }

    void says(Wire worker, long incarnation, Consumer<PlnWriter> words) {
        Wire.say(incarnation, words, reader -> machine.onWorkerRecord(now, worker.link, reader));
        machine.onDispatch(now);
    }

    Wire worker(int id) {
        return worker(id, 0);
    }

    Wire worker(int id, int messageBytesMax) {
        return worker(id, 1, 100, messageBytesMax);
    }

    /** It may hold two tasks for each of its handlers at first, and never more than its credit. */
    Wire worker(int id, int concurrency, int credit, int messageBytesMax) {
        Wire worker = new Wire();
        says(
                worker,
                writer -> writer.hello(
                        Pln.ROLE_WORKER, new PeerId(0, id), 1_000, concurrency, credit, 1_000, messageBytesMax));
        return worker;
    }

    void welcome() {
        sinkSays(SINK, writer -> writer.welcome(1_000, 0));
    }

    void stateOf(VentBatch of) {
        sinkSays(SINK, writer -> writer.state(of.id, Pln.COUNT_UNKNOWN, ranges()));
    }

    /** A batch is opened, and the sink has a place for it. */
    void begin() {
        machine.onOpen(batch);
        welcome();
        stateOf(batch);
        assertThat(sink.said()).containsExactly("OPEN");
        assertThat(events()).containsExactly("begun", "known");
    }

    void give(int from, int to) {
        give(batch, from, to);
    }

    void give(VentBatch to, int from, int limit) {
        for (int number = from; number < limit; number++) {
            machine.onTask(new VentTask(to, number, new byte[1]));
        }
        machine.onDispatch(now);
    }
}
