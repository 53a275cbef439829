package io.privateer.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.privateer.core.ClosedException;
import io.privateer.core.OverloadedException;
import io.privateer.core.SlowSubscriberException;
import io.privateer.core.SubscriptionRefusedException;
import io.privateer.core.transport.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A publisher and its subscribers over real sockets. */
class SyncedPubSubTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String ANY = "tcp://127.0.0.1:*";

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.add(one);
        return one;
    }

    private SyncedPublisherConfig.Builder publisher() {
        return SyncedPublisher.builder(ANY, ANY).heartbeat(Duration.ofMillis(200));
    }

    private static SyncedSubscriberConfig.Builder subscriber(String name, SyncedPublisher publisher) {
        return SyncedSubscriber.builder(name, publisher.dataEndpoint(), publisher.syncEndpoint());
    }

    private static Received next(SyncedSubscriber subscriber) {
        @Nullable Received next = subscriber.receive(SOON);
        return Objects.requireNonNull(next, "a message in time");
    }

    private static List<String> texts(SyncedSubscriber subscriber, int count) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(next(subscriber).text());
        }
        return texts;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void whatIsPublishedOnceAllHaveConfirmedReachesAllOfThemInOrder() {
        // given a publisher that expects two subscribers
        SyncedPublisher publisher = opened(publisher().expect("a", "b").start());
        SyncedSubscriber a = opened(subscriber("a", publisher).subscribe("").start());
        SyncedSubscriber b =
                opened(subscriber("b", publisher).subscribe("news.", "sport.").start());
        // when both have confirmed
        StartOutcome outcome = publisher.awaitSubscribers(SOON);
        assertThat(outcome).isEqualTo(new StartOutcome(true, Set.of("a", "b"), Set.of()));
        for (int i = 0; i < 100; i++) {
            assertThat(publisher.publish("news.local", bytes("n" + i))).isEqualTo(i + 1);
            publisher.publish("weather", bytes("w" + i));
            publisher.publish("sport.chess", bytes("s" + i));
        }
        // then each gets what it wants, and nothing else, from the first message on
        for (int i = 0; i < 100; i++) {
            assertThat(texts(a, 3)).containsExactly("n" + i, "w" + i, "s" + i);
            Received news = next(b);
            assertThat(news.number()).isEqualTo(i + 1);
            assertThat(news.topic()).isEqualTo("news.local");
            assertThat(news.payload()).isEqualTo(bytes("n" + i));
            assertThat(news.view().remaining()).isEqualTo(news.size());
            assertThat(next(b).text()).isEqualTo("s" + i);
        }
        assertThat(a.receive(Duration.ZERO)).isNull();
        assertThat(b.stats().missed()).isZero();
    }

    @Test
    void whoIsMissingIsSaidAtTheDeadline() {
        SyncedPublisher publisher = opened(publisher().expect("here", "absent").start());
        SyncedSubscriber here =
                opened(subscriber("here", publisher).subscribe("t").start());
        assertThat(here.synced().join()).isTrue();
        assertThat(publisher.awaitSubscribers(Duration.ofMillis(200)))
                .isEqualTo(new StartOutcome(false, Set.of("here"), Set.of("absent")));
    }

    @Test
    void whoWaitsForSubscribersIsToldThatThePublisherIsClosed() {
        EventLoop shared = opened(EventLoop.open("shared"));
        SyncedPublisher onClosedLoop = publisher().expect("absent").loop(shared).start();
        CompletableFuture<StartOutcome> first = onClosedLoop.whenSubscribed(Duration.ofHours(1));
        shared.close();
        assertThat(first).failsWithin(SOON).withThrowableThat().withCauseInstanceOf(ClosedException.class);
        SyncedPublisher drained = opened(publisher().expect("absent").start());
        CompletableFuture<StartOutcome> second = drained.whenSubscribed(Duration.ofHours(1));
        assertThat(drained.drain(SOON).join()).isTrue();
        assertThat(second).failsWithin(SOON).withThrowableThat().withCauseInstanceOf(ClosedException.class);
    }

    @Test
    void aQuorumIsEnoughWhereOneIsAskedFor() {
        SyncedPublisher publisher =
                opened(publisher().expect("a", "b", "c").expectQuorum(1).start());
        opened(subscriber("b", publisher).subscribe("t").start());
        assertThat(publisher.awaitSubscribers(SOON).complete()).isTrue();
        SyncedPublisher other = opened(publisher().expectQuorum(1).start());
        opened(subscriber("anybody", other).subscribe("t").start());
        assertThat(other.awaitSubscribers(SOON)).isEqualTo(new StartOutcome(true, Set.of("anybody"), Set.of()));
    }

    @Test
    void theSecondOfANameIsRefusedAndTheFirstGoesOn() {
        SyncedPublisher publisher = opened(publisher().start());
        SyncedSubscriber first =
                opened(subscriber("twin", publisher).subscribe("t").start());
        first.synced().join();
        Log log = new Log();
        SyncedSubscriber second = opened(
                subscriber("twin", publisher).subscribe("t").listener(log).start());
        assertThatThrownBy(() -> second.receive(SOON))
                .isInstanceOf(SubscriptionRefusedException.class)
                .hasMessageContaining("NAME_TAKEN");
        assertThatThrownBy(() -> second.synced().join()).hasCauseInstanceOf(SubscriptionRefusedException.class);
        await().atMost(SOON).until(() -> log.events.contains("refused NAME_TAKEN"));
        publisher.publish("t", bytes("for the first"));
        assertThat(next(first).text()).isEqualTo("for the first");
        // when the first goes, the name is free
        first.close();
        await().atMost(SOON).until(() -> publisher.stats().subscribers() == 0);
        assertThat(opened(subscriber("twin", publisher).subscribe("t").start())
                        .synced()
                        .join())
                .isTrue();
    }

    @Test
    void lateJoinersGetTheLastValueOfEachTopicIfTheyAsk() {
        SyncedPublisher publisher =
                opened(publisher().history(2, 1 << 20).lastValues(10, 1 << 20).start());
        SyncedSubscriber early =
                opened(subscriber("early", publisher).subscribe("").start());
        early.synced().join();
        for (int i = 1; i <= 3; i++) {
            publisher.publish("red", bytes("red" + i));
        }
        for (int i = 1; i <= 3; i++) {
            publisher.publish("blue", bytes("blue" + i));
        }
        texts(early, 6);
        SyncedSubscriber late = opened(
                subscriber("late", publisher).subscribe("").lastValues(true).start());
        SyncedSubscriber plain =
                opened(subscriber("plain", publisher).subscribe("").start());
        assertThat(texts(late, 2)).containsExactlyInAnyOrder("red3", "blue3");
        plain.synced().join();
        publisher.publish("red", bytes("red4"));
        assertThat(next(late).text()).isEqualTo("red4");
        assertThat(next(plain).text()).isEqualTo("red4");
        assertThat(late.stats().missed()).isZero();
    }

    @Test
    void whatADrainedPublisherHasPublishedIsCompleteAndItsEndIsTold() {
        SyncedPublisher publisher = opened(publisher().expect("a").start());
        Log log = new Log();
        SyncedSubscriber a =
                opened(subscriber("a", publisher).subscribe("t").listener(log).start());
        publisher.awaitSubscribers(SOON);
        for (int i = 0; i < 10_000; i++) {
            publisher.publish("t", bytes("m" + i));
        }
        assertThat(publisher.drain(SOON).join()).isTrue();
        await().atMost(SOON).until(() -> log.events.contains("ended true"));
        for (int i = 0; i < 10_000; i++) {
            assertThat(next(a).number()).isEqualTo(i + 1);
        }
        assertThat(log.missed).isEmpty();
        assertThatThrownBy(() -> publisher.publish("t", bytes("late"))).isInstanceOf(ClosedException.class);
    }

    @Test
    void aRestartedPublisherIsRecognised() {
        SyncedPublisher first = publisher().closeTimeout(Duration.ZERO).start();
        Log log = new Log();
        SyncedSubscriber a =
                opened(subscriber("a", first).subscribe("t").listener(log).start());
        a.synced().join();
        first.publish("t", bytes("of the first life"));
        assertThat(next(a).number()).isEqualTo(1);
        String data = first.dataEndpoint();
        String sync = first.syncEndpoint();
        first.close();
        SyncedPublisher second = await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> SyncedPublisher.builder(data, sync).expect("a").start(), it -> true);
        opened(second);
        assertThat(second.awaitSubscribers(SOON).complete()).isTrue();
        second.publish("t", bytes("of the second"));
        Received next = next(a);
        assertThat(next.text()).isEqualTo("of the second");
        assertThat(next.number()).isEqualTo(1);
        assertThat(log.events.stream().filter("synced"::equals)).hasSize(2);
        assertThat(log.missed).isEmpty();
    }

    @Test
    void aFrozenSubscriberLosesWhatDoesNotFitAndHasItAgainOrIsToldExactlyWhatNot() {
        // given a subscriber whose loop stands still, and a publisher with small queues and a history that is too short
        EventLoop frozen = opened(EventLoop.open("frozen"));
        SyncedPublisher publisher = opened(publisher()
                .patience(Duration.ZERO)
                .highWaterMark(2)
                .history(60, 64 << 20)
                .liveness(1_000)
                .start());
        Log log = new Log();
        SyncedSubscriber a = opened(subscriber("a", publisher)
                .subscribe("t")
                .loop(frozen)
                .highWaterMark(2)
                .listener(log)
                .start());
        a.synced().join();
        frozen.call(() -> {
            for (int i = 1; i <= 100; i++) {
                publisher.publish("t", new byte[1 << 18]);
            }
            await().atMost(SOON).until(() -> publisher.stats().messages() == 100);
            return true;
        });
        publisher.publish("t", bytes("end"));
        // when it goes on, then it gets every message or is told of it
        long number = 0;
        long missed = 0;
        while (number < 101) {
            Received next = next(a);
            assertThat(next.number()).isGreaterThan(number);
            missed += next.number() - number - 1;
            number = next.number();
        }
        assertThat(publisher.stats().forcedFrames()).isPositive();
        assertThat(publisher.stats().replayedMessages()).isPositive();
        assertThat(missed).isPositive();
        assertThat(log.missed.stream().mapToLong(Missed::count).sum()).isEqualTo(missed);
        assertThat(a.stats().missed()).isEqualTo(missed);
        assertThat(a.stats().recovered()).isPositive();
    }

    @Test
    void whoIsTooSlowFailsLoudlyOrKeepsTheLastOfEachTopic() {
        SyncedPublisher publisher = opened(publisher().expect("loud", "quiet").start());
        Log log = new Log();
        SyncedSubscriber loud = opened(
                subscriber("loud", publisher).subscribe("").inbox(50, 1 << 20).start());
        SyncedSubscriber quiet = opened(subscriber("quiet", publisher)
                .subscribe("")
                .inbox(50, 1 << 20)
                .whenSlow(SlowPolicy.CONFLATE)
                .listener(log)
                .start());
        publisher.awaitSubscribers(SOON);
        for (int i = 1; i <= 100; i++) {
            publisher.publish("red", bytes("r" + i));
            publisher.publish("blue", bytes("b" + i));
        }
        await().atMost(SOON).until(() -> quiet.stats().delivered() == 200);
        assertThatThrownBy(() -> loud.receive(SOON))
                .isInstanceOfSatisfying(
                        SlowSubscriberException.class,
                        slow -> assertThat(slow.reason().isRetryable()).isFalse());
        Received red = next(quiet);
        Received blue = next(quiet);
        assertThat(List.of(red.text(), blue.text())).containsExactlyInAnyOrder("r100", "b100");
        assertThat(red.conflated() + blue.conflated()).isEqualTo(198);
        assertThat(quiet.stats().conflated()).isEqualTo(198);
        await().atMost(SOON).until(() -> log.events.contains("caught up"));
        assertThat(log.events).contains("slow");
        publisher.publish("red", bytes("r101"));
        assertThat(next(quiet).text()).isEqualTo("r101");
    }

    @Test
    void whoDoesNotReceiveIsToldThoughNothingNewIsPublished() {
        SyncedPublisher publisher = opened(publisher().expect("idle").start());
        SyncedSubscriber idle = opened(subscriber("idle", publisher)
                .subscribe("")
                .ageMax(Duration.ofMillis(300))
                .start());
        publisher.awaitSubscribers(SOON);
        publisher.publish("t", bytes("old"));
        await().atMost(SOON)
                .until(() -> idle.stats().delivered() == 1 && idle.stats().inboxMessages() == 0);
        assertThatThrownBy(() -> idle.receive(SOON)).isInstanceOf(SlowSubscriberException.class);
    }

    @Test
    void whatIsPublishedOnTheLoopsOwnThreadNeverWaitsForIt() {
        EventLoop loop = opened(EventLoop.open("shared"));
        SyncedPublisher publisher =
                opened(publisher().loop(loop).pendingBytesMax(100).start());
        SyncedSubscriber a = opened(subscriber("a", publisher).subscribe("t").start());
        a.synced().join();
        loop.call(() -> {
            for (int i = 0; i < 100; i++) {
                publisher.publish("t", new byte[50]);
            }
            return true;
        });
        for (int i = 1; i <= 100; i++) {
            assertThat(next(a).number()).isEqualTo(i);
        }
        assertThatThrownBy(() -> loop.call(() -> publisher.awaitSubscribers(SOON)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void manyThreadsWaitForRoomAndLoseNothing() {
        SyncedPublisher publisher =
                opened(publisher().pendingBytesMax(1_000).patience(SOON).start());
        SyncedSubscriber a = opened(subscriber("a", publisher).subscribe("t").start());
        a.synced().join();
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            String topic = "t" + t;
            threads.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 2_000; i++) {
                    publisher.publish(topic, new byte[100]);
                }
            }));
        }
        long sum = 0;
        for (int i = 0; i < 8_000; i++) {
            sum += next(a).number();
        }
        threads.forEach(CompletableFuture::join);
        assertThat(sum).isEqualTo(4 * 2_000L * 2_001 / 2);
    }

    @Test
    void moreTopicsOrBytesThanAllowedAreRefused() {
        SyncedPublisher publisher =
                opened(publisher().topicsMax(1).payloadBytesMax(10).start());
        publisher.publish("one", new byte[10]);
        assertThatThrownBy(() -> publisher.publish("two", new byte[0])).isInstanceOf(OverloadedException.class);
        assertThatThrownBy(() -> publisher.publish("one", new byte[11]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("payload must be of at most payloadBytesMax=10 bytes: 11");
        assertThatThrownBy(() -> publisher.publish("", new byte[0])).isInstanceOf(IllegalArgumentException.class);
        assertThat(publisher.stats().topics()).isLessThanOrEqualTo(1);
    }

    @Test
    void aClosedSubscriberStillHandsOverWhatHadCome() {
        SyncedPublisher publisher = opened(publisher().start());
        SyncedSubscriber a = opened(subscriber("a", publisher).subscribe("t").start());
        a.synced().join();
        publisher.publish("t", bytes("last"));
        await().atMost(SOON).until(() -> a.stats().delivered() == 1);
        a.close();
        assertThat(next(a).text()).isEqualTo("last");
        assertThatThrownBy(() -> a.receive(Duration.ZERO)).isInstanceOf(ClosedException.class);
        await().atMost(SOON).until(() -> publisher.stats().subscribers() == 0);
        a.close();
    }
}
