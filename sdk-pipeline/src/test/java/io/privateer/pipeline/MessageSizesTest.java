package io.privateer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts of a pipeline that were told different {@code messageBytesMax}, over real sockets. */
class MessageSizesTest extends PipelineSetup {

    /** Tasks and results of this number are long. */
    private static final int LONG = 3;

    private final Queue<TaskFailure> failures = new ConcurrentLinkedQueue<>();

    private Ventilator ventilator(int deliveriesMax) {
        return ventilator(ventilatorSettings().deliveriesMax(deliveriesMax).listener(new VentilatorListener() {
            @Override
            public void onTaskFailed(TaskFailure event) {
                failures.add(event);
            }
        }));
    }

    private PipelineWorker worker(int messageBytesMax, int longResult) {
        return opened(PipelineWorker.start(
                PipelineWorker.builder(TaskHandler.of(task -> new byte[task.number() == LONG ? longResult : 1]))
                        .ventilator(ventilatorAt)
                        .sink(sinkAt)
                        .heartbeat(BEAT)
                        .messageBytesMax(messageBytesMax)
                        .build()));
    }

    private static Batch batch(Ventilator ventilator, int longTask) {
        Batch batch = ventilator.newBatch(10);
        for (int number = 0; number < 10; number++) {
            batch.add(new byte[number == LONG ? longTask : 1]);
        }
        return batch;
    }

    /** A frame may have 64 KiB in any case: below that it would pass, above it would end the connection. */
    @ParameterizedTest
    @ValueSource(ints = {1_000, 100_000})
    void aTaskThatIsTooLongForTheWorkersFailsAndNamesTheSizes(int takes) {
        try (Logged logged = new Logged()) {
            sink(sinkSettings());
            Ventilator ventilator = ventilator(5);
            PipelineWorker worker = worker(takes, 1);
            Batch batch = batch(ventilator, takes + 1);
            String why = "task of " + (takes + 1) + " bytes, longer than messageBytesMax=" + takes + " of every worker";
            assertThat(join(batch)).isEqualTo(new BatchSummary(batch.id(), 10, 1));
            assertThat(failures).containsExactly(new TaskFailure(batch.id(), LONG, why));
            assertThat(ventilator.stats().tooLong()).isOne();
            assertThat(ventilator.stats().workersLost()).isZero();
            assertThat(worker.stats().reconnects()).isZero();
            assertThat(logged.with("WARN task too long for every worker"))
                    .singleElement()
                    .asString()
                    .contains("bytes=" + (takes + 1), "messageBytesMax=" + takes);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 100_000})
    void aResultThatIsTooLongForTheSinkFailsAndNamesTheSizes(int takes) {
        try (Logged logged = new Logged()) {
            sink(sinkSettings().messageBytesMax(takes));
            Ventilator ventilator = ventilator(2);
            PipelineWorker worker = worker(1 << 20, takes + 1);
            Batch batch = batch(ventilator, 1);
            String why = "result of " + (takes + 1) + " bytes, longer than messageBytesMax=" + takes + " of the sink";
            assertThat(join(batch)).isEqualTo(new BatchSummary(batch.id(), 10, 1));
            assertThat(failures).containsExactly(new TaskFailure(batch.id(), LONG, why));
            assertThat(worker.stats().tooLong()).isEqualTo(2);
            assertThat(worker.stats().reconnects()).isZero();
            assertThat(logged.with("WARN result too long"))
                    .singleElement()
                    .asString()
                    .contains("bytes=" + (takes + 1), "messageBytesMax=" + takes + " of=sink");
        }
    }

    @Test
    void aResultThatWaitedForASinkThatTakesLessFailsToo() throws Exception {
        // given a sink that is lost before the long result is done
        Sink sink = sink(sinkSettings());
        Ventilator ventilator = ventilator(1);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        PipelineWorker worker = worker(task -> {
            begun.countDown();
            gone.await();
            return new byte[200_000];
        });
        Batch batch = ventilator.newBatch(1);
        batch.add(new byte[1]);
        begun.await();
        sink.close();
        await().until(() -> !worker.stats().sinkConnected());
        gone.countDown();
        await().until(() -> worker.stats().results() == 1);
        // when its successor takes shorter ones
        sink(sinkSettings().messageBytesMax(100_000));
        // then that is the outcome, and nothing is left
        assertThat(join(batch)).isEqualTo(new BatchSummary(batch.id(), 1, 1));
        String why = "result of 200000 bytes, longer than messageBytesMax=100000 of the sink";
        assertThat(failures).containsExactly(new TaskFailure(batch.id(), 0, why));
        assertThat(worker.stats().held()).isZero();
        assertThat(ventilator.shutdownWorkers(Duration.ofSeconds(10)).join()).isOne();
    }

    private static BatchSummary join(Batch batch) {
        return batch.done().orTimeout(30, TimeUnit.SECONDS).join();
    }
}
