package io.privateer.chaos.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.FreeEndpoint;
import io.privateer.core.Backoff;
import io.privateer.core.Message;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.RequestOptions;
import io.privateer.pirate.WorkerDialect;
import io.privateer.pirate.WorkerHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Our worker at somebody else's queue. */
class WorkerOfGuideQueueTest {

    private static final Duration BEAT = Duration.ofMillis(100);

    private final Semaphore mayReply = new Semaphore(0);
    private final String frontend = FreeEndpoint.get();
    private final String backend = FreeEndpoint.get();

    WorkerOfGuideQueueTest() throws IOException {}

    @Test
    void itIsSilentWhileItWorksAndComesBackAfterARestart() throws Exception {
        // given our worker, idle at a queue after the Guide
        try (PirateWorker worker = PirateWorker.builder(WorkerHandler.of(request -> {
                            mayReply.acquire();
                            return Message.of(request.text() + "!");
                        }))
                        .dialect(WorkerDialect.PPP)
                        .queue(backend)
                        .heartbeat(BEAT)
                        .reconnect(Backoff.exponential(Duration.ofMillis(50), Duration.ofMillis(200), 0.5))
                        .start();
                LazyPirateClient client = LazyPirateClient.builder()
                        .endpoints(frontend)
                        .options(RequestOptions.defaults().withAttemptTimeout(Duration.ofSeconds(20)))
                        .backoff(Backoff.exponential(Duration.ofMillis(50), Duration.ofMillis(200), 0.5))
                        .open()) {
            try (GuideQueue queue = new GuideQueue(frontend, backend, BEAT)) {
                await().until(() -> queue.conversation().contains("BEAT"));
                // when it works for many heartbeats
                CompletableFuture<String> reply = CompletableFuture.supplyAsync(() -> client.request("ahoy"));
                await().until(() -> worker.stats().busy() == 1);
                await().pollDelay(BEAT.multipliedBy(4))
                        .until(() -> true); // A beat may have crossed the job on the wire.
                List<String> saidBefore = queue.conversation();
                await().pollDelay(BEAT.multipliedBy(8)).until(() -> true);
                // then it says nothing until it replies, and beats again after that
                assertThat(queue.conversation()).isEqualTo(saidBefore);
                mayReply.release();
                assertThat(reply.get(20, TimeUnit.SECONDS)).isEqualTo("ahoy!");
                await().until(() -> after("REPLY", queue.conversation()).contains("BEAT"));
            }
            // and when the queue is restarted, it registers and serves again
            try (GuideQueue successor = new GuideQueue(frontend, backend, BEAT)) {
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> successor.conversation().contains("READY"));
                mayReply.release();
                assertThat(client.request("again")).isEqualTo("again!");
            }
            assertThat(worker.stats().reconnects()).isPositive();
        }
    }

    private static List<String> after(String word, List<String> conversation) {
        return conversation.subList(conversation.lastIndexOf(word) + 1, conversation.size());
    }
}
