package io.privateer.chaos.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.transport.EventLoop;
import io.privateer.pubsub.Missed;
import io.privateer.pubsub.Received;
import io.privateer.pubsub.SubscriberListener;
import io.privateer.pubsub.SyncedPublisher;
import io.privateer.pubsub.SyncedSubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Fifty subscribers in one process: each receives every message, in order, or is told exactly which it missed, of a million.
 */
class PublisherScaleTest {

    private static final int SUBSCRIBERS = 50;
    private static final int MESSAGES = 1_000_000;
    private static final Duration SOON = Duration.ofSeconds(60);

    /** Reads all there is, in its own thread, and keeps account. */
    private static final class Reader extends Thread implements SubscriberListener {
        final SyncedSubscriber subscriber;
        final AtomicLong missedTold = new AtomicLong();
        long received;
        long gaps;
        long wrong;

        Reader(String name, SyncedPublisher publisher, EventLoop loop) {
            super(name);
            setDaemon(true);
            subscriber = SyncedSubscriber.builder(name, publisher.dataEndpoint(), publisher.syncEndpoint())
                    .subscribe("tick")
                    .loop(loop)
                    .listener(this)
                    .start();
        }

        @Override
        public void onMissed(Missed missed) {
            missedTold.addAndGet(missed.count());
        }

        @Override
        public void run() {
            long number = 0;
            while (number < MESSAGES) {
                Received next = subscriber.receive(SOON);
                if (next == null) {
                    return;
                }
                received++;
                gaps += next.number() - number - 1;
                number = next.number();
                if (next.view().getLong() != number) {
                    wrong++;
                }
            }
        }
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void eachOfFiftyReceivesAllOrIsToldExactlyWhatItMissed() throws Exception {
        try (EventLoop loop = EventLoop.open("subscribers");
                SyncedPublisher publisher = SyncedPublisher.builder("tcp://127.0.0.1:*", "tcp://127.0.0.1:*")
                        .expectQuorum(SUBSCRIBERS)
                        .patience(Duration.ofSeconds(1))
                        .closeTimeout(Duration.ofSeconds(30))
                        .start()) {
            // given fifty that have confirmed
            List<Reader> readers = new ArrayList<>();
            for (int i = 0; i < SUBSCRIBERS; i++) {
                readers.add(new Reader("s" + i, publisher, loop));
            }
            assertThat(publisher.awaitSubscribers(SOON).complete()).isTrue();
            readers.forEach(Thread::start);
            // when it publishes as fast as it can
            long startNanos = System.nanoTime();
            for (long i = 1; i <= MESSAGES; i++) {
                publisher.publish("tick", ByteBuffer.allocate(64).putLong(i).array());
            }
            for (Reader reader : readers) {
                reader.join(TimeUnit.MINUTES.toMillis(5));
            }
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            long received =
                    readers.stream().mapToLong(reader -> reader.received).sum();
            System.err.printf(
                    "publisher-scale subscribers=%d messages=%d received=%d seconds=%.1f%n",
                    SUBSCRIBERS, MESSAGES, received, seconds);
            // then every account is exact
            for (Reader reader : readers) {
                assertThat(reader.wrong).as(reader.getName()).isZero();
                assertThat(reader.received + reader.gaps).as(reader.getName()).isEqualTo(MESSAGES);
                assertThat(reader.subscriber.stats().missed())
                        .as(reader.getName())
                        .isEqualTo(reader.gaps);
                assertThat(reader.missedTold.get()).as(reader.getName()).isEqualTo(reader.gaps);
            }
            readers.forEach(reader -> reader.subscriber.close());
        }
    }
}
