package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.privateer.core.Message;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.wire.Prv;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Handlers and executors that do what they should not, under PRV/1. */
class PrvWorkerMisuseTest {

    private final PrvTestQueue queue = new PrvTestQueue();
    private final EventLoop loop = EventLoop.open("shared");
    private final List<PirateWorker> self = new CopyOnWriteArrayList<>();

    @AfterEach
    void theLoopLivesOn() {
        assertThat(loop.call(() -> "alive")).isEqualTo("alive");
        loop.close();
        queue.close();
    }

    private PirateWorker start(WorkerHandler handler) {
        PirateWorker worker = PirateWorker.builder(handler)
                .dialect(WorkerDialect.PRV)
                .queue(queue.endpoint())
                .loop(loop)
                .executor(Runnable::run)
                .start();
        self.add(worker);
        await().until(() -> !queue.said().isEmpty());
        queue.forget();
        return worker;
    }

    private void sendTwoAtOnce() {
        queue.say(out -> {
            for (long id = 1; id <= 2; id++) {
                out.request(id, 1, 0, Prv.NO_TTL, new byte[0], new byte[0], new byte[][] {{'x'}});
            }
        });
    }

    @Test
    void aWorkerMayBeClosedByItsOwnHandler() {
        PirateWorker worker = start(WorkerHandler.of(request -> {
            self.get(0).close();
            return request.message();
        }));
        sendTwoAtOnce();
        assertThat(worker.stopped()).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(false);
        await().untilAsserted(() -> assertThat(queue.said()).containsExactly("goodbye OK"));
    }

    @Test
    void aWorkerMayBeDrainedByItsOwnHandler() {
        List<CompletableFuture<Boolean>> drains = new CopyOnWriteArrayList<>();
        start(WorkerHandler.of(request -> {
            drains.add(self.get(0).drain(Duration.ofSeconds(5)));
            return request.message();
        }));
        sendTwoAtOnce();
        await().until(() -> !drains.isEmpty());
        assertThat(drains.get(0)).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(true);
        await().untilAsserted(() ->
                assertThat(queue.said()).contains("drain", "reply 1 OK x").endsWith("goodbye OK"));
    }

    @Test
    void whatAnExecutorRefusesHasFailed() {
        try (PirateWorker worker = PirateWorker.builder(WorkerHandler.of(Request::message))
                .dialect(WorkerDialect.PRV)
                .queue(queue.endpoint())
                .loop(loop)
                .executor(task -> {
                    throw new RejectedExecutionException("no thread");
                })
                .start()) {
            await().until(() -> !queue.said().isEmpty());
            queue.forget();
            sendTwoAtOnce();
            await().untilAsserted(() -> assertThat(queue.said())
                    .containsExactly("reply 1 HANDLER_FAILED no thread", "reply 2 HANDLER_FAILED no thread"));
            assertThat(worker.stats().failed()).isEqualTo(2);
        }
    }

    @Test
    void handlersThatReturnNothingFailTheirRequestOnly() {
        WorkerHandler lawless = new AsyncWorkerHandler() {
            private int calls;

            @Override
            @SuppressWarnings("NullAway") // The mistakes to be made.
            protected CompletionStage<Message> handleAsync(Request request) {
                calls++;
                return calls == 1 ? null : CompletableFuture.completedFuture(null);
            }
        };
        try (PirateWorker worker = start(lawless)) {
            sendTwoAtOnce();
            await().untilAsserted(() -> assertThat(queue.said())
                    .containsExactly(
                            "reply 1 HANDLER_FAILED handler returned no stage",
                            "reply 2 HANDLER_FAILED handler returned no reply: null"));
            assertThat(worker.stats().failed()).isEqualTo(2);
        }
    }

    @Test
    void aHandlerThatStopsBecauseItWasCancelledHasNotFailed() {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        CompletableFuture<Message> reply = new CompletableFuture<>();
        WorkerHandler stoppable = new AsyncWorkerHandler() {
            @Override
            protected CompletionStage<Message> handleAsync(Request request) {
                request.onCancel(() -> reply.completeExceptionally(new CancellationException("nobody waits")));
                return reply;
            }

            @Override
            protected Optional<Message> onError(Request request, Throwable failure) {
                failures.add(failure);
                return Optional.empty();
            }
        };
        try (Warnings warnings = new Warnings();
                PirateWorker worker = start(stoppable)) {
            queue.request(1, "ask");
            await().until(() -> worker.stats().busy() == 1);
            queue.say(out -> out.cancel(1));
            await().untilAsserted(() ->
                    assertThat(queue.said()).singleElement().asString().startsWith("reply 1 HANDLER_FAILED"));
            assertThat(worker.stats().cancelled()).isEqualTo(1);
            assertThat(worker.stats().failed()).isZero();
            assertThat(worker.stats().handled()).isZero();
            assertThat(failures).isEmpty();
            assertThat(warnings.lines()).isEmpty();
        }
    }

    /** What handlers cause to be logged as a warning or worse. */
    private static final class Warnings implements AutoCloseable {
        private final Logger logger = (Logger) LoggerFactory.getLogger(WorkerHandler.class);
        private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

        Warnings() {
            appender.start();
            logger.addAppender(appender);
        }

        List<String> lines() {
            return appender.list.stream()
                    .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                    .map(ILoggingEvent::getFormattedMessage)
                    .toList();
        }

        @Override
        public void close() {
            logger.detachAppender(appender);
        }
    }

    @Test
    void longNewsOfAFailureAreCut() {
        try (PirateWorker worker = start(WorkerHandler.of(request -> {
            throw new IllegalStateException("é".repeat(100_000));
        }))) {
            sendTwoAtOnce();
            await().until(() -> queue.said().size() == 2);
            assertThat(queue.said()).containsOnly("reply 1 HANDLER_FAILED [2000]", "reply 2 HANDLER_FAILED [2000]");
            assertThat(worker.stats().reconnects()).isZero();
        }
    }
}
