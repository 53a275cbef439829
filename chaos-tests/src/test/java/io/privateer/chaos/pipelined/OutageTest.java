package io.privateer.chaos.pipelined;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.core.Message;
import io.privateer.core.PirateException;
import io.privateer.pirate.CallOptions;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateClientStats;
import io.privateer.pirate.PirateQueue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nobody answers, for as long as clients ask: they must not make it worse. */
@Timeout(60)
class OutageTest {

    private static final int REQUESTS = 5_000;
    private static final int WAVES = 5;
    private static final double BUDGET = 0.1;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final CallOptions EAGER =
            CallOptions.defaults().withAttemptTimeout(Duration.ofMillis(50)).withDeadline(Duration.ofMillis(400));

    private final List<CompletableFuture<Message>> calls = new ArrayList<>();

    @Test
    void nothingListens() throws IOException {
        // given a port that was free a moment ago
        String endpoint;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            endpoint = "tcp://127.0.0.1:" + probe.getLocalPort();
        }
        assertThat(attemptsOf(ask(endpoint))).isLessThanOrEqualTo((long) (REQUESTS * (1 + BUDGET)));
    }

    @Test
    void aServerAcceptsConnectionsAndSaysNothing() throws IOException {
        List<Socket> accepted = new CopyOnWriteArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread acceptor = new Thread(() -> accept(server, accepted));
            acceptor.start();
            PirateClientStats stats = ask("tcp://127.0.0.1:" + server.getLocalPort());
            assertThat(attemptsOf(stats)).isLessThanOrEqualTo((long) (REQUESTS * (1 + BUDGET)));
            assertThat(accepted).isNotEmpty();
        }
        for (Socket socket : accepted) {
            socket.close();
        }
    }

    @Test
    void aQueueHasNoWorkers() {
        try (PirateQueue queue = PirateQueue.paranoid()
                .frontend("tcp://127.0.0.1:*")
                .backend("tcp://127.0.0.1:*")
                .start()) {
            PirateClientStats stats = ask(queue.frontend(), PATIENCE, EAGER.withDeadline(Duration.ofSeconds(1)));
            // then the budget is used, and the queue has seen no more than that
            assertThat(stats.retries()).isPositive();
            assertThat(attemptsOf(stats)).isLessThanOrEqualTo((long) (REQUESTS * (1 + BUDGET)));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                            queue.stats().accepted() + queue.stats().duplicates())
                    .isBetween((long) REQUESTS, (long) (REQUESTS * (1 + BUDGET))));
        }
    }

    private static long attemptsOf(PirateClientStats stats) {
        return stats.requests() + stats.retries();
    }

    private PirateClientStats ask(String endpoint) {
        return ask(endpoint, Duration.ofMillis(200), EAGER);
    }

    /** Asks in waves, each when the one before has ended, and returns what the client has counted. */
    private PirateClientStats ask(String endpoint, Duration welcomeTimeout, CallOptions options) {
        try (PirateClient client = PirateClient.builder()
                .endpoints(endpoint)
                .welcomeTimeout(welcomeTimeout)
                .retryBudget(BUDGET)
                .open()) {
            for (int wave = 0; wave < WAVES; wave++) {
                for (int i = 0; i < REQUESTS / WAVES; i++) {
                    calls.add(client.requestAsync(Message.of("ask"), options));
                }
                await().atMost(PATIENCE).until(() -> calls.stream().allMatch(CompletableFuture::isDone));
            }
            assertThat(calls).allMatch(CompletableFuture::isCompletedExceptionally);
            long attemptsTold =
                    calls.stream().mapToLong(OutageTest::attemptsToldBy).sum();
            assertThat(attemptsTold).isLessThanOrEqualTo((long) (REQUESTS * (1 + BUDGET)));
            assertThat(client.stats().inFlight()).isZero();
            return client.stats();
        }
    }

    private static long attemptsToldBy(CompletableFuture<Message> call) {
        return call.handle(
                        (reply, cause) -> ((PirateException) cause).attempts().size())
                .join();
    }

    private static void accept(ServerSocket server, List<Socket> accepted) {
        try {
            while (true) {
                accepted.add(server.accept());
            }
        } catch (IOException e) {
            // The test is over.
        }
    }
}
