package io.privateer.pipeline;

import static io.privateer.pipeline.Wire.ranges;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tasks that are longer than workers take. */
class VentilatorTooLongTest extends VentilatorMachineFixture {

    private static final String FAILURE = "task of 11 bytes, longer than messageBytesMax=10 of every worker";

    @BeforeEach
    void beginBatch() {
        begin();
    }

    private void giveLong(int number) {
        machine.onTask(new VentTask(batch, number, new byte[11]));
        machine.onDispatch(now);
    }

    @Test
    void aTaskThatNoWorkerTakesFailsAndNamesBothSizes() {
        Wire first = worker(1, 10);
        Wire second = worker(2, 9);
        events();
        // when it is given among others
        giveLong(0);
        give(1, 2);
        giveLong(2);
        // then it fails, told once, and the others are done
        assertThat(sink.said()).containsExactly("FAILURE 0 " + FAILURE, "FAILURE 2 " + FAILURE);
        assertThat(first.said()).containsExactly("WELCOME", "TASK 1");
        assertThat(second.said()).containsExactly("WELCOME");
        assertThat(events()).containsExactly("too long 0 10", "task failed 0", "task failed 2");
        assertThat(machine.tooLong()).isEqualTo(2);
        // and is kept until the sink has accepted that
        assertThat(released).isZero();
        sinkSays(SINK, writer -> writer.accepted(batch.id, ranges(0, 2)));
        assertThat(released).isEqualTo(2);
    }

    @Test
    void aTaskThatOneWorkerTakesGoesToThatOne() {
        Wire small = worker(1, 10);
        Wire any = worker(2);
        giveLong(0);
        giveLong(1);
        giveLong(2);
        assertThat(small.said()).containsExactly("WELCOME");
        assertThat(any.said()).containsExactly("WELCOME", "TASK 0", "TASK 1");
        // the third waits, as that one may hold two
        assertThat(machine.tooLong()).isZero();
        sinkSays(SINK, writer -> writer.accepted(batch.id, ranges(0)));
        assertThat(any.said()).containsExactly("TASK 2");
    }

    @Test
    void aTaskWaitsAsLongAsNoWorkerIsThere() {
        giveLong(0);
        assertThat(machine.tooLong()).isZero();
        Wire worker = worker(1, 11);
        assertThat(worker.said()).containsExactly("WELCOME", "TASK 0");
        // and fails where only others are left, told anew when one joins
        worker(2, 10);
        machine.onWorkerGone(worker.link);
        machine.onDispatch(now);
        assertThat(sink.said()).containsExactly("FAILURE 0 " + FAILURE);
        worker(3, 10);
        giveLong(1);
        assertThat(events().stream().filter(event -> event.startsWith("too long")))
                .containsExactly("too long 0 10", "too long 1 10");
    }

    @Test
    void aWorkerThatIsStuckIsTriedWhereTheOthersTakeLess() {
        Wire any = worker(1);
        worker(2, 10);
        giveLong(0);
        now += 2 * BEAT;
        sinkSays(SINK, writer -> writer.overdue(batch.id, 1_000, ranges(0)));
        assertThat(any.said()).containsExactly("WELCOME", "TASK 0", "TASK 0");
    }
}
