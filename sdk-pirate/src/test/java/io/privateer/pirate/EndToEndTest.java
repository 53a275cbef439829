package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.Message;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Client, queue and worker of ours on real sockets. */
class EndToEndTest {

    @ParameterizedTest
    @EnumSource
    void aRequestIsAnsweredByAWorkerBehindTheQueue(WorkerDialect dialect) {
        // given a queue with one worker that shouts
        try (PirateQueue queue = PirateQueue.paranoid()
                        .frontend("tcp://127.0.0.1:*")
                        .backend("tcp://127.0.0.1:*")
                        .start();
                PirateWorker worker = PirateWorker.builder(
                                WorkerHandler.of(request -> Message.of(request.text() + "!")))
                        .queue(queue.backend())
                        .dialect(dialect)
                        .start();
                LazyPirateClient client = LazyPirateClient.connect(queue.frontend())) {
            // when a client asks
            String reply = client.request("ahoy");
            // then it is answered
            assertThat(reply).isEqualTo("ahoy!");
            assertThat(queue.stats().answered()).isEqualTo(1);
            assertThat(worker.stats().handled()).isEqualTo(1);
        }
    }
}
