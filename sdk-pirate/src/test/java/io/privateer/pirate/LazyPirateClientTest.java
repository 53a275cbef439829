package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.privateer.core.Attempt;
import io.privateer.core.Attempt.Outcome;
import io.privateer.core.CircuitOpenException;
import io.privateer.core.ClosedException;
import io.privateer.core.InterruptedRequestException;
import io.privateer.core.Message;
import io.privateer.core.PirateException;
import io.privateer.core.Reason;
import io.privateer.core.RequestTimeoutException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client against a queue of ours, and against a server that takes connections and never says a word. */
class LazyPirateClientTest {

    private static final RequestOptions QUICK =
            RequestOptions.defaults().withAttemptTimeout(Duration.ofMillis(150)).withAttemptsMax(2);

    /** Tries often enough for a machine that is busy with other things. */
    private static final RequestOptions PATIENT =
            QUICK.withAttemptTimeout(Duration.ofSeconds(1)).withAttemptsMax(10);

    private final PirateQueue queue = PirateQueue.paranoid()
            .frontend("tcp://127.0.0.1:*")
            .backend("tcp://127.0.0.1:*")
            .start();
    private final PirateWorker worker = PirateWorker.builder(
                    WorkerHandler.of(request -> Message.of("re: " + request.text())))
            .queue(queue.backend())
            .start();
    private ServerSocket mute;
    private String muteEndpoint;

    @BeforeEach
    void listen() throws IOException {
        mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        muteEndpoint = "tcp://127.0.0.1:" + mute.getLocalPort();
    }

    @AfterEach
    void closeAll() throws IOException {
        worker.close();
        queue.close();
        mute.close();
    }

    @Test
    void goesToTheNextEndpointWhenTheFirstDoesNotAnswerAndStaysThere() {
        List<LazyPirateListener.Retry> retries = new CopyOnWriteArrayList<>();
        LazyPirateListener listener = new LazyPirateListener() {
            @Override
            public void onRetry(Retry event) {
                retries.add(event);
            }
        };
        try (LazyPirateClient client = LazyPirateClient.builder()
                .endpoints(muteEndpoint, queue.frontend())
                .options(PATIENT)
                .listener(listener)
                .open()) {
            assertThat(client.request("one")).isEqualTo("re: one");
            assertThat(client.request("two")).isEqualTo("re: two");
            assertThat(retries).first().satisfies(retry -> {
                assertThat(retry.failed().endpoint()).isEqualTo(muteEndpoint);
                assertThat(retry.nextAttempt()).isEqualTo(2);
            });
            assertThat(client.stats().replied()).isEqualTo(2);
            assertThat(client.stats().retries()).isEqualTo(retries.size());
        }
    }

    @Test
    void failsWithEveryAttemptItMade() {
        try (LazyPirateClient client = LazyPirateClient.connect(muteEndpoint)) {
            RequestTimeoutException failure =
                    catchThrowableOfType(RequestTimeoutException.class, () -> client.request(Message.of("ask"), QUICK));
            assertThat(failure.reason()).isEqualTo(Reason.TIMED_OUT);
            assertThat(failure.attempts())
                    .hasSize(2)
                    .extracting(Attempt::endpoint, Attempt::outcome)
                    .containsOnly(tuple(muteEndpoint, Outcome.TIMED_OUT));
            assertThat(failure).hasMessageContaining(muteEndpoint).hasMessageContaining("TIMED_OUT");
            assertThat(failure.getStackTrace())
                    .as("the caller's stack, not the loop's")
                    .anyMatch(frame -> frame.getClassName().equals(LazyPirateClientTest.class.getName()));
        }
    }

