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

class PipelineWorkerMachineTest implements PipelineWorkerPort {

    private static final long BEAT = 1_000_000_000L;
    private static final long VENT = 5;
    private static final long SINK = 9;

    private final Wire ventilator = new Wire();
    private final Wire sink = new Wire();
    private final List<PipelineTask> given = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private long now = Long.MAX_VALUE - BEAT;
    private PipelineWorkerMachine machine;

    @BeforeEach
    void start() {
        machine = new PipelineWorkerMachine(now, new PipelineWorkerSettings(2, 10, 8, BEAT, 3), ventilator, sink, this);
        machine.onStart(now);
        assertThat(ventilator.said()).containsExactly("HELLO");
        assertThat(sink.said()).containsExactly("HELLO");
    }

    @Override
    public void handle(PipelineTask task) {
        given.add(task);
    }

    @Override
    public List<PipelineTask> takeBack() {
        List<PipelineTask> taken = List.copyOf(given);
        given.clear();
        return taken;
    }

    @Override
    public void pause(boolean paused) {
        events.add(paused ? "pause" : "go on");
    }

    @Override
    public void resultTooLong(PipelineTask task, int bytes, int bytesMax, boolean ofSink) {
        events.add("too long " + task.number() + " " + bytes + " " + bytesMax + (ofSink ? " of sink" : ""));
    }

    @Override
    public void stopped() {
        events.add("stopped");
    }

    private void ventilatorSays(long incarnation, Consumer<PlnWriter> words) {
        Wire.say(incarnation, words, reader -> machine.onVentilatorRecord(now, reader));
    }

    private void sinkSays(long incarnation, Consumer<PlnWriter> words) {
        Wire.say(incarnation, words, reader -> machine.onSinkRecord(now, reader));
    }

    private void welcome() {
        ventilatorSays(VENT, writer -> writer.welcome(1_000, 0));
        sinkSays(SINK, writer -> writer.welcome(1_000, 0));
    }

    private void task(int number) {
        ventilatorSays(VENT, writer -> writer.task(BATCH, number, new byte[1]));
    }

    private void end(int resultBytes) {
        PipelineTask task = given.remove(0);
        task.result = new byte[resultBytes];
        machine.onHandled(now, task);
    }

    private PipelineWorkerStats stats() {
        return machine.stats(0);
    }

    @Test
    void aResultIsKeptUntilTheSinkHasAcceptedIt() {
        welcome();
        task(0);
        task(1);
        task(1);
        assertThat(given).hasSize(2);
        assertThat(stats().duplicates()).isOne();
        end(1);
        assertThat(sink.said()).containsExactly("RESULT 0");
        // when the sink was lost, then what it has not accepted is sent again
        machine.onSinkLost(now);
        end(1);
        assertThat(sink.said()).containsExactly("HELLO");
        sinkSays(SINK, writer -> writer.accepted(BATCH, ranges(0)));
        assertThat(stats().stale()).isOne();
        sinkSays(SINK + 1, writer -> writer.welcome(1_000, 0));
        assertThat(sink.said()).containsExactly("RESULT 0", "RESULT 1");
        sinkSays(SINK, writer -> writer.accepted(BATCH, ranges(0, 1)));
        assertThat(stats().held()).isEqualTo(2);
        sinkSays(SINK + 1, writer -> {
            writer.accepted(BATCH, ranges(0, 1, 2));
            writer.accepted(BATCH, ranges(0));
            writer.word(Pln.HEARTBEAT);
            writer.word(Pln.STOP);
        });
        assertThat(stats().held()).isZero();
        assertThat(stats().accepted()).isEqualTo(2);
        assertThat(stats().malformed()).isOne();
    }

    @Test
    void whatTheSinkAcceptsOfOthersIsNotForgottenWhileItIsInHand() {
        welcome();
        task(0);
        sinkSays(SINK, writer -> writer.accepted(BATCH, ranges(0)));
        assertThat(stats().held()).isOne();
    }

