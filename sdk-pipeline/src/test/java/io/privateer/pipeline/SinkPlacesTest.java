package io.privateer.pipeline;

import static io.privateer.pipeline.Wire.BATCH;
import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import org.junit.jupiter.api.Test;

/** A sink that has places for two batches, and what waits for one. */
class SinkPlacesTest extends SinkMachineFixture {

    private static final PeerId SECOND = new PeerId(7, 7);
    private static final PeerId THIRD = new PeerId(8, 8);
    private static final PeerId FOURTH = new PeerId(9, 9);

    /** Returns a ventilator with as many batches as there are places for. */
    private Wire full() {
        Wire ventilator = ventilator(2);
        says(ventilator, writer -> {
            writer.open(BATCH, false);
            writer.open(SECOND, false);
        });
        assertThat(ventilator.said()).containsExactly("STATE -1", "STATE -1");
        return ventilator;
    }

    private void end(Wire ventilator, PeerId batch) {
        says(ventilator, writer -> writer.end(batch, 0));
    }

    @Test
    void batchesForWhichThereIsNoPlaceBeginInTheirOrderAsOthersAreDone() {
        // given two ventilators that wait for one batch, and one with a batch behind it
        Wire first = full();
        Wire second = ventilator(3);
        says(second, writer -> writer.open(THIRD, false));
        says(first, writer -> {
            writer.open(THIRD, false);
            writer.open(FOURTH, false);
            writer.open(FOURTH, false);
            writer.end(THIRD, 5);
        });
        assertThat(first.said()).isEmpty();
        assertThat(second.said()).isEmpty();
        assertThat(stats().batchesWaiting()).isEqualTo(2);
        // when a place is free, then both hear that the first in line has it, and nobody need ask
        end(first, BATCH);
        assertThat(first.said()).containsExactly("DONE 0 0", "STATE -1");
        assertThat(second.said()).containsExactly("STATE -1");
        end(first, SECOND);
        assertThat(first.said()).containsExactly("DONE 0 0", "STATE -1");
        assertThat(second.said()).isEmpty();
        assertThat(stats().batchesWaiting()).isZero();
        assertThat(stats().conflicts()).isZero();
    }

    @Test
    void whoIsGoneWaitsNoLonger() {
        Wire first = full();
        Wire second = ventilator(3);
        says(second, writer -> {
            writer.open(THIRD, false);
            writer.open(FOURTH, false);
        });
        says(first, writer -> writer.open(FOURTH, false));
        machine.onGone(second.link);
        end(first, BATCH);
        assertThat(first.said()).containsExactly("DONE 0 0", "STATE -1");
        assertThat(stats().batches()).isEqualTo(2);
        assertThat(stats().batchesWaiting()).isZero();
    }

    @Test
    void whatHasBegunInAnotherLifeOfTheSinkGoesOnAtOnce() {
        // given no place
        Wire ventilator = full();
        Wire worker = worker(1);
        says(ventilator, writer -> writer.open(THIRD, false));
        // when somebody has a result of a batch that waits, or says that one has begun
        says(worker, writer -> writer.result(THIRD, 0, new byte[0]));
        assertThat(ventilator.said()).containsExactly("STATE -1");
        says(ventilator, writer -> writer.open(FOURTH, true));
        assertThat(ventilator.said()).containsExactly("STATE -1");
        take();
        assertThat(worker.said()).containsExactly("ACCEPTED 0+1");
        assertThat(stats().batches()).isEqualTo(4);
        // then new ones wait until there are fewer than there may be
        PeerId fifth = new PeerId(5, 5);
        ventilator.said();
        says(ventilator, writer -> writer.open(fifth, false));
        end(ventilator, BATCH);
        end(ventilator, SECOND);
        assertThat(ventilator.said()).containsExactly("DONE 0 0", "DONE 0 0");
        end(ventilator, FOURTH);
        assertThat(ventilator.said()).containsExactly("DONE 0 0", "STATE -1");
    }

