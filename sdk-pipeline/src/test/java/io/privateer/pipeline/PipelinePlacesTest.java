package io.privateer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.privateer.core.PirateException;
import io.privateer.core.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** More batches than the sink has places for, and batches that it was told to forget. */
class PipelinePlacesTest extends PipelineSetup {

    private static final int TASKS = 500;

    /** A thread gives the batch: where its window is full, it waits. */
    private static CompletableFuture<BatchSummary> giveAside(Batch batch) {
        return CompletableFuture.runAsync(() -> give(batch, TASKS).end(), task -> new Thread(task).start())
                .thenCompose(given -> batch.done());
    }

    @Test
    void batchesOfSeveralVentilatorsThatAreGivenBesideEachOtherAreAllDone() {
        // given a sink with one place, and two ventilators with windows that no batch fits into
        Sink sink = sink(sinkSettings().batchesMax(1));
        List<CompletableFuture<BatchSummary>> all = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            ventilatorAt = "tcp://127.0.0.1:*";
            Ventilator ventilator = ventilator(ventilatorSettings().windowTasks(20));
            worker(PipelineTest::twice);
            // when each is given two batches at the same time
            all.add(giveAside(ventilator.newBatch()));
            all.add(giveAside(ventilator.newBatch()));
        }
        // then none waits for another for good
        all.forEach(done -> assertThat(done.orTimeout(60, TimeUnit.SECONDS).join())
                .extracting(BatchSummary::tasks, BatchSummary::failed)
                .containsExactly(TASKS, 0));
        assertThat(sink.stats().batchesDone()).isEqualTo(4);
        assertThat(sink.stats().batchesWaiting()).isZero();
        assertThat(sink.stats().conflicts()).isZero();
    }

    @Test
    void aBatchThatWaitsTakesNoRoomFromOneThatHasBegun() {
        // given a batch that has begun, and one that waits with a full window
        Sink sink = sink(sinkSettings().batchesMax(1));
        Ventilator ventilator = ventilator(ventilatorSettings().windowTasks(10).windowBytes(100));
        Batch begun = ventilator.newBatch();
        await().until(() -> sink.stats().batches() == 1);
        Batch waiting = give(ventilator.newBatch(), 10);
        assertThat(waiting.tryAdd(new byte[1])).isFalse();
        // then the other has a window of its own
        give(begun, 10);
        assertThat(begun.tryAdd(new byte[1])).isFalse();
        assertThat(ventilator.stats().unaccepted()).isEqualTo(20);
        // and what was given in the meantime is done in its turn
        worker(PipelineTest::twice);
        begun.end();
        assertThat(begun.done().orTimeout(30, TimeUnit.SECONDS).join().tasks()).isEqualTo(10);
        waiting.end();
        assertThat(waiting.done().orTimeout(30, TimeUnit.SECONDS).join().tasks())
                .isEqualTo(10);
        await().until(() -> ventilator.stats().unaccepted() == 0);
        assertThat(ventilator.stats().unacceptedBytes()).isZero();
    }

    @Test
    void aBatchThatTheSinkIsToldToForgetEndsAtItsVentilatorAndIsNotTakenAgain() {
        // given two batches, the second of which waits
        Path journal = folder.resolve("journal");
        Sink sink = sink(sinkSettings().batchesMax(1).journal(journal));
        Ventilator ventilator = ventilator();
        Batch begun = give(ventilator.newBatch(), 3);
        Batch waiting = give(ventilator.newBatch(), 3);
        await().until(() -> sink.stats().batchesWaiting() == 1);
        CompletableFuture<BatchOutcome> outcome = sink.outcome(begun.id());
        // when both are forgotten
        assertThat(sink.forget(waiting.id())).isTrue();
        assertThat(sink.forget(begun.id())).isTrue();
        assertThat(sink.forget(begun.id())).isFalse();
        // then everybody who waits for them hears so
        checkForgotten(begun.done());
        checkForgotten(waiting.done());
        checkForgotten(outcome);
        checkForgotten(sink.outcome(waiting.id()));
        await().until(() -> ventilator.stats().unaccepted() == 0);
        // and who comes with one of them again too, also at a successor with the journal
        checkForgotten(ventilator.resume(begun.id()));
        sink.close();
        sink(sinkSettings().journal(journal));
        checkForgotten(ventilator.newBatch(waiting.id()).done());
        // but others go on
        worker(PipelineTest::twice);
        Batch other = give(ventilator.newBatch(), 3);
        other.end();
        assertThat(other.done().orTimeout(30, TimeUnit.SECONDS).join().tasks()).isEqualTo(3);
    }

    private static void checkForgotten(CompletableFuture<?> future) {
        assertThatThrownBy(() -> future.orTimeout(30, TimeUnit.SECONDS).join())
                .cause()
                .isInstanceOf(PirateException.class)
                .hasMessageContaining("forg")
                .extracting(e -> ((PirateException) e).reason())
                .isEqualTo(Reason.CLOSED);
    }
}
