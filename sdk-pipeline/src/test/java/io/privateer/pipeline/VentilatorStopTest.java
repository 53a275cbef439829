package io.privateer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.Reason;
import io.privateer.core.wire.PeerId;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Whom a ventilator awaits that has told its workers to stop. */
class VentilatorStopTest implements VentilatorPort {

    private static final long BEAT = 1_000_000_000L;
    private static final long OWN = 5;

    private long now = Long.MAX_VALUE - BEAT;
    private final VentilatorMachine machine =
            new VentilatorMachine(now, OWN, new VentilatorSettings(BEAT, 3, 3, 1_000), new Wire(), this);

    VentilatorStopTest() {
        machine.onStart(now);
    }

    private void says(Wire worker, Consumer<PlnWriter> words) {
        Wire.say(OWN, words, reader -> machine.onWorkerRecord(now, worker.link, reader));
        machine.onDispatch(now);
    }

    private Wire worker(int id) {
        Wire worker = new Wire();
        says(worker, writer -> writer.hello(Pln.ROLE_WORKER, new PeerId(0, id), 1_000, 1, 100, 1_000, 0));
        return worker;
    }

    private void beat() {
        now += BEAT;
        machine.onTick(now);
    }

    @Test
    void whoWasJustLostMayComeBackAndIsAwaitedThen() {
        // given one worker of two lost, and all told to stop
        Wire stays = worker(1);
        machine.onWorkerGone(worker(2).link);
        machine.onStopWorkers();
        says(stays, writer -> writer.word(Pln.STOPPED));
        assertThat(machine.stopped()).isOne();
        assertThat(machine.haveStopped()).isFalse();
        // when it is there again
        beat();
        Wire back = worker(2);
        for (int i = 0; i < 4; i++) {
            beat();
            says(back, writer -> writer.word(Pln.HEARTBEAT));
        }
        // then it is awaited for as long as it takes
        assertThat(machine.haveStopped()).isFalse();
        says(back, writer -> writer.word(Pln.STOPPED));
        assertThat(machine.haveStopped()).isTrue();
        assertThat(machine.stopped()).isEqualTo(2);
    }

    @Test
    void whereNobodyIsThereSomebodyMayComeForALivenessPeriod() {
        assertThat(machine.haveStopped()).isFalse();
        machine.onStopWorkers();
        for (int i = 0; i < 4; i++) {
            assertThat(machine.haveStopped()).isFalse();
            beat();
        }
        assertThat(machine.haveStopped()).isTrue();
    }

    @Test
    void whoSaidGoodbyeIsNotAwaited() {
        Wire first = worker(1);
        Wire second = worker(2);
        says(first, writer -> writer.word(Pln.GOODBYE));
        machine.onStopWorkers();
        says(second, writer -> writer.word(Pln.STOPPED));
        assertThat(machine.haveStopped()).isTrue();
    }

    @Override
    public void released(VentTask task) {}

    @Override
    public void batchBegun(VentBatch batch) {}

    @Override
    public void batchKnown(VentBatch batch) {}

    @Override
    public void batchDone(VentBatch batch, int count, int failed) {}

    @Override
    public void batchFailed(VentBatch batch, Reason reason, String why) {}

    @Override
    public void workerJoined(VentWorker worker) {}

    @Override
    public void workerLost(VentWorker worker, boolean silent) {}

    @Override
    public void workerStopped(VentWorker worker) {}

    @Override
    public void taskReturned(VentTask task, TaskLoss cause) {}

    @Override
    public void taskTooLong(VentTask task, int bytesMax) {}

    @Override
    public void taskFailed(VentTask task, String reason) {}
}
