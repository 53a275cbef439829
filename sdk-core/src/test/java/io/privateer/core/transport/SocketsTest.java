package io.privateer.core.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.core.transport.RouterSocket.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A ROUTER and DEALERs of ours, joined over TCP on one loop. */
class SocketsTest {

    private static final SocketSettings SETTINGS = SocketSettings.defaults();

    private final EventLoop loop = EventLoop.open("sockets");
    private final Recorder recorder = new Recorder();
    private RouterSocket router = loop.call(() -> bind(SETTINGS));

    @BeforeEach
    void nothingYet() {
        assertThat(router.stats().received()).isZero();
    }

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    @Test
    void carryMessagesBothWaysFrameByFrame() {
        // given a connected dealer
        Recorder replies = new Recorder();
        DealerSocket dealer = connect("d1", replies);
        // when it sends three frames, one of them empty
        send(dealer, "one", "", "three");
        // then the router gets them under the dealer's identity, and can answer
        await().untilAsserted(() -> assertThat(recorder.log).containsExactly("d1: one||three"));
        assertThat(route("d1", "back")).isEqualTo(SendResult.SENT);
        await().untilAsserted(() -> assertThat(replies.log).containsExactly("back"));
        assertThat(router.stats().connections()).isEqualTo(1);
        assertThat(router.stats().greetings()).isEqualTo(1);
    }

    @Test
    void keepTheOrderOfAThousandMessagesInOneBurst() {
        DealerSocket dealer = connect("d1", new Recorder());
        List<String> expected = new ArrayList<>();
        loop.call(() -> {
            for (int i = 0; i < 900; i++) {
                dealer.send(bytes("m" + i));
                expected.add("d1: m" + i);
            }
            return true;
        });
        await().untilAsserted(() -> assertThat(recorder.log).hasSize(900));
        assertThat(recorder.log).isEqualTo(expected);
    }

    @Test
    void tellTheRouterThatAPeerIsGoneAfterItsLastMessage() {
        DealerSocket dealer = loop.call(() -> loop.connectDealer(
                router.endpoint(), bytes("d1"), SETTINGS.withLinger(Duration.ofSeconds(1)), new Recorder()));
        send(dealer, "last words");
        await().untilAsserted(() -> assertThat(recorder.log).isNotEmpty());
        loop.execute(dealer::close);
        await().untilAsserted(() -> assertThat(recorder.log).containsExactly("d1: last words", "d1 gone"));
        assertThat(route("d1", "too late")).isEqualTo(SendResult.UNROUTABLE);
        assertThat(router.stats().unroutable()).isEqualTo(1);
    }

    @Test
    void tellTheDealerThatItsConnectionIsLostAndReconnect() {
        // given a connected dealer
        Recorder replies = new Recorder();
        DealerSocket dealer = connect("d1", replies);
        send(dealer, "hello");
        await().untilAsserted(() -> assertThat(recorder.log).containsExactly("d1: hello"));
        // when the router goes away and another comes at its place
        String endpoint = router.endpoint();
        loop.execute(router::close);
        await().untilAsserted(() -> assertThat(replies.log).containsExactly("disconnected"));
        router = await().ignoreExceptions()
                .until(() -> loop.call(() -> loop.bindRouter("frontend", endpoint, SETTINGS, recorder)), it -> true);
        // then the dealer finds it by itself
        send(dealer, "again");
        await().untilAsserted(() -> assertThat(recorder.log).containsExactly("d1: hello", "d1: again"));
    }

    @Test
    void letARestartedPeerTakeOverItsIdentity() {
        DealerSocket first = connect("same", new Recorder());
        send(first, "from the first");
        await().untilAsserted(() -> assertThat(recorder.log).hasSize(1));
        Recorder replies = new Recorder();
        DealerSocket second = connect("same", replies);
        send(second, "from the second");
        await().untilAsserted(() -> assertThat(recorder.log).contains("same: from the second"));
        route("same", "to the second");
        await().untilAsserted(() -> assertThat(replies.log).contains("to the second"));
    }

