package io.privateer.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.Message;
import io.privateer.core.RequestTimeoutException;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.RequestOptions;
import io.privateer.pirate.WorkerHandler;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Some per cent of the first connections of a JeroMQ context stall until a timer fires, unless something is done. */
class FreshConnectionsTest {

    private static final int CLIENTS = 200;

    /** That the machine itself stands still for once proves nothing. */
    private static final int STALLED_MAX = 1;

    @Test
    void hardlyAnyOfManyNewClientsStalls() {
        // given
        try (PirateQueue queue = PirateQueue.paranoid()
                        .frontend("tcp://127.0.0.1:*")
                        .backend("tcp://127.0.0.1:*")
                        .start();
                PirateWorker worker = PirateWorker.builder(WorkerHandler.of(request -> Message.of("aye")))
                        .queue(queue.backend())
                        .start()) {
            RequestOptions once = RequestOptions.defaults()
                    .withAttemptTimeout(Duration.ofMillis(700))
                    .withAttemptsMax(1);
            int stalled = 0;
            for (int i = 0; i < CLIENTS; i++) {
                // when a client asks over its first connection, which has less time than the handshake's timeout
                try (LazyPirateClient client = LazyPirateClient.builder()
                        .endpoints(queue.frontend())
                        .options(once)
                        .open()) {
                    // then it is answered
                    assertThat(client.request("ahoy")).isEqualTo("aye");
                } catch (RequestTimeoutException e) {
                    stalled++;
                }
            }
            assertThat(stalled).isLessThanOrEqualTo(STALLED_MAX);
            assertThat(worker.stats().handled()).isBetween((long) CLIENTS - stalled, (long) CLIENTS);
        }
    }
}
