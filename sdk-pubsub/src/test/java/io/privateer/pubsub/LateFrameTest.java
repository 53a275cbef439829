package io.privateer.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.privateer.core.SlowSubscriberException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What has waited on its way is as old as what has waited in the inbox, which here is as good as empty. */
class LateFrameTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration AGE_MAX = Duration.ofSeconds(5); // More than a busy machine may stall for.
    private static final long LATE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final PublisherElsewhere publisher = new PublisherElsewhere();
    private final List<SubscriberListener.Slow> slow = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        publisher.close();
    }

    private SyncedSubscriber subscriberOfAPunctualFrameAndALateOne(SlowPolicy policy) {
        SyncedSubscriber subscriber = publisher
                .subscriber()
                .ageMax(AGE_MAX)
                .whenSlow(policy)
                .listener(new SubscriberListener() {
                    @Override
                    public void onSlow(Slow event) {
                        slow.add(event);
                    }
                })
                .start();
        publisher.listUntil(Control.Confirm.class, false, 0);
        publisher.publish("punctual", System.nanoTime());
        assertThat(Objects.requireNonNull(subscriber.receive(SOON)).text()).isEqualTo("punctual");
        assertThat(slow).isEmpty();
        publisher.publish("late", System.nanoTime() - LATE_NANOS);
        return subscriber;
    }

    private void checkToldOnce() {
        await().atMost(SOON).until(() -> !slow.isEmpty());
        assertThat(slow).singleElement().satisfies(event -> {
            assertThat(event.ageNanos()).isGreaterThan(LATE_NANOS / 2);
            assertThat(event.messages()).isEqualTo(1);
        });
    }

    @Test
    void aSubscriberThatIsToFailFailsByTheTimeThatAFrameWasUnderway() {
        try (SyncedSubscriber subscriber = subscriberOfAPunctualFrameAndALateOne(SlowPolicy.FAIL)) {
            assertThatThrownBy(() -> subscriber.receive(SOON))
                    .isInstanceOf(SlowSubscriberException.class)
                    .hasMessageContaining("1 messages");
            checkToldOnce();
        }
    }

    @Test
    void aSubscriberThatIsToConflateIsToldAndReceivesTheLast() {
        try (SyncedSubscriber subscriber = subscriberOfAPunctualFrameAndALateOne(SlowPolicy.CONFLATE)) {
            checkToldOnce();
            assertThat(Objects.requireNonNull(subscriber.receive(SOON)).text()).isEqualTo("late");
        }
    }
}
