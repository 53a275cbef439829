package io.privateer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.privateer.core.EndpointException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Handlers that are classes of their own: what they are told besides their tasks, and when. */
class TaskHandlerTest extends PipelineSetup {

    private static final String NAME = "task-handler-test";

    /** Writes down what it is called for, and fails where it is told to. */
    private static final class Diary extends TaskHandler {

        final List<String> calls = new CopyOnWriteArrayList<>();
        volatile @Nullable RuntimeException failsOnStart;
        volatile @Nullable RuntimeException failsOnStop;

        @Override
        protected void onStart() {
            calls.add("start on " + Thread.currentThread().getName());
            RuntimeException failure = failsOnStart;
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        protected byte[] handle(PipelineTask task) {
            calls.add("task " + task.number());
            return task.bytes();
        }

        @Override
        protected void onStop() {
            calls.add("stop");
            RuntimeException failure = failsOnStop;
            if (failure != null) {
                throw failure;
            }
        }
    }

    private final Diary diary = new Diary();
    private final String started = "start on " + Thread.currentThread().getName();

    private PipelineWorkerConfig.Builder settings() {
        return PipelineWorker.builder(diary)
                .name(NAME)
                .ventilator(ventilatorAt)
                .sink(sinkAt)
                .heartbeat(BEAT)
                .concurrency(2);
    }

    private static Stream<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter(name -> name.contains(NAME));
    }

    @Test
    void aSubclassIsStartedBeforeItsFirstTaskAndStoppedOnceAfterItsLast() {
        // given a worker with a handler of its own class
        Sink sink = sink(sinkSettings());
        Ventilator ventilator = ventilator();
        PipelineWorker worker = opened(PipelineWorker.start(settings().build()));
        assertThat(diary.calls).containsExactly(started);
        // when it has done a batch and is told to stop
        join(sink, give(ventilator.newBatch(), 20));
        assertThat(diary.calls).doesNotContain("stop");
        assertThat(ventilator
                        .shutdownWorkers(Duration.ofSeconds(30))
                        .orTimeout(30, TimeUnit.SECONDS)
                        .join())
                .isOne();
        // then it hears of its end after the last task, and only once, whoever closes it besides
        await().until(() -> diary.calls.contains("stop"));
        worker.close();
        worker.close();
        assertThat(diary.calls).hasSize(22).startsWith(started).endsWith("stop").containsOnlyOnce(started, "stop");
        await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void anOnStartThatThrowsFailsTheStartAndLeavesNothingOpen() {
        // given a handler that cannot start
        Sink sink = sink(sinkSettings());
        Ventilator ventilator = ventilator();
        RuntimeException failure = new IllegalStateException("no database");
        diary.failsOnStart = failure;
        PipelineWorkerConfig config = settings().build();
        // when its worker is started
        assertThatThrownBy(() -> PipelineWorker.start(config)).isSameAs(failure);
        // then nothing is left of it, and it was not told to stop what had not begun
        await().untilAsserted(() -> assertThat(threads()).isEmpty());
        assertThat(diary.calls).containsExactly(started);
        // and the same settings will do when the handler can start
        diary.failsOnStart = null;
        opened(PipelineWorker.start(config));
        assertThat(join(sink, give(ventilator.newBatch(), 5)).failures()).isEmpty();
        assertThat(ventilator.stats().workers()).isOne();
    }

    @Test
    void aHandlerWhoseWorkerCannotStartAfterAllIsStopped() {
        // given a sink's address that nobody knows
        sinkAt = "tcp://no-such-host.invalid:5555";
        ventilatorAt = "tcp://127.0.0.1:" + freePort();
        // when a worker is started that is to go there
        assertThatThrownBy(() -> PipelineWorker.start(settings().build()))
                .isInstanceOf(EndpointException.class)
                .hasMessageContaining(sinkAt);
        // then the handler may let go of what it has opened
        assertThat(diary.calls).containsExactly(started, "stop");
        await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void anOnStopThatThrowsIsLoggedAndTheWorkerCloses() {
        ventilatorAt = "tcp://127.0.0.1:" + freePort();
        sinkAt = "tcp://127.0.0.1:" + freePort();
        diary.failsOnStop = new IllegalStateException("no goodbye");
        try (Logged logged = new Logged()) {
            PipelineWorker.start(settings().build()).close();
            assertThat(logged.with("ERROR onStop failed worker=" + NAME)).hasSize(1);
            assertThat(logged.with("worker closed worker=" + NAME)).hasSize(1);
        }
        assertThat(diary.calls).containsExactly(started, "stop");
        await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }
}