    @Test
    void isEndedAtOnceByCloseFromAnotherThread() {
        LazyPirateClient client = LazyPirateClient.connect(muteEndpoint);
        CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> client.request("ask"));
        await().until(() -> client.stats().requests() == 1);
        client.close();
        assertThat(call)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> client.request("again")).isInstanceOf(ClosedException.class);
        client.close();
    }

    @Test
    void endsCallersThatWaitForTheirTurnWhenItIsClosed() {
        LazyPirateClient client = LazyPirateClient.connect(muteEndpoint);
        List<CompletableFuture<String>> calls = List.of(
                CompletableFuture.supplyAsync(() -> client.request("one")),
                CompletableFuture.supplyAsync(() -> client.request("two")),
                CompletableFuture.supplyAsync(() -> client.request("three")));
        await().until(() -> client.stats().requests() == 1);
        client.close();
        for (CompletableFuture<String> call : calls) {
            assertThat(call)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(ClosedException.class);
        }
    }

    @Test
    void isEndedByAnInterruptThatStaysVisibleAndCanBeUsedAgain() throws InterruptedException {
        try (LazyPirateClient client = LazyPirateClient.builder()
                .endpoints(muteEndpoint, queue.frontend())
                .open()) {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            boolean[] flag = new boolean[1];
            Thread caller = new Thread(() -> {
                try {
                    client.request("ask");
                } catch (PirateException e) {
                    failure.set(e);
                    flag[0] = Thread.currentThread().isInterrupted();
                }
            });
            caller.start();
            await().until(() -> client.stats().requests() == 1);
            caller.interrupt();
            caller.join(5_000);
            assertThat(failure.get()).isInstanceOf(InterruptedRequestException.class);
            assertThat(flag[0]).isTrue();
            assertThat(client.request(Message.of("after"), PATIENT).text()).isEqualTo("re: after");
        }
    }

    @Test
    void failsAtOnceWhileEveryCircuitBreakerIsOpenAndRecovers() throws IOException {
        List<LazyPirateListener.BreakerChanged> changes = new CopyOnWriteArrayList<>();
        LazyPirateListener listener = new LazyPirateListener() {
            @Override
            public void onBreakerChanged(BreakerChanged event) {
                changes.add(event);
            }
        };
        try (LazyPirateClient client = LazyPirateClient.builder()
                .endpoints(muteEndpoint)
                .options(QUICK)
                .circuitBreaker(2, Duration.ofSeconds(2))
                .listener(listener)
                .open()) {
            assertThatThrownBy(() -> client.request("ask")).isInstanceOf(PirateException.class);
            assertThatThrownBy(() -> client.request("ask")).isInstanceOf(CircuitOpenException.class);
            // when a server comes to the endpoint, then the breaker lets a request through after its time
            int port = mute.getLocalPort();
            mute.close();
            try (PirateQueue late = await().ignoreExceptions()
                            .until(
                                    () -> PirateQueue.paranoid()
                                            .frontend("tcp://127.0.0.1:" + port)
                                            .backend("tcp://127.0.0.1:*")
                                            .start(),
                                    it -> true);
                    PirateWorker lateWorker = PirateWorker.builder(WorkerHandler.of(Request::message))
                            .queue(late.backend())
                            .start()) {
                assertThat(lateWorker.stats().failed()).isZero();
                await().ignoreExceptions().until(() -> client.request("ask").equals("ask"));
            }
            assertThat(changes)
                    .extracting(LazyPirateListener.BreakerChanged::to)
                    .contains(LazyPirateListener.BreakerState.OPEN, LazyPirateListener.BreakerState.CLOSED);
        }
    }

    @Test
    void countsAListenerThatThrowsAndGoesOn() {
        LazyPirateListener angry = new LazyPirateListener() {
            @Override
            public void onRetry(Retry event) {
                throw new IllegalStateException("angry listener");
            }
        };
        try (LazyPirateClient client = LazyPirateClient.builder()
                .endpoints(muteEndpoint, queue.frontend())
                .options(PATIENT)
                .listener(angry)
                .open()) {
            assertThat(client.request("ask")).isEqualTo("re: ask");
            assertThat(client.stats().listenerFailures()).isPositive();
        }
    }

    @Test
    void refusesEndpointsThatAreNone() {
        assertThatThrownBy(LazyPirateClient::connect).hasMessage("endpoints must be at least one: []");
        assertThatThrownBy(() -> LazyPirateClient.connect("localhost:5555"))
                .hasMessage("endpoints must be tcp://host:port: localhost:5555");
        assertThatThrownBy(() -> LazyPirateClient.connect(muteEndpoint, muteEndpoint))
                .hasMessageStartingWith("endpoints must be all different");
    }
}
