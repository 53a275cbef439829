package io.privateer.chaos.hostile;

import static io.privateer.chaos.hostile.HostileFrames.afterTheGreeting;
import static io.privateer.chaos.hostile.HostileFrames.beforeTheHandshake;
import static io.privateer.chaos.hostile.HostileFrames.messages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.Threads;
import io.privateer.core.Backoff;
import io.privateer.core.Message;
import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.RequestOptions;
import io.privateer.pirate.WorkerHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients and workers that connect to a hostile server first, and to an honest one when they connect again. All live on
 * one loop, so that damage adds up.
 */
@TestInstance(Lifecycle.PER_CLASS)
class HostileServersTest {

    private static final Duration BOUND = Duration.ofSeconds(5);
    private static final Duration BEAT = Duration.ofMillis(100);

    private EventLoop victims;
    private EventLoop honest;
    private PirateQueue echoes;
    private PirateWorker echo;

    @BeforeAll
    void start() {
        victims = EventLoop.open("victims");
        honest = EventLoop.open("honest");
        echoes = newQueue();
        echo = newWorker(echoes.backend(), honest);
    }

    @AfterAll
    void nothingIsDamagedInTheEnd() {
        assertThat(victims.failure()).isNull();
        assertThat(honest.failure()).isNull();
        assertThat(Threads.loadOf("privateer-loop-", Duration.ofMillis(500))).isLessThan(0.5);
        long startNanos = System.nanoTime();
        victims.close();
        echo.close();
        echoes.close();
        honest.close();
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(5));
        assertThat(Threads.named("privateer-close-victims")).isEmpty();
        assertThat(Threads.named("privateer-close-honest")).isEmpty();
    }

    static Stream<HostileInput> inputs() {
        return Stream.of(
                        beforeTheHandshake(),
                        afterTheGreeting("ROUTER"),
                        messages("ROUTER"),
                        HostileFrames.toConnectors())
                .flatMap(inputs -> inputs)
                .map(HostileInput::once);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("inputs")
    void aClientGetsItsReplyFromTheNextServer(HostileInput input) throws IOException {
        // given a client whose first connection meets the hostile server
        try (HostileServer server = new HostileServer(input, echoes.frontend());
                LazyPirateClient client = LazyPirateClient.builder()
                        .endpoints(server.endpoint())
                        .options(RequestOptions.defaults()
                                .withAttemptTimeout(Duration.ofMillis(300))
                                .withDeadline(BOUND))
                        .backoff(Backoff.exponential(Duration.ofMillis(10), Duration.ofMillis(20), 0))
                        .loop(victims)
                        .open()) {
            // when it asks, then it is answered, after it has met the hostile server
            assertThat(client.request("ahoy")).isEqualTo("ahoy!");
            assertThat(server.played()).isEqualTo(1);
            assertThat(client.request("again")).isEqualTo("again!");
            // and it shows: in the client's counters, or in that its socket had to connect again by itself
            assertThat(client.stats().retries() + client.stats().malformed() + server.piped())
                    .isPositive();
            if (input.trace() == HostileInput.Trace.MALFORMED && !input.name().contains("length")) {
                assertThat(client.stats().malformed() + client.stats().retries())
                        .isPositive();
            }
        }
        assertThat(victims.failure()).isNull();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("inputs")
    void aWorkerFindsTheHonestQueue(HostileInput input) throws IOException {
        // given a worker whose first connection meets the hostile queue
        try (PirateQueue queue = newQueue();
                HostileServer server = new HostileServer(input, queue.backend());
                PirateWorker worker = newWorker(server.endpoint(), victims);
                LazyPirateClient client = LazyPirateClient.builder()
                        .endpoints(queue.frontend())
                        .options(RequestOptions.defaults()
                                .withAttemptTimeout(BOUND)
                                .withAttemptsMax(1))
                        .loop(honest)
                        .open()) {
            // when it has found the honest one
            await().until(() -> queue.stats().workers() >= 1);
            // then it serves
            assertThat(client.request("ahoy")).isEqualTo("ahoy!");
            assertThat(server.played()).isEqualTo(1);
            assertThat(worker.stats().reconnects() + worker.stats().malformed() + server.piped())
                    .isPositive();
        }
        assertThat(victims.failure()).isNull();
    }

    private PirateQueue newQueue() {
        return PirateQueue.paranoid()
                .frontend("tcp://127.0.0.1:*")
                .backend("tcp://127.0.0.1:*")
                .heartbeat(BEAT)
                .loop(honest)
                .start();
    }

    private static PirateWorker newWorker(String queue, EventLoop loop) {
        return PirateWorker.builder(WorkerHandler.of(request -> Message.of(request.text() + "!")))
                .queue(queue)
                .heartbeat(BEAT)
                .reconnect(Backoff.exponential(Duration.ofMillis(50), Duration.ofMillis(100), 0.5))
                .loop(loop)
                .start();
    }
}
