package io.privateer.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A subscriber, and two lives of a publisher on hosts whose clocks are far apart. */
class ForeignClockTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final long AHEAD_NANOS = TimeUnit.HOURS.toNanos(1);

    private final PublisherElsewhere publisher = new PublisherElsewhere();

    @AfterEach
    void close() {
        publisher.close();
    }

    @Test
    void isPunctualThoughTheClockOfTheNextPublisherIsFarBehindThatOfTheFormer() {
        try (SyncedSubscriber subscriber = publisher.subscriber().start()) {
            // given a publisher that has ended in order, and of which something comes behind that
            publisher.listUntil(Control.Confirm.class, false, AHEAD_NANOS);
            publisher.listUntil(Control.Done.class, true, AHEAD_NANOS);
            publisher.publish("former", System.nanoTime() + AHEAD_NANOS);
            assertThat(Objects.requireNonNull(subscriber.receive(SOON)).text()).isEqualTo("former");
            // when the next one begins, on another host
            publisher.restart();
            publisher.listUntil(Control.Confirm.class, false, 0);
            publisher.publish("next", System.nanoTime());
            // then what it publishes is not an hour old
            assertThat(Objects.requireNonNull(subscriber.receive(SOON)).text()).isEqualTo("next");
        }
    }
}
