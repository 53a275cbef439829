package io.privateer.pipeline;

import static io.privateer.pipeline.Wire.BATCH;
import static io.privateer.pipeline.Wire.ranges;
import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import org.junit.jupiter.api.Test;

/** A ventilator whose batches wait for their places at the sink. */
class VentilatorPlacesTest extends VentilatorMachineFixture {

    private final VentBatch other = new VentBatch(new PeerId(0, 2));

    @Test
    void noTaskIsGivenOutBeforeTheSinkHasAPlaceForItsBatch() {
        // given two batches, of which the sink has a place for the second only
        welcome();
        machine.onOpen(batch);
        machine.onOpen(other);
        Wire worker = worker(1);
        give(0, 3);
        give(other, 7, 8);
        machine.onEnd(batch, 3);
        assertThat(worker.said()).containsExactly("WELCOME");
        assertThat(sink.said()).containsExactly("OPEN", "OPEN");
        // when it says so, then that batch goes on, and the first holds no credit
        stateOf(other);
        assertThat(worker.said()).containsExactly("TASK 7");
        give(other, 8, 9);
        assertThat(worker.said()).containsExactly("TASK 8");
        sinkSays(SINK, writer -> writer.done(other.id, 9, 0));
        assertThat(worker.said()).isEmpty();
        // when there is a place for the first, then its turn comes, and the sink hears the end
        stateOf(batch);
        assertThat(worker.said()).containsExactly("TASK 0", "TASK 1");
        assertThat(sink.said()).containsExactly("END 3");
        assertThat(events()).containsExactly("joined 1", "begun", "known", "done 9 0", "begun", "known");
    }

    @Test
    void whatHasBegunGoesOnWhileTheSinkIsAwayAndIsNamedAsBegun() {
        begin();
        machine.onSinkLost(now);
        machine.onOpen(other);
        Wire worker = worker(1);
        give(0, 1);
        give(other, 5, 6);
        assertThat(worker.said()).containsExactly("WELCOME", "TASK 0");
        sinkSays(SINK + 1, writer -> writer.welcome(1_000, 0));
        assertThat(sink.said()).containsExactly("HELLO", "OPEN begun", "OPEN");
        // and what is to be said of it waits until this sink has it; if that knows the end already, it hears nothing
        sinkSays(SINK + 1, writer -> writer.state(other.id, 6, ranges()));
        assertThat(sink.said()).isEmpty();
        machine.onEnd(batch, 1);
        assertThat(sink.said()).isEmpty();
        sinkSays(SINK + 1, writer -> writer.state(BATCH, Pln.COUNT_UNKNOWN, ranges()));
        assertThat(sink.said()).containsExactly("END 1");
        assertThat(worker.said()).containsExactly("TASK 5");
    }

    @Test
    void aBatchThatTheSinkWasToldToForgetEndsWhetherItHasBegunOrNot() {
        begin();
        machine.onOpen(other);
        give(0, 2);
        give(other, 0, 3);
        sinkSays(SINK, writer -> {
            writer.forgotten(BATCH);
            writer.forgotten(other.id);
            writer.forgotten(other.id);
        });
        assertThat(events())
                .containsExactly(
                        "failed the sink was told to forget the batch", "failed the sink was told to forget the batch");
        assertThat(released).isEqualTo(5);
        assertThat(machine.batches()).isZero();
        assertThat(machine.stale()).isOne();
        // and nothing of it is given out
        assertThat(worker(1).said()).containsExactly("WELCOME");
    }
}
