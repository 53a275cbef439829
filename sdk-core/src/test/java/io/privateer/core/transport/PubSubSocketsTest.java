package io.privateer.core.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** A PUB and SUBs of ours, joined over TCP on one loop, and strangers to them. */
class PubSubSocketsTest {

    private static final SocketSettings SETTINGS = SocketSettings.defaults().withLinger(Duration.ofSeconds(1));
    private static final Duration SOON = Duration.ofSeconds(10);

    private final EventLoop loop = EventLoop.open("pubsub");
    private PubSocket pub = loop.call(() -> loop.bindPub("state", "tcp://127.0.0.1:*", SETTINGS));

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    @Test
    void carryMessagesFrameByFrameToEverybodyWhoWantsThem() {
        // given one that wants everything, and one that wants some
        Recorder all = subscribed("");
        Recorder some = subscribed("b");
        // when three are said
        say("a", "", "1");
        say("b", "2");
        say("c");
        // then each hears what it wants
        await().atMost(SOON).untilAsserted(() -> assertThat(all.log).containsExactly("a||1", "b|2", "c"));
        await().atMost(SOON).untilAsserted(() -> assertThat(some.log).containsExactly("b|2"));
    }

    @Test
    void tellTheSubscriberThatItsConnectionIsLostBehindTheLastWordsAndSubscribeAgain() {
        // given a subscriber
        Recorder recorder = subscribed("");
        // when the publisher says much, goes away, and another comes at its place
        String endpoint = pub.endpoint();
        loop.call(() -> {
            for (int i = 0; i < 600; i++) {
                pub.send(bytes("m" + i));
            }
            pub.close();
            return true;
        });
        await().atMost(SOON).until(() -> recorder.log.contains("disconnected"));
        assertThat(recorder.log).hasSize(601).endsWith("m599", "disconnected");
        pub = await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> loop.call(() -> loop.bindPub("state", endpoint, SETTINGS)), it -> true);
        // then it hears that one
        awaitSubscribed(recorder);
    }

    @Test
    void loseWhatASlowSubscriberDoesNotTakeAndWaitForNobody() {
        // given a subscriber whose loop is busy
        EventLoop otherLoop = EventLoop.open("slow");
        try {
            SocketSettings small = SETTINGS.withHighWaterMark(2);
            PubSocket tight = loop.call(() -> loop.bindPub("state", "tcp://127.0.0.1:*", small));
            Recorder recorder = new Recorder();
            SubSocket slow = otherLoop.call(() -> otherLoop.connectSub(tight.endpoint(), small, recorder));
            otherLoop.execute(() -> slow.subscribe(bytes("")));
            await().atMost(SOON).until(() -> loop.call(() -> tight.send(bytes("first"))) && !recorder.log.isEmpty());
            otherLoop.call(() -> {
                // when far more is said than every buffer on the way takes
                for (int i = 0; i < 100; i++) {
                    assertThat(loop.call(() -> tight.send(new byte[1 << 19]))).isTrue();
                }
                return true;
            });
            // then some of it is lost, and what is said later comes
            await().atMost(SOON)
                    .until(() -> loop.call(() -> tight.send(bytes("last"))) && recorder.log.contains("last"));
            assertThat(recorder.log.stream().filter("big"::equals)).hasSizeLessThan(100);
        } finally {
            otherLoop.close();
        }
    }

    @Test
    void throwOutASubscriberThatAsksForTooMuchAndForgetWhatIsNoSubscription() {
        try (ZContext context = new ZContext()) {
            ZMQ.Socket stranger = context.createSocket(SocketType.XSUB);
            stranger.setHandshakeIvl(500); // A fresh connection may stall until this passes.
            stranger.connect(pub.endpoint());
            // when one that is no subscriber talks, it is heard and forgotten
            await().atMost(SOON).until(() -> {
                stranger.send("hello");
                return pub.stats().received() > 1;
            });
            long before = pub.stats().disconnections();
            // and when it subscribes with more bytes than JeroMQ can bear, it is thrown out
            byte[] endless = new byte[PubSocket.SUBSCRIPTION_BYTES_MAX + 1];
            endless[0] = 1;
            await().atMost(SOON).until(() -> {
                stranger.send(endless);
                return pub.stats().disconnections() > before;
            });
        }
        // then the others are served
        assertThat(subscribed("").log).isNotNull();
        assertThat(loop.failure()).isNull();
    }

    @Test
    void bearTheLongestSubscriptionAndRefuseToSendALongerOne() {
        byte[] longest = new byte[PubSocket.SUBSCRIPTION_BYTES_MAX - 1];
        Recorder recorder = new Recorder();
        SubSocket sub = connect(recorder);
        assertThatThrownBy(() -> sub.subscribe(new byte[longest.length + 1])).hasMessageContaining("1023");
        loop.execute(() -> sub.subscribe(longest));
        await().atMost(SOON).until(() -> loop.call(() -> pub.send(longest)) && !recorder.log.isEmpty());
        loop.execute(sub::close);
        assertThat(subscribed("").log).isNotNull();
    }

    @Test
    void tellWhatIsSubscribedToEachTimeAndForgetRubbish() {
        // given a publisher that somebody has subscribed to
        List<String> subscriptions = new CopyOnWriteArrayList<>();
        PubSocket told = loop.call(() -> loop.bindPub(
                "state", "tcp://127.0.0.1:*", SETTINGS, prefix -> subscriptions.add(new String(prefix, US_ASCII))));
        SubSocket first = loop.call(() -> loop.connectSub(told.endpoint(), SETTINGS, new Recorder()));
        loop.execute(() -> first.subscribe(bytes("a")));
        await().atMost(SOON).untilAsserted(() -> assertThat(subscriptions).containsExactly("a"));
        // when another wants the same, with rubbish before it
        try (ZContext context = new ZContext()) {
            ZMQ.Socket second = context.createSocket(SocketType.XSUB);
            second.setHandshakeIvl(500); // A fresh connection may stall until this passes.
            second.connect(told.endpoint());
            second.send("");
            second.send("rubbish");
            second.send("\u0001a");
            await().atMost(SOON).untilAsserted(() -> {
                second.send("rubbish"); // Whoever uses a connection that was lost makes it say again what it wants.
                assertThat(subscriptions).containsExactly("a", "a");
            });
        }
        // then each is told, and one that says it again is told again
        loop.execute(() -> first.unsubscribe(bytes("a")));
        loop.execute(() -> first.subscribe(bytes("a")));
        await().atMost(SOON).untilAsserted(() -> assertThat(subscriptions).containsExactly("a", "a", "a"));
        // and nothing when they go
        loop.execute(first::close);
        await().atMost(SOON).until(() -> {
            SocketStats stats = told.stats();
            return stats.connections() > 1 && stats.disconnections() == stats.connections();
        });
        assertThat(subscriptions).hasSize(3);
    }

    @Test
    void dropAndCountMessagesOfTooManyFrames() {
        Recorder recorder = new Recorder();
        SubSocket sub = connect(recorder);
        loop.execute(() -> sub.subscribe(bytes("")));
        awaitSubscribed(recorder);
        loop.execute(() -> pub.send(new byte[SETTINGS.framesMax() + 1][1]));
        say("short");
        await().atMost(SOON).untilAsserted(() -> assertThat(recorder.log).containsExactly("short"));
        assertThat(sub.stats().oversized()).isEqualTo(1);
        assertThat(sub.stats().received()).isPositive();
    }

    @Test
    void sayNothingOnceTheyAreClosed() {
        loop.call(() -> {
            pub.close();
            return true;
        });
        assertThat(loop.<Boolean>call(() -> pub.send(bytes("too late")))).isFalse();
        Recorder recorder = new Recorder();
        loop.call(() -> {
            SubSocket sub = loop.connectSub(pub.endpoint(), SETTINGS, recorder); // Who listens there yet may hang up.
            sub.close();
            sub.subscribe(bytes(""));
            sub.unsubscribe(bytes(""));
            return true;
        });
        assertThat(recorder.log).isEmpty();
    }

    private SubSocket connect(Recorder recorder) {
        return loop.call(() -> loop.connectSub(pub.endpoint(), SETTINGS, recorder));
    }

    /** Returns a subscriber that hears what is said from now on. */
    private Recorder subscribed(String prefix) {
        Recorder recorder = new Recorder();
        SubSocket sub = connect(recorder);
        loop.execute(() -> sub.subscribe(bytes(prefix)));
        awaitSubscribed(recorder);
        return recorder;
    }

    /** What is said before a subscription has arrived is lost, so it is said again and again. */
    private void awaitSubscribed(Recorder recorder) {
        await().atMost(SOON).until(() -> {
            say("bell");
            return recorder.heardBell;
        });
        say("behind the bells");
        await().atMost(SOON).until(() -> recorder.heardEndOfBells);
        recorder.forgetBells();
    }

    private void say(String... frames) {
        byte[][] bytes = new byte[frames.length][];
        for (int i = 0; i < frames.length; i++) {
            bytes[i] = bytes(frames[i]);
        }
        assertThat(loop.<Boolean>call(() -> pub.send(bytes))).isTrue();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }

    /** Writes down what it hears. */
    private static final class Recorder implements SubSocket.Handler {
        final List<String> log = new CopyOnWriteArrayList<>();
        volatile boolean heardBell;
        volatile boolean heardEndOfBells;

        void forgetBells() {
            heardBell = false;
            heardEndOfBells = false;
        }

        @Override
        public void onMessage(byte[][] frames) {
            String text = new String(frames[0], US_ASCII);
            if (text.equals("bell")) {
                heardBell = true;
            } else if (text.equals("behind the bells")) {
                heardEndOfBells = true;
            } else {
                List<String> texts = new ArrayList<>();
                for (byte[] frame : frames) {
                    texts.add(frame.length > 100 ? "big" : new String(frame, US_ASCII));
                }
                log.add(String.join("|", texts));
            }
        }

        @Override
        public void onDisconnected() {
            log.add("disconnected");
        }
    }
}
