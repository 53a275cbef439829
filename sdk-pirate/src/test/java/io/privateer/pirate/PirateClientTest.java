package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client against a server of the tests, over real sockets. */
class PirateClientTest {

    private final PrvEchoServer server = PrvEchoServer.start();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void answersManyCallsOfManyThreadsAtOnce() {
        server.recording = false;
        try (PirateClient client = PirateClient.connect(server.endpoint())) {
            List<CompletableFuture<Message>> replies = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                replies.add(client.requestAsync(Message.of("ask " + i)));
            }
            IntStream.range(0, 200).parallel().forEach(i -> assertThat(client.request("sync " + i))
                    .isEqualTo("sync " + i));
            for (int i = 0; i < 5_000; i++) {
                assertThat(replies.get(i).join().text()).isEqualTo("ask " + i);
            }
            assertThat(client.stats().replied()).isEqualTo(5_200);
            assertThat(client.stats().inFlight()).isZero();
            assertThat(client.stats().inFlightBytes()).isZero();
        }
    }
}
