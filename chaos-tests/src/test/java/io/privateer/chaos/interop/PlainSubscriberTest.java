package io.privateer.chaos.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.pubsub.SyncedPublisher;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plain SUB in Python over pyzmq at a synchronized publisher. */
class PlainSubscriberTest {

    private static final Duration STARTUP = Duration.ofSeconds(30);
    private static final String ANY = "tcp://127.0.0.1:*";
    private static final int MESSAGES = 5_000;

    /** How many messages were published on each topic. */
    private final Map<String, Long> numbers = new HashMap<>();

    @ParameterizedTest
    @ValueSource(ints = {1, Integer.MAX_VALUE})
    void aPlainSubInPythonFindsTopicsNumbersAndPayloads(int messagesPerFrameMax) {
        try (SyncedPublisher publisher = SyncedPublisher.builder(ANY, ANY)
                        .messagesPerFrameMax(messagesPerFrameMax)
                        .patience(STARTUP)
                        .start();
                PythonPeer peer = PythonPeer.start(
                        "plain_sub.py", "--endpoint", publisher.dataEndpoint(), "--prefix", "news.", "--while-stdin")) {
            // given that it is there, which nobody can know of a plain SUB before something has reached it
            await().atMost(STARTUP).until(() -> {
                publish(publisher, "news.start");
                return peer.output().contains("began");
            });
            // when much is published, some of which it does not want
            for (int i = 0; i < MESSAGES; i++) {
                publish(publisher, i / 10 % 2 == 0 ? "news.oslo" : "news.rome");
                publish(publisher, i % 10 == 0 ? "weather" : "news.rome");
            }
            publish(publisher, "news.end");
            // then it has all that it wants, each as it was
            assertThat(peer.awaitEnd()).as(peer.output()).isZero();
            assertThat(peer.output())
                    .contains("\"news.oslo\": " + MESSAGES / 2)
                    .contains("\"news.rome\": " + (MESSAGES / 2 + MESSAGES * 9 / 10))
                    .contains("\"wrong\": 0")
                    .doesNotContain("weather");
        }
    }

    private void publish(SyncedPublisher publisher, String topic) {
        long number = numbers.merge(topic, 1L, Long::sum);
        publisher.publish(topic, (topic + "/" + number).getBytes(US_ASCII));
    }
}