    @Test
    void parkForAPeerThatDoesNotReadAndDropBeyondTheBound() {
        // given a peer that has connected and then reads nothing, because its loop is busy
        EventLoop otherLoop = EventLoop.open("slow");
        try {
            SocketSettings small = new SocketSettings(1 << 20, 16, 2, 3, Duration.ZERO);
            RouterSocket tight = loop.call(() -> bind(small));
            Recorder replies = new Recorder();
            DealerSocket dealer =
                    otherLoop.call(() -> otherLoop.connectDealer(tight.endpoint(), bytes("slow"), small, replies));
            otherLoop.execute(() -> dealer.send(bytes("hello")));
            await().untilAsserted(() -> assertThat(recorder.log).containsExactly("slow: hello"));
            CountDownLatch release = new CountDownLatch(1);
            otherLoop.execute(() -> awaitLatch(release));
            // when far more is sent than every buffer on the way takes
            byte[] big = new byte[1 << 19];
            List<SendResult> results = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                results.add(loop.call(() -> tight.send(Identity.wrap(bytes("slow")), big)));
            }
            // then some of it is sent, the bound is parked, the rest dropped, and all of that counted
            assertThat(results).contains(SendResult.SENT, SendResult.PARKED, SendResult.DROPPED);
            int dropped = Collections.frequency(results, SendResult.DROPPED);
            assertThat(tight.stats().parkedDrops()).isEqualTo(dropped);
            // and when the peer reads again, it gets everything that was not dropped
            release.countDown();
            await().untilAsserted(() -> assertThat(replies.log).hasSize(60 - dropped));
        } finally {
            otherLoop.close();
        }
    }

    @Test
    void sayInSeveralTurnsWhatIsTooMuchForOne() {
        // given a peer that takes any number of messages
        SocketSettings roomy = new SocketSettings(1 << 20, 16, 100_000, 100_000, Duration.ZERO);
        RouterSocket wide = loop.call(() -> bind(roomy));
        Recorder replies = new Recorder();
        EventLoop otherLoop = EventLoop.open("other");
        try {
            DealerSocket dealer =
                    otherLoop.call(() -> otherLoop.connectDealer(wide.endpoint(), bytes("peer"), roomy, replies));
            otherLoop.execute(() -> dealer.send(bytes("hello")));
            await().untilAsserted(() -> assertThat(recorder.log).containsExactly("peer: hello"));
            // when more is sent in one turn than JeroMQ may signal in one
            int count = RouterSocket.SENDS_PER_TURN_MAX + 10;
            List<SendResult> results = loop.call(() -> {
                List<SendResult> all = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    all.add(wide.send(Identity.wrap(bytes("peer")), bytes(Integer.toString(i))));
                }
                return all;
            });
            // then the rest waits for the next turn, and all of it arrives in order
            assertThat(Collections.frequency(results, SendResult.PARKED)).isEqualTo(10);
            await().untilAsserted(() -> assertThat(replies.log).hasSize(count));
            assertThat(replies.log.get(count - 1)).isEqualTo(Integer.toString(count - 1));
        } finally {
            otherLoop.close();
        }
    }

    @Test
    void dropAndCountMessagesOfTooManyFrames() {
        DealerSocket dealer = connect("d1", new Recorder());
        byte[][] many = new byte[SETTINGS.framesMax() + 1][1];
        loop.execute(() -> dealer.send(many));
        send(dealer, "short");
        await().untilAsserted(() -> assertThat(recorder.log).containsExactly("d1: short"));
        assertThat(router.stats().oversized()).isEqualTo(1);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private RouterSocket bind(SocketSettings settings) {
        return loop.bindRouter("frontend", "tcp://127.0.0.1:*", settings, recorder);
    }

    private DealerSocket connect(String identity, Recorder handler) {
        return loop.call(() -> loop.connectDealer(router.endpoint(), bytes(identity), SETTINGS, handler));
    }

    private void send(DealerSocket dealer, String... frames) {
        byte[][] bytes = new byte[frames.length][];
        for (int i = 0; i < frames.length; i++) {
            bytes[i] = bytes(frames[i]);
        }
        assertThat(loop.call(() -> dealer.send(bytes))).isTrue();
    }

    private SendResult route(String identity, String text) {
        return loop.call(() -> router.send(Identity.wrap(bytes(identity)), bytes(text)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }

    /** Writes down what it hears. */
    private static final class Recorder implements RouterSocket.Handler, DealerSocket.Handler {
        final List<String> log = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void onMessage(Identity peer, byte[][] frames) {
            log.add(text(peer.bytes()) + ": " + joined(frames));
        }

        @Override
        public void onPeerGone(Identity peer) {
            log.add(text(peer.bytes()) + " gone");
        }

        @Override
        public void onMessage(byte[][] frames) {
            log.add(joined(frames));
        }

        @Override
        public void onDisconnected() {
            log.add("disconnected");
        }

        private static String joined(byte[][] frames) {
            List<String> texts = new ArrayList<>();
            for (byte[] frame : frames) {
                texts.add(frame.length > 100 ? "big" : text(frame));
            }
            return String.join("|", texts);
        }

        private static String text(byte[] bytes) {
            return new String(bytes, US_ASCII);
        }
    }
}