    @Test
    void aFailureIsToldToTheVentilatorThatGaveTheTask() {
        welcome();
        task(0);
        task(1);
        PipelineTask first = given.remove(0);
        first.failure = "why";
        machine.onHandled(now, first);
        assertThat(ventilator.said()).containsExactly("FAILURE 0 why");
        end(9);
        assertThat(ventilator.said())
                .containsExactly("FAILURE 1 result of 9 bytes, longer than messageBytesMax=8 of the worker");
        assertThat(stats().failed()).isEqualTo(2);
        assertThat(stats().held()).isZero();
        // but not to its successor
        task(2);
        PipelineTask third = given.remove(0);
        machine.onVentilatorLost(now);
        third.failure = "late";
        ventilatorSays(VENT + 1, writer -> writer.welcome(1_000, 0));
        ventilator.said();
        machine.onHandled(now, third);
        assertThat(ventilator.said()).isEmpty();
        machine.onHandled(now, new PipelineTask(new PeerId(4, 4), VENT, 0, new byte[0]));
        assertThat(stats().held()).isZero();
    }

    @Test
    void whatIsNotBegunIsForgottenWithItsConnection() {
        welcome();
        task(0);
        task(1);
        PipelineTask begun = given.remove(0);
        machine.onVentilatorLost(now);
        assertThat(stats().forgotten()).isOne();
        assertThat(stats().held()).isOne();
        assertThat(ventilator.opened).isEqualTo(2);
        begun.result = new byte[1];
        machine.onHandled(now, begun);
        assertThat(sink.said()).containsExactly("RESULT 0");
        // when the old connection's words come, nobody listens
        task(5);
        assertThat(stats().stale()).isOne();
        ventilatorSays(VENT, writer -> writer.welcome(1_000, 0));
        ventilatorSays(VENT + 1, writer -> writer.task(BATCH, 5, new byte[0]));
        ventilatorSays(VENT, writer -> {
            writer.word(Pln.HEARTBEAT);
            writer.word(Pln.STOPPED);
            writer.word(Pln.GOODBYE);
        });
        assertThat(given).isEmpty();
        assertThat(stats().stale()).isEqualTo(2);
        assertThat(stats().malformed()).isOne();
    }

    @Test
    void moreThanAnyVentilatorOfOursGivesIsNotTaken() {
        welcome();
        for (int number = 0; number < 10; number++) {
            task(number);
        }
        assertThat(given).hasSize(8);
        assertThat(stats().malformed()).isEqualTo(2);
    }

    @Test
    void handlersPauseWhileResultsFillTheRoom() {
        welcome();
        task(0);
        task(1);
        end(8);
        assertThat(events).isEmpty();
        end(8);
        assertThat(events).containsExactly("pause");
        sinkSays(SINK, writer -> writer.accepted(BATCH, ranges(0)));
        assertThat(events).containsExactly("pause", "go on");
        assertThat(stats().resultBytes()).isEqualTo(8);
        // also where they are many and short
        for (int number = 2; number < 5; number++) {
            task(number);
            end(0);
        }
        assertThat(events).containsExactly("pause", "go on", "pause");
    }

    @Test
    void aWorkerThatIsToldToStopEndsWhatItHoldsAndSaysSo() {
        welcome();
        task(0);
        ventilatorSays(VENT, writer -> writer.word(Pln.STOP));
        assertThat(ventilator.said()).isEmpty();
        end(1);
        assertThat(ventilator.said()).isEmpty();
        sinkSays(SINK, writer -> writer.accepted(BATCH, ranges(0)));
        assertThat(ventilator.said()).containsExactly("STOPPED");
        // and says it again where that was lost
        machine.onVentilatorLost(now);
        ventilatorSays(VENT, writer -> writer.welcome(1_000, 0));
        assertThat(ventilator.said()).containsExactly("HELLO", "STOPPED");
        assertThat(events).isEmpty();
        ventilatorSays(VENT, writer -> writer.word(Pln.GOODBYE));
        ventilatorSays(VENT, writer -> writer.word(Pln.GOODBYE));
        assertThat(events).containsExactly("stopped");
        machine.onClose();
        assertThat(ventilator.said()).isEmpty();
    }

    @Test
    void aWorkerThatDrainsStopsThoughNobodyHearsIt() {
        machine.onDrain(now);
        assertThat(ventilator.said()).isEmpty();
        ventilatorSays(VENT, writer -> writer.welcome(1_000, 0));
        assertThat(ventilator.said()).containsExactly("DRAIN", "STOPPED");
        task(0);
        for (int beat = 0; beat < 8; beat++) {
            tick();
        }
        assertThat(events).isEmpty();
        sinkSays(SINK, writer -> writer.welcome(1_000, 0));
        end(1);
        sinkSays(SINK, writer -> writer.accepted(BATCH, ranges(0)));
        for (int beat = 0; beat < 8; beat++) {
            tick();
        }
        assertThat(events).containsExactly("stopped");
    }

