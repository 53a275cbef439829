package io.privateer.benchmarks;

import io.privateer.pubsub.Missed;
import io.privateer.pubsub.Received;
import io.privateer.pubsub.StartOutcome;
import io.privateer.pubsub.SubscriberListener;
import io.privateer.pubsub.SyncedPublisher;
import io.privateer.pubsub.SyncedSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** {@link SyncedPublisher} and {@link SyncedSubscriber}, with their defaults but for how much may be under way. */
final class SyncedPubSub implements PubSubPeer {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String ANY_PORT = "tcp://127.0.0.1:*";
    private static final long INBOX_BYTES_MAX = 1L << 30;

    private final SyncedPublisher publisher;
    private final List<SyncedSubscriber> subscribers = new ArrayList<>();
    private final AtomicLong missed = new AtomicLong();

    /** @param highWaterMark more than is ever under way, so that nothing is dropped */
    SyncedPubSub(int subscriberCount, int highWaterMark) {
        publisher = SyncedPublisher.builder(ANY_PORT, ANY_PORT)
                .expectQuorum(subscriberCount)
                .highWaterMark(highWaterMark)
                .start();
        SubscriberListener counting = new SubscriberListener() {
            @Override
            public void onMissed(Missed event) {
                missed.addAndGet(event.count());
            }
        };
        for (int i = 0; i < subscriberCount; i++) {
            subscribers.add(
                    SyncedSubscriber.builder("subscriber-" + i, publisher.dataEndpoint(), publisher.syncEndpoint())
                            .subscribe(PublishBench.TOPIC)
                            .highWaterMark(highWaterMark)
                            .inbox(highWaterMark, INBOX_BYTES_MAX)
                            .ageMax(Duration.ofMinutes(1))
                            .listener(counting)
                            .start());
        }
        StartOutcome outcome = publisher.awaitSubscribers(TIMEOUT);
        if (!outcome.complete()) {
            throw new IllegalStateException("subscribers did not come within " + TIMEOUT + ": " + outcome);
        }
    }

    @Override
    public void publish(String topic, byte[] payload) {
        publisher.publish(topic, payload);
    }

    @Override
    public int receive(int subscriber) {
        Received message = subscribers.get(subscriber).receive(TIMEOUT);
        return message == null ? -1 : message.size();
    }

    @Override
    public long missed() {
        return missed.get();
    }

    @Override
    public void close() {
        subscribers.forEach(SyncedSubscriber::close);
        publisher.close();
    }
}
