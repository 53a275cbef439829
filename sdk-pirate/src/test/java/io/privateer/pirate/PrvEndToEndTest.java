package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.core.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** PRV/1 through real sockets, with peers of the other dialects on the same ports. */
class PrvEndToEndTest {

    @Test
    void aPlainClientIsServedByAWorkerWithCredit() {
        // given a queue and one worker that speaks PRV/1
        try (PirateQueue queue = PirateQueue.paranoid()
                        .frontend("tcp://127.0.0.1:*")
                        .backend("tcp://127.0.0.1:*")
                        .start();
                PirateWorker worker = PirateWorker.builder(
                                WorkerHandler.of(request -> Message.of(request.text() + "!")))
                        .dialect(WorkerDialect.PRV)
                        .credit(8)
                        .queue(queue.backend())
                        .start()) {
            // when many plain clients ask at once
            List<CompletableFuture<String>> replies = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String text = "ahoy " + i;
                replies.add(CompletableFuture.supplyAsync(() -> {
                    try (LazyPirateClient client = LazyPirateClient.connect(queue.frontend())) {
                        return client.request(text);
                    }
                }));
            }
            // then each gets its reply
            for (int i = 0; i < 8; i++) {
                assertThat(replies.get(i).join()).isEqualTo("ahoy " + i + "!");
            }
            assertThat(queue.stats().answered()).isEqualTo(8);
            assertThat(queue.stats().malformed()).isZero();
            await().atMost(Duration.ofSeconds(5)).until(() -> worker.stats().handled() == 8);
        }
    }
}
