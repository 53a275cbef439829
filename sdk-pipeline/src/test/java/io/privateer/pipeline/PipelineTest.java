package io.privateer.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Ventilators, workers and sinks over real sockets. */
class PipelineTest extends PipelineSetup {

    @Test
    void everyResultComesOnceAndTheBatchIsDone() {
        // given all three, and two workers
        Sink sink = sink(sinkSettings());
        Ventilator ventilator = ventilator();
        worker(PipelineTest::twice);
        worker(PipelineTest::twice);
        // when a batch is given
        Batch batch = give(ventilator.newBatch(), 10_000);
        BatchOutcome outcome = join(sink, batch);
        // then each task has its result
        assertThat(outcome.tasks()).isEqualTo(10_000);
        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.results().get(123)).isEqualTo("123123".getBytes(UTF_8));
        assertThat(batch.done().join()).isEqualTo(new BatchSummary(batch.id(), 10_000, 0));
        checkTakenOnce(10_000);
        // and nothing is kept
        await().until(() -> ventilator.stats().unaccepted() == 0);
        assertThat(ventilator.stats().batches()).isZero();
        assertThat(sink.stats().batches()).isZero();
    }

    @Test
    void anEmptyBatchIsDoneAtOnce() {
        Sink sink = sink(sinkSettings());
        assertThat(join(sink, ventilator().newBatch()).tasks()).isZero();
    }

    @Test
    void moreBatchesThanTheSinkTakesAreDoneOneAfterTheOther() {
        sink(sinkSettings().batchesMax(1));
        Ventilator ventilator = ventilator();
        Batch first = give(ventilator.newBatch(), 10);
        Batch second = give(ventilator.newBatch(), 10);
        second.end();
        first.end();
        worker(PipelineTest::twice);
        assertThat(first.done().orTimeout(30, TimeUnit.SECONDS).join().tasks()).isEqualTo(10);
        assertThat(second.done().orTimeout(30, TimeUnit.SECONDS).join().tasks()).isEqualTo(10);
    }

    @Test
    void aBatchOfKnownSizeHasItsTotalFromTheStartAndNeedsNoEnd() {
        // given a listener to progress
        Queue<BatchProgress> told = new ConcurrentLinkedQueue<>();
        sink(sinkSettings().listener(new SinkListener() {
            @Override
            public void onProgress(BatchProgress event) {
                told.add(event);
            }
        }));
        Ventilator ventilator = ventilator();
        worker(PipelineTest::twice);
        // when half of the tasks are given
        Batch batch = give(ventilator.newBatch(10), 5);
        await().until(() -> !told.isEmpty());
        assertThat(told).allMatch(event -> event.tasks() == 10);
        assertThatThrownBy(batch::end).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> batch.put(10, new byte[1])).isInstanceOf(IllegalStateException.class);
        // then the batch is done with the other half, and takes no more
        for (int i = 5; i < 10; i++) {
            batch.put(i, new byte[1]);
        }
        assertThatThrownBy(() -> batch.add(new byte[1])).isInstanceOf(IllegalStateException.class);
        assertThat(batch.done().orTimeout(30, TimeUnit.SECONDS).join().tasks()).isEqualTo(10);
        assertThat(ventilator
                        .newBatch(0)
                        .done()
                        .orTimeout(30, TimeUnit.SECONDS)
                        .join()
                        .tasks())
                .isZero();
        assertThatThrownBy(() -> ventilator.newBatch(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void workersAndSinkMayComeLater() {
        // given a ventilator whose sink is not there
        sinkAt = "tcp://127.0.0.1:" + freePort();
        Ventilator ventilator = ventilator();
        Batch batch = give(ventilator.newBatch(), 100);
        batch.end();
        worker(PipelineTest::twice);
        // when it comes
        sink(sinkSettings());
        // then the batch is done
        assertThat(batch.done().orTimeout(30, TimeUnit.SECONDS).join().tasks()).isEqualTo(100);
        checkTakenOnce(100);
    }

    @Test
    void aTaskWhoseHandlerThrowsIsTriedAgainAndThenReported() {
        // given a handler that never does task 7, and does task 3 at its third attempt
        Sink sink = sink(sinkSettings());
        Ventilator ventilator = ventilator(ventilatorSettings().deliveriesMax(4));
        AtomicInteger attempts = new AtomicInteger();
        worker(task -> {
            if (task.number() == 7 || (task.number() == 3 && attempts.incrementAndGet() < 3)) {
                throw new IllegalStateException("no " + task.number());
            }
            return twice(task);
        });
        // when
        Batch batch = give(ventilator.newBatch(), 10);
        BatchOutcome outcome = join(sink, batch);
        // then
        assertThat(outcome.failed()).isOne();
        assertThat(outcome.failures())
                .containsExactly(new TaskFailure(batch.id(), 7, "java.lang.IllegalStateException: no 7"));
        assertThat(outcome.results().get(7)).isNull();
        assertThat(outcome.results().get(3)).isEqualTo("33".getBytes(UTF_8));
        assertThat(batch.done().join().failed()).isOne();
        assertThat(ventilator.stats().returned()).isEqualTo(2 + 3);
    }

    @Test
    void aWindowBoundsWhatIsGiven() {
        sink(sinkSettings());
        Ventilator ventilator = ventilator(ventilatorSettings().windowTasks(10).windowBytes(1_000));
        Batch batch = ventilator.newBatch();
        for (int i = 0; i < 9; i++) {
            assertThat(batch.tryAdd(new byte[100])).isTrue();
        }
        assertThat(batch.tryAdd(new byte[101])).isFalse();
        assertThat(batch.tryAdd(new byte[10])).isTrue();
        assertThat(batch.tryAdd(new byte[0])).isFalse();
        assertThat(ventilator.stats().unaccepted()).isEqualTo(10);
        worker(PipelineTest::twice);
        for (int i = 0; i < 100; i++) {
            batch.add(new byte[100]);
        }
        batch.end();
        assertThat(batch.done().orTimeout(30, TimeUnit.SECONDS).join().tasks()).isEqualTo(110);
    }

    @Test
    void aSinkThatIsHeldUpBoundsEverybody() throws Exception {
        // given a result handler that does not get on
        CountDownLatch gate = new CountDownLatch(1);
        Set<Integer> taken = ConcurrentHashMap.newKeySet();
        Sink sink = sink(Sink.builder(result -> {
                    gate.await();
                    taken.add(result.number());
                })
                .endpoint(sinkAt)
                .heartbeat(BEAT));
        Ventilator ventilator = ventilator(ventilatorSettings().windowTasks(2_000));
        PipelineWorker worker = opened(PipelineWorker.start(PipelineWorker.builder(TaskHandler.of(PipelineTest::twice))
                .ventilator(ventilatorAt)
                .sink(sinkAt)
                .heartbeat(BEAT)
                .credit(100)
                .build()));
        // when more is given than anybody may hold
        Batch batch = ventilator.newBatch();
        int given = 0;
        while (batch.tryAdd(new byte[10])) {
            given++;
        }
        // then all stay within their bounds
        assertThat(given).isEqualTo(2_000);
        await().until(() -> sink.stats().untaken() > 0);
        assertThat(worker.stats().held()).isLessThanOrEqualTo(100);
        assertThat(sink.stats().untaken()).isLessThanOrEqualTo(100);
        // and go on with it
        gate.countDown();
        batch.end();
        assertThat(batch.done().orTimeout(30, TimeUnit.SECONDS).join().failed()).isZero();
        assertThat(taken).hasSize(2_000);
    }

    @Test
    void whatIsTooLongIsRefusedOrFails() {
        Sink sink = sink(sinkSettings().messageBytesMax(1_000));
        Ventilator ventilator =
                ventilator(ventilatorSettings().messageBytesMax(1_000).deliveriesMax(2));
        opened(PipelineWorker.start(PipelineWorker.builder(TaskHandler.of(task -> new byte[1_001]))
                .ventilator(ventilatorAt)
                .sink(sinkAt)
                .messageBytesMax(1_000)
                .build()));
        Batch batch = ventilator.newBatch();
        assertThatThrownBy(() -> batch.add(new byte[1_001]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("messageBytesMax=1000");
        batch.add(new byte[1_000]);
        assertThat(join(sink, batch).failures().get(0).reason()).contains("result of 1001 bytes");
    }

    @Test
    void longTasksAndResultsTravel() {
        Sink sink = sink(sinkSettings());
        Ventilator ventilator = ventilator();
        worker(PipelineTask::bytes);
        Batch batch = ventilator.newBatch();
        byte[] task = new byte[1 << 20];
        for (int i = 0; i < 100; i++) {
            batch.add(task);
        }
        assertThat(join(sink, batch).results().get(99)).hasSize(1 << 20);
    }
}
