package io.privateer.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.privateer.core.ClosedException;
import io.privateer.core.PirateException;
import io.privateer.core.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Ventilators, workers and sinks that end, and those that come after them. */
class PipelineSuccessorsTest extends PipelineSetup {

    @Test
    void whatAClosedWorkerHeldGoesToAnother() throws Exception {
        // given a worker that holds tasks and does not get on
        Sink sink = sink(sinkSettings());
        Ventilator ventilator = ventilator();
        CountDownLatch begun = new CountDownLatch(1);
        PipelineWorker stuck = worker(task -> {
            begun.countDown();
            Thread.currentThread().join();
            return new byte[0];
        });
        Batch batch = give(ventilator.newBatch(), 10);
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        // when it is closed
        worker(PipelineTest::twice);
        stuck.close();
        // then
        assertThat(join(sink, batch).failed()).isZero();
        checkTakenOnce(10);
    }

    @Test
    void aTaskThatIsOverdueGoesToAnotherWorker() {
        // given a worker that hangs, and beats
        Sink sink = sink(sinkSettings().overdueAfter(Duration.ofMillis(500)));
        Ventilator ventilator = ventilator();
        AtomicInteger calls = new AtomicInteger();
        PipelineWorker hung = worker(task -> {
            calls.incrementAndGet();
            Thread.currentThread().join();
            return new byte[0];
        });
        Batch batch = give(ventilator.newBatch(), 4);
        await().until(() -> calls.get() == 2);
        // when another comes
        worker(PipelineTest::twice);
        // then it does them all
        assertThat(join(sink, batch).failed()).isZero();
        checkTakenOnce(4);
        assertThat(hung.stopped()).isNotDone();
    }

    @Test
    void aSuccessorOfAVentilatorGivesOnlyWhatRemains() {
        // given a ventilator that is closed in the middle of a batch
        Sink sink = sink(sinkSettings());
        Ventilator first = ventilator();
        UUID id = UUID.fromString("00000000-0000-0001-0000-000000000002");
        Batch begun = give(first.newBatch(id), 60);
        worker(PipelineTest::twice);
        await().until(() -> sink.stats().accepted() == 60);
        first.close();
        assertThatThrownBy(begun.done()::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> begun.add(new byte[0])).isInstanceOf(ClosedException.class);
        // when its successor takes over
        Ventilator second = ventilator();
        Batch batch = second.resume(id).orTimeout(30, TimeUnit.SECONDS).join();
        TaskNumbers remaining = batch.remaining(100);
        assertThat(remaining).hasToString("60-99");
        assertThat(remaining.count()).isEqualTo(40);
        remaining.forEach(number -> batch.put(number, Integer.toString(number).getBytes(UTF_8)));
        // then
        assertThat(join(sink, batch).results().get(99)).isEqualTo("9999".getBytes(UTF_8));
        checkTakenOnce(100);
    }

    @Test
    void aSuccessorOfAVentilatorMayGiveTheWholeBatchAgain() {
        // given
        Sink sink = sink(sinkSettings());
        Ventilator first = ventilator();
        Batch begun = give(first.newBatch(), 60);
        AtomicInteger handled = new AtomicInteger();
        worker(task -> {
            handled.incrementAndGet();
            return twice(task);
        });
        await().until(() -> sink.stats().accepted() == 60);
        first.close();
        // when
        Batch batch =
                ventilator().resume(begun.id()).orTimeout(30, TimeUnit.SECONDS).join();
        give(batch, 100);
        // then what was done is not done again
        assertThat(join(sink, batch).tasks()).isEqualTo(100);
        checkTakenOnce(100);
        assertThat(handled.get()).isEqualTo(100);
    }

    @Test
    void aSuccessorOfASinkHasWhatTheJournalHas() {
        // given a sink with a journal that has accepted a part
        Path journal = folder.resolve("journal");
        Sink first = sink(sinkSettings().journal(journal));
        Ventilator ventilator = ventilator();
        worker(PipelineTest::twice);
        Batch batch = give(ventilator.newBatch(), 500);
        await().until(() -> first.stats().accepted() == 500);
        assertThatThrownBy(
                        () -> sink(sinkSettings().endpoint("tcp://127.0.0.1:*").journal(journal)))
                .isInstanceOf(PirateException.class)
                .hasMessageContaining("in use");
        first.close();
        timesTaken.clear();
        // when its successor comes
        Sink second = sink(sinkSettings().journal(journal));
        assertThat(second.stats().restored()).isEqualTo(500);
        checkTakenOnce(500);
        for (int i = 500; i < 1_000; i++) {
            batch.add(Integer.toString(i).getBytes(UTF_8));
        }
        // then the batch is done, and known to be to the next
        BatchOutcome outcome = join(second, batch);
        assertThat(outcome.results().get(999)).isEqualTo("999999".getBytes(UTF_8));
        checkTakenOnce(1_000);
        second.close();
        Sink third = sink(sinkSettings().journal(journal));
        assertThat(third.outcome(batch.id()).join().tasks()).isEqualTo(1_000);
    }

    @Test
    void withoutAJournalABatchFailsWhoseSinkDies() {
        Sink first = sink(sinkSettings());
        Ventilator ventilator = ventilator();
        worker(PipelineTest::twice);
        Batch batch = give(ventilator.newBatch(), 50);
        await().until(() -> first.stats().accepted() == 50);
        await().until(() -> ventilator.stats().unaccepted() == 0);
        first.close();
        sink(sinkSettings());
        assertThatThrownBy(() -> batch.done().orTimeout(30, TimeUnit.SECONDS).join())
                .cause()
                .isInstanceOf(PirateException.class)
                .hasMessageContaining("lost 50 results")
                .extracting(e -> ((PirateException) e).reason())
                .isEqualTo(Reason.MAY_HAVE_RUN);
    }

    @Test
    void workersStopWhenTheyAreToldToAndTheLateOnesToo() {
        // given
        Sink sink = sink(sinkSettings());
        Ventilator ventilator = ventilator();
        List<PipelineWorker> workers = List.of(worker(PipelineTest::twice), worker(PipelineTest::twice));
        await().until(() -> ventilator.stats().workers() == 2);
        Batch batch = give(ventilator.newBatch(), 1_000);
        join(sink, batch);
        // when
        assertThat(ventilator.shutdownWorkers(Duration.ofSeconds(30)).join()).isEqualTo(2);
        // then
        workers.forEach(worker -> assertThat(
                        worker.stopped().orTimeout(30, TimeUnit.SECONDS).join())
                .isTrue());
        PipelineWorker late = worker(PipelineTest::twice);
        assertThat(late.stopped().orTimeout(30, TimeUnit.SECONDS).join()).isTrue();
        await().until(() -> ventilator.stats().workersStopped() == 3);
    }

    @Test
    void aWorkerThatDrainsEndsWhatItHolds() {
        Sink sink = sink(sinkSettings());
        Ventilator ventilator = ventilator();
        PipelineWorker worker = worker(PipelineTest::twice);
        Batch batch = give(ventilator.newBatch(), 1_000);
        await().until(() -> sink.stats().accepted() > 0);
        assertThat(worker.drain(Duration.ofSeconds(30)).join()).isTrue();
        assertThat(worker.stats().held()).isZero();
        worker(PipelineTest::twice);
        join(sink, batch);
        checkTakenOnce(1_000);
    }
}
