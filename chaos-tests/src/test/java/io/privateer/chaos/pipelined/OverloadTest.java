package io.privateer.chaos.pipelined;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.core.Message;
import io.privateer.core.PirateException;
import io.privateer.core.Reason;
import io.privateer.pirate.CallOptions;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.QueueStats;
import io.privateer.pirate.WorkerDialect;
import io.privateer.pirate.WorkerHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many times more requests than a worker can serve. */
class OverloadTest {

    private static final int CLIENTS = 4;
    private static final int BURSTS = 40;
    private static final int BURST = 100;
    private static final int BODY_BYTES = 200;
    private static final int PENDING_MAX = 100;
    private static final long PENDING_BYTES_MAX = 15_000;
    private static final long WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final CallOptions OPTIONS = CallOptions.defaults().withDeadline(Duration.ofSeconds(8));

    private final List<CompletableFuture<Message>> calls = new ArrayList<>();

    @Test
    @Timeout(60)
    void everyCallEndsExplicitlyAndNothingGrowsBeyondItsBounds() {
        // given a queue with room for few requests, and one slow worker
        WorkerHandler slow = WorkerHandler.of(request -> {
            LockSupport.parkNanos(WORK_NANOS);
            return request.message();
        });
        try (PirateQueue queue = PirateQueue.paranoid()
                        .frontend("tcp://127.0.0.1:*")
                        .backend("tcp://127.0.0.1:*")
                        .pendingMax(PENDING_MAX)
                        .pendingBytesMax(PENDING_BYTES_MAX)
                        .start();
                PirateWorker worker = PirateWorker.builder(slow)
                        .queue(queue.backend())
                        .dialect(WorkerDialect.PRV)
                        .credit(4)
                        .start()) {
            List<PirateClient> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(PirateClient.builder()
                        .endpoints(queue.frontend())
                        .inFlightMax(500)
                        .open());
            }
            // when clients ask for more and more without waiting
            Message body = Message.of(new byte[BODY_BYTES]);
            for (int burst = 0; burst < BURSTS; burst++) {
                for (PirateClient client : clients) {
                    for (int i = 0; i < BURST; i++) {
                        calls.add(client.requestAsync(body, OPTIONS));
                    }
                }
                assertBounded(queue.stats(), worker.stats().held());
            }
            await().atMost(Duration.ofSeconds(40)).until(() -> {
                assertBounded(queue.stats(), worker.stats().held());
                return calls.stream().allMatch(CompletableFuture::isDone);
            });
            // then some are answered, and all others were refused, by their client or by the queue, in so many words
            Map<Reason, Integer> failures = failures();
            long answered = calls.stream()
                    .filter(call -> !call.isCompletedExceptionally())
                    .count();
            assertThat(answered).isGreaterThan(PENDING_BYTES_MAX / BODY_BYTES / 2);
            assertThat(failures).containsOnlyKeys(Reason.OVERLOADED);
            assertThat(clients).allMatch(client -> client.stats().rejected() > 0);
            assertThat(queue.stats().rejected()).isPositive();
            // and whoever asks afterwards is served
            await().until(() -> queue.stats().pending() == 0);
            assertThat(clients.get(0).request("after")).isEqualTo("after");
            clients.forEach(PirateClient::close);
        }
    }

    private static void assertBounded(QueueStats stats, int held) {
        assertThat(stats.pending()).isLessThanOrEqualTo(PENDING_MAX);
        assertThat(stats.pendingBytes()).isLessThanOrEqualTo(PENDING_BYTES_MAX);
        assertThat(stats.inFlight()).isLessThanOrEqualTo(4);
        assertThat(held).isLessThanOrEqualTo(4);
    }

    private Map<Reason, Integer> failures() {
        Map<Reason, Integer> failures = new EnumMap<>(Reason.class);
        for (CompletableFuture<Message> call : calls) {
            if (call.isCompletedExceptionally()) {
                PirateException failure =
                        (PirateException) call.handle((reply, cause) -> cause).join();
                failures.merge(failure.reason(), 1, Integer::sum);
            }
        }
        return failures;
    }
}