    private void tick() {
        long deadline = machine.nextDeadlineNanos(now);
        assertThat(deadline - now).isLessThanOrEqualTo(BEAT);
        now += BEAT;
        machine.onTick(now);
        if (given.size() > 0 && stats().ventilatorConnected()) {
            ventilatorSays(VENT, writer -> writer.word(Pln.HEARTBEAT));
        }
    }

    @Test
    void whoIsSilentIsGivenUp() {
        welcome();
        machine.onDrain(now);
        ventilatorSays(VENT, writer -> writer.task(BATCH, 0, new byte[1]));
        for (int beat = 0; beat < 4; beat++) {
            now += BEAT;
            sinkSays(SINK, writer -> writer.word(Pln.HEARTBEAT));
            machine.onTick(now);
        }
        assertThat(ventilator.opened).isEqualTo(2);
        assertThat(sink.opened).isOne();
        for (int beat = 0; beat < 4; beat++) {
            now += BEAT;
            machine.onTick(now);
        }
        assertThat(sink.opened).isEqualTo(2);
        assertThat(stats().reconnects()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void aWorkerThatIsClosedSaysGoodbye() {
        welcome();
        ventilator.said();
        machine.onClose();
        assertThat(ventilator.said()).containsExactly("GOODBYE");
    }

    @Test
    void aWorkerThatIsDismissedWithATaskInHandStopsWhenThatIsDone() {
        welcome();
        ventilatorSays(VENT, writer -> writer.word(Pln.GOODBYE)); // Of no meaning to who does not stop.
        machine.onDrain(now);
        assertThat(ventilator.said()).containsExactly("DRAIN", "STOPPED");
        task(0);
        ventilatorSays(VENT, writer -> writer.word(Pln.GOODBYE));
        assertThat(events).isEmpty();
        end(1);
        sinkSays(SINK, writer -> writer.accepted(BATCH, ranges(0)));
        assertThat(events).containsExactly("stopped");
    }

    @Test
    void aResultThatIsLongerThanTheSinkTakesFailsAndNamesBothSizes() {
        ventilatorSays(VENT, writer -> writer.welcome(1_000, 0));
        sinkSays(SINK, writer -> writer.welcome(1_000, 4));
        ventilator.said();
        sink.said();
        task(0);
        task(1);
        task(2);
        end(5);
        end(6);
        end(4);
        assertThat(ventilator.said())
                .containsExactly(
                        "FAILURE 0 result of 5 bytes, longer than messageBytesMax=4 of the sink",
                        "FAILURE 1 result of 6 bytes, longer than messageBytesMax=4 of the sink");
        assertThat(sink.said()).containsExactly("RESULT 2");
        assertThat(events).containsExactly("too long 0 5 4 of sink");
        assertThat(stats().tooLong()).isEqualTo(2);
        assertThat(stats().failed()).isEqualTo(2);
        assertThat(stats().held()).isOne();
    }

    @Test
    void aResultThatWaitsForASinkWhichTakesShorterOnesFailsWhenItComes() {
        // given results that were done while no sink was there, so many that no more are begun
        ventilatorSays(VENT, writer -> writer.welcome(1_000, 0));
        ventilator.said();
        task(0);
        task(1);
        end(8);
        end(3);
        assertThat(events).containsExactly("pause");
        // when one comes that takes less
        sinkSays(SINK, writer -> writer.welcome(1_000, 7));
        // then only what it takes is sent, and the other need not be kept
        assertThat(sink.said()).containsExactly("RESULT 1");
        assertThat(ventilator.said())
                .containsExactly("FAILURE 0 result of 8 bytes, longer than messageBytesMax=7 of the sink");
        assertThat(events).containsExactly("pause", "too long 0 8 7 of sink", "go on");
        assertThat(stats().results()).isOne();
        assertThat(stats().resultBytes()).isEqualTo(3);
        // and so again with the next, which is told anew
        machine.onSinkLost(now);
        task(2);
        end(8);
        sinkSays(SINK + 1, writer -> writer.welcome(1_000, 2));
        assertThat(sink.said()).containsExactly("HELLO");
        assertThat(events).contains("too long 1 3 2 of sink");
        assertThat(stats().held()).isZero();
        assertThat(stats().tooLong()).isEqualTo(3);
    }
}