    @Test
    void whoFoundNoRoomEvenToWaitIsAskedToSayEverythingAgainWhenThereIs() {
        // given a worker with more than there can be, and a ventilator with more than can wait
        Wire ventilator = full();
        Wire worker = worker(1);
        says(worker, writer -> {
            for (int i = 0; i <= SinkPlaces.MORE_MAX; i++) {
                writer.result(new PeerId(10, i), 0, new byte[0]);
            }
        });
        says(ventilator, writer -> {
            for (int i = 0; i <= SinkPlaces.MORE_MAX; i++) {
                writer.open(new PeerId(11, i), i == 0);
            }
        });
        assertThat(stats().batches()).isEqualTo(2 + SinkPlaces.MORE_MAX);
        assertThat(stats().batchesWaiting()).isEqualTo(SinkPlaces.MORE_MAX);
        assertThat(stats().conflicts()).isEqualTo(2);
        take();
        worker.said();
        beat(worker, ventilator);
        assertThat(worker.said()).doesNotContain("WELCOME");
        // when one is done
        end(ventilator, BATCH);
        beat(worker, ventilator);
        // then both are told to say everything again, once
        assertThat(worker.said()).containsOnlyOnce("WELCOME");
        assertThat(ventilator.said()).containsOnlyOnce("WELCOME");
        says(worker, writer -> writer.result(new PeerId(10, SinkPlaces.MORE_MAX), 0, new byte[0]));
        assertThat(handed).hasSize(1);
        beat(worker, ventilator);
        assertThat(worker.said()).doesNotContain("WELCOME");
    }

    @Test
    void aBatchThatIsForgottenIsRefusedAndItsPlaceIsFree() {
        // given one that is open, one that waits, one that nobody has come with, and who waits for the same as another
        Wire ventilator = full();
        Wire worker = worker(1);
        Wire copier = worker(4);
        says(ventilator, writer -> {
            writer.open(THIRD, false);
            writer.open(FOURTH, false);
        });
        result(worker, 0);
        result(copier, 0);
        PeerId unknown = new PeerId(6, 6);
        // when they are forgotten
        assertThat(machine.onForget(BATCH)).isTrue();
        assertThat(machine.onForget(FOURTH)).isTrue();
        assertThat(machine.onForget(unknown)).isFalse();
        machine.tellAccepted();
        // then their ventilator hears so, the next in line begins, and nobody keeps a result
        assertThat(ventilator.said()).containsExactly("FORGOTTEN", "STATE -1", "FORGOTTEN");
        assertThat(copier.said()).containsExactly("ACCEPTED 0+1");
        take();
        assertThat(worker.said()).containsExactly("ACCEPTED 0+1");
        // and they do not begin anew
        says(ventilator, writer -> {
            writer.open(BATCH, true);
            writer.end(BATCH, 3);
            writer.open(unknown, false);
        });
        assertThat(ventilator.said()).containsExactly("FORGOTTEN", "FORGOTTEN");
        says(worker, writer -> writer.result(unknown, 1, new byte[0]));
        assertThat(worker.said()).containsExactly("ACCEPTED 1+1");
        assertThat(handed).isEmpty();
        // but what is done stays done
        end(ventilator, SECOND);
        assertThat(machine.onForget(SECOND)).isFalse();
        ventilator.said();
        says(ventilator, writer -> writer.open(SECOND, false));
        assertThat(ventilator.said()).containsExactly("DONE 0 0");
    }

    @Test
    void anOutcomeThatCameJustBeforeItsBatchWasForgottenDoesNotBeginItAnew() {
        Wire worker = worker(1);
        Wire.say(
                OWN,
                writer -> writer.result(BATCH, 0, new byte[0]),
                reader -> machine.onRecord(now, worker.link, reader));
        assertThat(machine.onForget(BATCH)).isTrue();
        machine.onArrived();
        machine.tellAccepted();
        assertThat(handed).isEmpty();
        assertThat(worker.said()).containsExactly("ACCEPTED 0+1");
    }
}
