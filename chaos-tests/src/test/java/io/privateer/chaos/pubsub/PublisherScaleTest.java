package io.privateer.chaos.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Uninterruptibles;
import io.privateer.core.ClosedException;
import io.privateer.core.transport.EventLoop;
import io.privateer.pubsub.Missed;
import io.privateer.pubsub.Received;
import io.privateer.pubsub.SubscriberListener;
import io.privateer.pubsub.SyncedPublisher;
import io.privateer.pubsub.SyncedSubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Fifty subscribers in one process: each receives every message, in order, or is told exactly which it missed, of a million. And
 * ten, of which four miss many for sure.
 */
class PublisherScaleTest {

    private static final int SUBSCRIBERS = 50;
    private static final int MESSAGES = 1_000_000;
    private static final Duration SOON = Duration.ofSeconds(60);

    private static final int FREE = 6;
    private static final int HELD = 4;
    private static final List<String> TOPICS = List.of("a", "b", "c");
    private static final long MESSAGES_OF_TOPIC = 20_000;
    private static final int SHORT_HISTORY = 100;
    private static final int SMALL_HIGH_WATER_MARK = 1_000;
    private static final int PORTION = 200;

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

    /** Reads, and notes what becomes of each message. */
    private static final class Account extends Thread implements SubscriberListener {
        final SyncedSubscriber subscriber;
        private final Map<String, BitSet> known = new TreeMap<>();
        private final Map<String, Long> received = new TreeMap<>();
        private final Map<String, Long> missed = new TreeMap<>();
        private long twice;

        Account(String name, SyncedPublisher publisher, EventLoop loop) {
            super(name);
            setDaemon(true);
            subscriber = SyncedSubscriber.builder(name, publisher.dataEndpoint(), publisher.syncEndpoint())
                    .subscribe("")
                    .highWaterMark(SMALL_HIGH_WATER_MARK)
                    .ageMax(SOON)
                    .loop(loop)
                    .listener(this)
                    .start();
        }

        private synchronized void note(Map<String, Long> where, String topic, long from, long to) {
            BitSet bits = known.computeIfAbsent(topic, any -> new BitSet());
            twice += bits.get((int) from, (int) to + 1).cardinality();
            bits.set((int) from, (int) to + 1);
            where.merge(topic, to - from + 1, Long::sum);
        }

        @Override
        public void onMissed(Missed event) {
            note(missed, event.topic(), event.from(), event.to());
        }

        @Override
        public void run() {
            try {
                while (true) {
                    Received next = subscriber.receive(SOON);
                    if (next != null) {
                        note(received, next.topic(), next.number(), next.number());
                    }
                }
            } catch (ClosedException e) {
                // That is the end.
            }
        }

        synchronized long of(Map<String, Long> what, String topic) {
            return what.getOrDefault(topic, 0L);
        }

        synchronized long missedOfAll() {
            return missed.values().stream().mapToLong(Long::longValue).sum();
        }

        synchronized boolean knowsAll() {
            return known.size() == TOPICS.size()
                    && known.values().stream().allMatch(bits -> bits.cardinality() == MESSAGES_OF_TOPIC);
        }

        void check(boolean mustHaveMissed) {
            for (String topic : TOPICS) {
                assertThat(of(received, topic) + of(missed, topic))
                        .as("%s %s", getName(), topic)
                        .isEqualTo(MESSAGES_OF_TOPIC);
                if (mustHaveMissed) {
                    assertThat(of(missed, topic)).as("%s %s", getName(), topic).isPositive();
                }
            }
            assertThat(twice).as(getName()).isZero();
            assertThat(subscriber.stats().missed()).as(getName()).isEqualTo(missedOfAll());
        }
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void whoIsHeldUpForLongerThanHistoryReachesIsToldExactlyWhatItMissed() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        try (EventLoop free = EventLoop.open("free");
                EventLoop held = EventLoop.open("held");
                SyncedPublisher publisher = SyncedPublisher.builder("tcp://127.0.0.1:*", "tcp://127.0.0.1:*")
                        .expectQuorum(FREE + HELD)
                        .patience(Duration.ZERO)
                        .highWaterMark(SMALL_HIGH_WATER_MARK)
                        .history(SHORT_HISTORY, 1 << 20)
                        .start()) {
            // given some that have confirmed, and stand still
            List<Account> accounts = new ArrayList<>();
            for (int i = 0; i < FREE + HELD; i++) {
                accounts.add(new Account((i < FREE ? "free" : "held") + i, publisher, i < FREE ? free : held));
            }
            assertThat(publisher.awaitSubscribers(SOON).complete()).isTrue();
            accounts.forEach(Thread::start);
            held.execute(() -> Uninterruptibles.awaitUninterruptibly(released));
            // when more is published than all queues on the way to them hold, and they go on
            for (long i = 1; i <= MESSAGES_OF_TOPIC; i++) {
                for (String topic : TOPICS) {
                    publisher.publish(topic, new byte[1_024]);
                }
                if (i % PORTION == 0) { // Those that do not stand still have a chance.
                    long published = i * TOPICS.size();
                    await().atMost(SOON).until(() -> publisher.stats().messages() == published);
                }
            }
            released.countDown();
            // then each knows of each message, once, what became of it
            await().atMost(SOON).until(() -> accounts.stream().allMatch(Account::knowsAll));
            accounts.forEach(account -> account.check(account.getName().startsWith("held")));
            System.err.printf(
                    "publisher-scale free=%d held=%d messages=%d missed=%s%n",
                    FREE,
                    HELD,
                    MESSAGES_OF_TOPIC * TOPICS.size(),
                    accounts.stream().map(Account::missedOfAll).toList());
            accounts.forEach(account -> account.subscriber.close());
        } finally {
            released.countDown();
        }
    }
}
