package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.privateer.core.ClosedException;
import io.privateer.core.Message;
import io.privateer.core.RequestTimeoutException;
import io.privateer.core.Settings;
import io.privateer.core.transport.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users who do what they should not: everybody else on the same loop must not notice. */
class MisuseTest {

    private static final String ANY = "tcp://127.0.0.1:*";
    private static final RequestOptions ONCE =
            RequestOptions.defaults().withAttemptTimeout(Duration.ofMillis(100)).withAttemptsMax(1);

    private final EventLoop loop = EventLoop.open("shared");
    private final PirateQueue queue =
            PirateQueue.paranoid().frontend(ANY).backend(ANY).loop(loop).start();
    private final LazyPirateClient client =
            LazyPirateClient.builder().endpoints(queue.frontend()).loop(loop).open();

    @AfterEach
    void everybodyElseIsStillServed() {
        try (PirateWorker worker = PirateWorker.builder(WorkerHandler.of(Request::message))
                .queue(queue.backend())
                .loop(loop)
                .start()) {
            assertThat(client.request("still there?")).isEqualTo("still there?");
            assertThat(worker.stats().busy()).isZero();
        }
        assertThat(loop.failure()).isNull();
        loop.close();
    }

    @Test
    @SuppressWarnings("NullAway") // The mistakes to be made.
    void aRequestOfNothingIsRefusedWhereItIsMade() {
        assertThatThrownBy(() -> client.request((Message) null)).hasMessage("request");
        assertThatThrownBy(() -> client.request((String) null)).hasMessage("text");
        assertThatThrownBy(() -> LazyPirateClient.connect((String) null)).hasMessage("endpoints");
        assertThatThrownBy(() -> PirateClient.connect((String) null)).hasMessage("endpoints");
        assertThatThrownBy(() -> client.request(Message.of("ask"), null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Message.of(new byte[][] {null})).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> WorkerHandler.of(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> WorkerHandler.ofAsync(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void aRequestThatNobodyWouldTakeIsRefusedWhereItIsMade() {
        assertThatThrownBy(() -> client.request(Message.of(new byte[(1 << 20) + 1])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("request must be of frames of at most messageBytesMax=1048576 bytes: 1048577");
        assertThatThrownBy(() -> client.request(Message.of(new byte[250][1])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("request must be of at most 240 frames: 250");
    }

    @Test
    void aRequestOnTheLoopThatWouldHaveToAnswerItIsRefused() {
        assertThatThrownBy(() -> loop.call(() -> client.request("ask")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("client client would wait for its own event loop");
    }

    @ParameterizedTest
    @ValueSource(
            longs = {-1, 366 * 86_400L, Long.MAX_VALUE}) // The last two as nanoseconds: many, and too many for a long.
    void aDrainOfAnImpossibleLengthIsRefusedAndChangesNothing(long seconds) {
        Duration impossible = Duration.ofSeconds(seconds);
        try (PirateWorker worker = PirateWorker.builder(WorkerHandler.of(Request::message))
                        .queue(queue.backend())
                        .loop(loop)
                        .start();
                PirateClient pipelined = PirateClient.builder()
                        .endpoints(queue.frontend())
                        .loop(loop)
                        .open()) {
            String rule = "timeout must be " + (seconds < 0 ? ">= 0 ms: " : "<= 365 d: ") + Settings.text(impossible);
            assertThatThrownBy(() -> pipelined.drain(impossible)).hasMessage(rule);
            assertThatThrownBy(() -> worker.drain(impossible)).hasMessage(rule);
            assertThatThrownBy(() -> queue.drain(impossible)).hasMessage(rule);
            assertThat(pipelined.request("still there?")).isEqualTo("still there?");
        }
    }

    @Test
    void aClientMayBeClosedByItsOwnListener() {
        List<LazyPirateClient> self = new CopyOnWriteArrayList<>();
        LazyPirateListener closing = new LazyPirateListener() {
            @Override
            public void onRetry(Retry event) {
                self.get(0).close();
            }
        };
        self.add(LazyPirateClient.builder()
                .endpoints("tcp://127.0.0.1:1")
                .options(ONCE.withAttemptsMax(3))
                .listener(closing)
                .loop(loop)
                .open());
        assertThatThrownBy(() -> self.get(0).request("ask")).isInstanceOf(ClosedException.class);
    }

    @Test
    void aQueueMayBeClosedByItsOwnListener() {
        List<PirateQueue> self = new CopyOnWriteArrayList<>();
        PirateListener closing = new PirateListener() {
            @Override
            public void onWorkerJoined(WorkerJoined event) {
                self.get(0).close();
            }
        };
        self.add(PirateQueue.paranoid()
                .frontend(ANY)
                .backend(ANY)
                .listener(closing)
                .loop(loop)
                .start());
        try (PirateWorker worker = PirateWorker.builder(WorkerHandler.of(Request::message))
                .queue(self.get(0).backend())
                .loop(loop)
                .start()) {
            await().until(() -> worker.stats().reconnects() > 0);
        }
    }

    @Test
    void anErrorOfAListenerIsCountedLikeAnyOtherFailure() {
        PirateListener broken = new PirateListener() {
            @Override
            public void onWorkerJoined(WorkerJoined event) {
                throw new AssertionError("broken listener");
            }
        };
        try (PirateQueue other = PirateQueue.paranoid()
                        .frontend(ANY)
                        .backend(ANY)
                        .listener(broken)
                        .loop(loop)
                        .start();
                PirateWorker worker = PirateWorker.builder(WorkerHandler.of(Request::message))
                        .queue(other.backend())
                        .loop(loop)
                        .start()) {
            await().until(() -> other.stats().listenerFailures() == 1);
            assertThat(worker.stats().reconnects()).isZero();
        }
    }

    @Test
    void handlersThatBreakEveryRuleFailTheirRequestOnly() {
        // given a handler that returns no stage and throws an Error when told of it
        WorkerHandler lawless = new AsyncWorkerHandler() {
            @Override
            @SuppressWarnings("NullAway") // The mistake to be made.
            protected CompletionStage<Message> handleAsync(Request request) {
                return null;
            }

            @Override
            protected Optional<Message> onError(Request request, Throwable failure) {
                throw new AssertionError("lawless");
            }
        };
        try (PirateWorker worker = PirateWorker.builder(lawless)
                .queue(queue.backend())
                .loop(loop)
                .executor(Runnable::run)
                .start()) {
            askInVainUntil(() -> queue.stats().deadLettered() + queue.stats().abandoned() > 0);
            assertThat(worker.stats().failed()).isPositive();
        }
    }

    @Test
    void aReplyThatTheQueueWouldNotTakeIsAFailureOfItsHandler() {
        try (PirateWorker worker = PirateWorker.builder(
                        WorkerHandler.of(request -> Message.of(new byte[(1 << 20) + 1])))
                .queue(queue.backend())
                .loop(loop)
                .start()) {
            askInVainUntil(() -> worker.stats().failed() > 0);
            assertThat(worker.stats().reconnects()).isZero();
        }
    }

    @Test
    void hooksThatThrowDoNotKeepAWorkerFromStopping() {
        AtomicInteger hooks = new AtomicInteger();
        WorkerHandler touchy = new WorkerHandler() {
            @Override
            protected Message handle(Request request) {
                return request.message();
            }

            @Override
            protected void onDrain() {
                hooks.incrementAndGet();
                throw new IllegalStateException("touchy");
            }

            @Override
            protected void onStop() {
                hooks.incrementAndGet();
                throw new IllegalStateException("touchy");
            }
        };
        PirateWorker worker =
                PirateWorker.builder(touchy).queue(queue.backend()).loop(loop).start();
        CompletableFuture<Boolean> stopped = worker.stopped();
        assertThat(worker.drain(Duration.ofSeconds(5)))
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo(true);
        assertThat(stopped).isCompletedWithValue(true);
        assertThat(hooks).hasValue(2);
    }

    @Test
    void limitsThatWouldOverflowAreRefused() {
        assertThatThrownBy(() -> PirateQueue.paranoid()
                        .frontend(ANY)
                        .backend(ANY)
                        .liveness(Integer.MAX_VALUE)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("liveness × heartbeat must be <= 365 d");
        assertThatThrownBy(() -> LazyPirateClient.builder().circuitBreaker(Integer.MAX_VALUE, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("circuitBreaker.failuresMax must be between 1 and 10000: 2147483647");
    }

    /** Each call ends without an answer; one that finds no connection within its time does so without having reached anybody. */
    private void askInVainUntil(Callable<Boolean> noticed) {
        await().until(() -> {
            assertThatThrownBy(() -> client.request(Message.of("ask"), ONCE))
                    .isInstanceOf(RequestTimeoutException.class);
            return noticed.call();
        });
    }
}
