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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ventilators, workers and sinks over real sockets. */
class PipelineTest {

    private static final Duration BEAT = Duration.ofMillis(100);

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Map<Integer, Integer> timesTaken = new ConcurrentHashMap<>();
    private String ventilatorAt = "tcp://127.0.0.1:*";
    private String sinkAt = "tcp://127.0.0.1:*";

    @TempDir
    Path folder;

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.add(part);
        return part;
    }

    private SinkConfig.Builder sinkSettings() {
        return Sink.builder(result -> timesTaken.merge(result.number(), 1, Integer::sum))
                .endpoint(sinkAt)
                .heartbeat(BEAT)
                .collectResults(true);
    }

    private Sink sink(SinkConfig.Builder settings) {
        Sink sink = opened(Sink.start(settings.build()));
        sinkAt = sink.endpoint();
        return sink;
    }

    private Ventilator ventilator() {
        return ventilator(ventilatorSettings());
    }

    private VentilatorConfig.Builder ventilatorSettings() {
        return Ventilator.builder().endpoint(ventilatorAt).sink(sinkAt).heartbeat(BEAT);
    }

    private Ventilator ventilator(VentilatorConfig.Builder settings) {
        Ventilator ventilator = opened(Ventilator.start(settings.build()));
        ventilatorAt = ventilator.endpoint();
        return ventilator;
    }

    private PipelineWorker worker(TaskHandler.Function work) {
        return opened(PipelineWorker.start(PipelineWorker.builder(TaskHandler.of(work))
                .ventilator(ventilatorAt)
                .sink(sinkAt)
                .heartbeat(BEAT)
                .concurrency(2)
                .build()));
    }

    private static byte[] twice(PipelineTask task) {
        return (task.text() + task.text()).getBytes(UTF_8);
    }

    private static Batch give(Batch batch, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(batch.add(Integer.toString(i).getBytes(UTF_8))).isEqualTo(i);
        }
        return batch;
    }

    private void checkTakenOnce(int count) {
        assertThat(timesTaken).hasSize(count);
        assertThat(timesTaken.values()).containsOnly(1);
    }

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

    private static BatchOutcome join(Sink sink, Batch batch) {
        java.util.concurrent.CompletableFuture<BatchOutcome> outcome = sink.outcome(batch.id());
        batch.end();
        return outcome.orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Test
    void anEmptyBatchIsDoneAtOnce() {
        Sink sink = sink(sinkSettings());
        assertThat(join(sink, ventilator().newBatch()).tasks()).isZero();
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

    private static int freePort() {
        try (var socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
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
