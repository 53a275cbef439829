package io.privateer.chaos.hostile;

import static io.privateer.chaos.hostile.HostileFrames.afterTheGreeting;
import static io.privateer.chaos.hostile.HostileFrames.beforeTheHandshake;
import static io.privateer.chaos.hostile.HostileFrames.messages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.Threads;
import io.privateer.core.Message;
import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.QueueStats;
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
 * One queue meets every hostile input on both its sockets, one after the other, so that damage adds up. An honest client
 * that was there before, and one that comes after, must be answered each time.
 */
@TestInstance(Lifecycle.PER_CLASS)
class HostilePeersOfQueueTest {

    private static final Duration BOUND = Duration.ofSeconds(5);
    private static final int WORKERS_MAX = 100;

    private EventLoop loop;
    private PirateQueue queue;
    private PirateWorker worker;
    private LazyPirateClient client;

    @BeforeAll
    void start() {
        loop = EventLoop.open("besieged");
        queue = PirateQueue.paranoid()
                .frontend("tcp://127.0.0.1:*")
                .backend("tcp://127.0.0.1:*")
                .workersMax(WORKERS_MAX)
                .loop(loop)
                .start();
        worker = PirateWorker.builder(WorkerHandler.of(request -> Message.of(request.text() + "!")))
                .queue(queue.backend())
                .start();
        client = newClient();
        client.request("before");
    }

    @AfterAll
    void nothingIsDamagedInTheEnd() {
        // given all the inputs have been played
        assertThat(loop.failure()).isNull();
        assertThat(worker.stats().reconnects()).isZero();
        // when nothing is going on
        double loopLoad = Threads.loadOf("privateer-loop-", Duration.ofMillis(500));
        // then no loop spins, and everything closes in bounded time
        assertThat(loopLoad).isLessThan(0.5);
        long startNanos = System.nanoTime();
        client.close();
        worker.close();
        queue.close();
        loop.close();
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(5));
        assertThat(Threads.named("privateer-close-besieged")).isEmpty();
    }

    static Stream<HostileInput> frontendInputs() {
        return Stream.of(
                        beforeTheHandshake(),
                        afterTheGreeting("DEALER"),
                        messages("DEALER"),
                        HostileFrames.toFrontend())
                .flatMap(inputs -> inputs);
    }

    static Stream<HostileInput> backendInputs() {
        return Stream.of(
                        beforeTheHandshake(), afterTheGreeting("DEALER"), messages("DEALER"), HostileFrames.toBackend())
                .flatMap(inputs -> inputs);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frontendInputs")
    void theFrontendSurvives(HostileInput input) throws IOException {
        survives(input, queue.frontend());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("backendInputs")
    void theBackendSurvives(HostileInput input) throws IOException {
        survives(input, queue.backend());
    }

    private void survives(HostileInput input, String endpoint) throws IOException {
        // given
        long tracesBefore = traces(input);
        // when
        try (HostilePeer hostile = HostilePeer.play(input, endpoint);
                LazyPirateClient newcomer = newClient()) {
            // then it shows in a counter
            if (input.trace() != HostileInput.Trace.NONE) {
                await().atMost(Duration.ofSeconds(5))
                        .untilAsserted(() -> assertThat(traces(input)).isGreaterThan(tracesBefore));
            }
            if (input.leaves()) {
                await().untilAsserted(() -> assertThat(queue.stats().workers()).isEqualTo(1));
            }
            // and honest clients are answered while it is there
            assertThat(client.request("present")).isEqualTo("present!");
            assertThat(newcomer.request("present")).isEqualTo("present!");
            assertThat(hostile).isNotNull();
        }
        // and when it is gone
        assertThat(client.request("gone")).isEqualTo("gone!");
        assertThat(loop.failure()).isNull();
        assertThat(queue.stats().workers()).isEqualTo(1);
    }

    private long traces(HostileInput input) {
        QueueStats stats = queue.stats();
        return switch (input.trace()) {
            case NONE -> 0;
            case MALFORMED -> stats.malformed();
            case STRAY_REPLY -> stats.strayReplies();
            case WORKER_REFUSED -> stats.workersRefused();
            case VIOLATION -> stats.violations();
            case DISCONNECTION -> stats.disconnections();
            case UPSET -> loop.upsets();
        };
    }

    /** One attempt: a retry would hide that the first was lost. */
    private LazyPirateClient newClient() {
        return LazyPirateClient.builder()
                .endpoints(queue.frontend())
                .options(RequestOptions.defaults().withAttemptTimeout(BOUND).withAttemptsMax(1))
                .open();
    }
}
