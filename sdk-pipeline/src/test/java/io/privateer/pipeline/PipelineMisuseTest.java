package io.privateer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.privateer.core.ClosedException;
import io.privateer.core.transport.EventLoop;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the parts of a pipeline say to who uses them wrongly, or too late. */
class PipelineMisuseTest extends PipelineSetup {

    private static final String AT = "tcp://127.0.0.1:5555";
    private static final String ELSEWHERE = "tcp://127.0.0.1:5556";
    private static final TaskHandler HANDLER = TaskHandler.of(PipelineTask::bytes);

    private static void checkRefused(ThrowingCallable build, String message) {
        assertThatThrownBy(build).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void whatIsMissingIsNamed() {
        checkRefused(() -> Ventilator.builder().build(), "endpoint must be set: null");
        checkRefused(() -> Ventilator.builder().endpoint(AT).build(), "sink must be set: null");
        checkRefused(() -> Sink.builder(result -> {}).build(), "endpoint must be set: null");
        checkRefused(() -> PipelineWorker.builder(HANDLER).build(), "ventilator must be set: null");
        checkRefused(() -> PipelineWorker.builder(HANDLER).ventilator(AT).build(), "sink must be set: null");
    }

    @Test
    void ventilatorAndSinkMustBeApart() {
        String rule = "sink must be another than %s=" + AT + ": " + AT;
        checkRefused(() -> Ventilator.builder().endpoint(AT).sink(AT).build(), rule.formatted("endpoint"));
        checkRefused(
                () -> PipelineWorker.builder(HANDLER).ventilator(AT).sink(AT).build(), rule.formatted("ventilator"));
        checkRefused(() -> PlainVentilator.start(AT, AT), rule.formatted("endpoint"));
        checkRefused(() -> PlainWorker.start(task -> task, AT, AT), rule.formatted("ventilator"));
    }

    @Test
    void everyHandlerMustHaveCredit() {
        PipelineWorkerConfig.Builder settings =
                PipelineWorker.builder(HANDLER).ventilator(AT).sink(ELSEWHERE).concurrency(8);
        checkRefused(() -> settings.credit(7).build(), "credit must be >= concurrency=8: 7");
        assertThat(settings.credit(8).build().credit()).isEqualTo(8);
    }

    @NullUnmarked
    static Stream<Arguments> nulls() {
        return Map.<String, ThrowingCallable>of(
                        "config", () -> Ventilator.start(null),
                        "config ", () -> Sink.start(null),
                        "config  ", () -> PipelineWorker.start(null),
                        "handler", () -> PipelineWorker.builder(null),
                        "handler ", () -> Sink.builder(null),
                        "function", () -> TaskHandler.of(null),
                        "name", () -> Ventilator.builder().name(null),
                        "journal", () -> Sink.builder(result -> {}).journal(null),
                        "endpoint", () -> PlainVentilator.start(null, AT),
                        "loop", () -> Ventilator.builder().loop(null))
                .entrySet()
                .stream()
                .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest
    @MethodSource("nulls")
    void aNullIsNamed(String parameter, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(parameter.strip());
    }

    @Test
    @NullUnmarked
    void aNullIsNamedByWhatRuns() {
        Sink sink = sink(sinkSettings());
        Ventilator ventilator = ventilator();
        Batch batch = ventilator.newBatch();
        Map.<String, ThrowingCallable>of(
                        "batchId", () -> ventilator.newBatch((UUID) null),
                        "batchId ", () -> ventilator.resume(null),
                        "batchId  ", () -> sink.forget(null),
                        "batchId   ", () -> sink.outcome(null),
                        "timeout", () -> ventilator.shutdownWorkers(null),
                        "task", () -> batch.add(null),
                        "task ", () -> batch.put(3, null))
                .forEach(this::aNullIsNamed);
        try (PlainVentilator plain = PlainVentilator.start("tcp://127.0.0.1:*", AT)) {
            aNullIsNamed("task", () -> plain.send(null));
        }
    }

    @Test
    void aBatchSaysWhichOfItsRulesWasBroken() {
        sink(sinkSettings());
        Ventilator ventilator = ventilator(ventilatorSettings().messageBytesMax(256));
        // given one of known size, one that was ended, and one that is open
        Batch known = ventilator.newBatch(2);
        Batch ended = give(ventilator.newBatch(), 3);
        ended.end();
        Batch open = give(ventilator.newBatch(), 5);
        // then each names the rule, the value and itself
        checkState(
                () -> known.put(2, new byte[1]),
                "task 2 of batch " + known.id() + " is one too many: the batch was begun with a count of 2 tasks");
        checkState(known::end, "batch " + known.id() + " needs no end: it was begun with a count of 2 tasks");
        checkState(
                () -> ended.add(new byte[1]),
                "task 3 of batch " + ended.id() + " comes too late: the batch has ended with a count of 3 tasks");
        checkState(
                () -> ended.put(1, new byte[1]),
                "task 1 of batch " + ended.id() + " comes too late: the batch has ended with a count of 3 tasks");
        checkState(ended::end, "batch " + ended.id() + " has ended already, with a count of 3 tasks");
        checkRefused(
                () -> open.end(4),
                "count must be >= 5, the highest number given to batch " + open.id() + " plus one: 4");
        checkRefused(
                () -> open.add(new byte[257]),
                "task must be at most messageBytesMax=256 bytes long: 257 bytes, as task 5 of batch " + open.id());
        checkRefused(() -> open.put(-1, new byte[1]), "number must be between 0 and 2147483646: -1");
        checkRefused(() -> ventilator.newBatch(open.id()), "batchId must be new to this ventilator: " + open.id());
    }

    private static void checkState(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoComesTooLateHearsWhoIsClosed(boolean sharesItsLoop) {
        try (EventLoop loop = EventLoop.open("shared")) {
            Sink sink = sink(
                    sharesItsLoop
                            ? sinkSettings().loop(loop).name("S")
                            : sinkSettings().name("S"));
            Ventilator ventilator = ventilator(
                    sharesItsLoop
                            ? ventilatorSettings().loop(loop).name("V")
                            : ventilatorSettings().name("V"));
            Batch batch = give(ventilator.newBatch(), 1);
            ventilator.close();
            sink.close();
            String closed = "ventilator V is closed";
            checkClosed(ventilator::newBatch, closed);
            checkClosed(() -> ventilator.newBatch(3), closed);
            checkClosed(() -> ventilator.resume(UUID.randomUUID()), closed);
            checkClosed(() -> ventilator.shutdownWorkers(Duration.ofSeconds(1)), closed);
            checkClosed(() -> batch.add(new byte[1]), closed);
            checkClosed(() -> batch.tryAdd(new byte[1]), closed);
            checkClosed(() -> batch.put(7, new byte[1]), closed);
            checkClosed(batch::end, closed);
            checkClosed(() -> batch.remaining(1), closed);
            checkClosed(() -> sink.outcome(batch.id()), "sink S is closed");
            checkClosed(() -> sink.forget(batch.id()), "sink S is closed");
            assertThat(batch.done()).isCompletedExceptionally();
            assertThat(ventilator.stats().batches()).isOne();
            assertThat(sink.stats().handlerFailures()).isZero();
        }
    }

    private static void checkClosed(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(ClosedException.class).hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHandlerThatCloseInterruptsHasNotFailed(boolean wrapsIt) throws Exception {
        sink(sinkSettings());
        Ventilator ventilator = ventilator();
        CountDownLatch begun = new CountDownLatch(1);
        PipelineWorker worker = worker(task -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                if (wrapsIt) {
                    throw new IllegalStateException("cannot go on", e);
                }
                throw e;
            }
            return new byte[0];
        });
        give(ventilator.newBatch(), 1);
        begun.await();
        try (Logged logged = new Logged()) {
            // when
            worker.close();
            // then
            assertThat(logged.with("handler failed")).isEmpty();
            assertThat(logged.with("handler interrupted by close"))
                    .singleElement()
                    .asString()
                    .startsWith("INFO")
                    .contains("worker=worker id=", "number=0");
        }
        await().until(() -> ventilator.stats().workers() == 0);
        assertThat(ventilator.stats().failed()).isZero();
    }

    @Test
    void aResultHandlerThatCloseInterruptsHasNotFailed() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Sink sink = sink(Sink.builder(result -> {
                    begun.countDown();
                    new CountDownLatch(1).await();
                })
                .endpoint(sinkAt)
                .heartbeat(BEAT));
        Ventilator ventilator = ventilator();
        worker(PipelineTest::twice);
        give(ventilator.newBatch(), 1);
        begun.await();
        try (Logged logged = new Logged()) {
            // when
            sink.close();
            // then
            assertThat(logged.with("handler failed")).isEmpty();
            assertThat(logged.with("INFO result handler interrupted by close")).hasSize(1);
        }
        assertThat(sink.stats().handlerFailures()).isZero();
    }

    @Test
    void theLinesOfAWorkerCarryTheIdByWhichOthersKnowIt() {
        try (Logged logged = new Logged()) {
            sink(sinkSettings());
            Ventilator ventilator = ventilator();
            worker(task -> {
                throw new IllegalStateException("no");
            });
            give(ventilator.newBatch(), 1);
            await().until(() -> !logged.with("worker joined ventilator=").isEmpty());
            String line = logged.with("worker joined ventilator=").get(0);
            int at = line.indexOf("worker=") + "worker=".length();
            String id = line.substring(at, at + 32);
            assertThat(logged.with("worker started")).allMatch(started -> started.contains(" id=" + id));
            await().until(() -> !logged.with("handler failed").isEmpty());
            assertThat(logged.with("handler failed")).allMatch(failed -> failed.contains(" id=" + id));
        }
    }
}
