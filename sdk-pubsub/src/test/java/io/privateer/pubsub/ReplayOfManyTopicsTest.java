package io.privateer.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.core.transport.EventLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A subscriber that was away while topics alternated, so that each message of them took a frame of its own. */
class ReplayOfManyTopicsTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String ANY = "tcp://127.0.0.1:*";
    private static final int MESSAGES = 60_000;

    @ParameterizedTest
    @ValueSource(ints = {2, 20, 1_000})
    void allThatHistoryStillHasIsHadAgainHoweverManyTopicsItIsOf(int topics) {
        Log log = new Log();
        try (EventLoop frozen = EventLoop.open("frozen");
                SyncedPublisher publisher = SyncedPublisher.builder(ANY, ANY)
                        .heartbeat(Duration.ofMillis(200))
                        .liveness(1_000)
                        .patience(Duration.ZERO)
                        .highWaterMark(2)
                        .history(2 * MESSAGES, 128 << 20)
                        .start();
                SyncedSubscriber subscriber = SyncedSubscriber.builder(
                                "away", publisher.dataEndpoint(), publisher.syncEndpoint())
                        .subscribe("")
                        .loop(frozen)
                        .highWaterMark(2)
                        .answerTimeout(Duration.ofHours(1)) // Whatever waits for that never comes.
                        .heldBytesMax(128 << 20)
                        .inbox(2 * MESSAGES, 256 << 20)
                        .ageMax(Duration.ofHours(1))
                        .listener(log)
                        .start()) {
            subscriber.synced().join();
            // given that it stands still while much more is published than queues take
            frozen.call(() -> {
                for (int i = 0; i < MESSAGES; i++) {
                    publisher.publish("t" + i % topics, new byte[300]);
                }
                await().atMost(SOON).until(() -> publisher.stats().messages() == MESSAGES);
                return true;
            });
            // when it goes on, then everything comes, of each topic in its order
            Map<String, Long> newest = new HashMap<>();
            for (int i = 0; i < MESSAGES; i++) {
                Received next = Objects.requireNonNull(subscriber.receive(SOON), "message " + i);
                assertThat(next.number()).isEqualTo(newest.merge(next.topic(), 1L, Long::sum));
            }
            assertThat(log.missed).isEmpty();
            assertThat(subscriber.stats().missed()).isZero();
            assertThat(subscriber.stats().recovered()).isGreaterThan(Recovery.ASKED_MESSAGES_MAX);
        }
    }
}
