package io.privateer.pubsub;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.privateer.core.transport.DealerSocket;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.PubSocket;
import io.privateer.core.transport.SocketSettings;
import io.privateer.core.transport.SubSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A forwarder over real sockets, between peers of ours and plain ones. */
class ForwarderTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String ANY = "tcp://127.0.0.1:*";
    private static final SocketSettings SETTINGS = SocketSettings.defaults();

    private final EventLoop loop = EventLoop.open("peers");
    private final List<AutoCloseable> open = new ArrayList<>(List.of(loop));

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

    /** Writes down what it hears, frames joined. */
    private static final class Recorder implements SubSocket.Handler {
        final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public void onMessage(byte[][] frames) {
            List<String> texts = new ArrayList<>();
            for (byte[] frame : frames) {
                texts.add(new String(frame, US_ASCII));
            }
            heard.add(String.join("|", texts));
        }

        @Override
        public void onDisconnected() {
            heard.add("disconnected");
        }
    }

    private Recorder listen(String endpoint, String... prefixes) {
        Recorder recorder = new Recorder();
        SubSocket sub = loop.call(() -> loop.connectSub(endpoint, SETTINGS, recorder));
        for (String prefix : prefixes) {
            loop.execute(() -> sub.subscribe(prefix.getBytes(US_ASCII)));
        }
        return recorder;
    }

    private void say(PubSocket pub, String... texts) {
        byte[][] frames = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            frames[i] = texts[i].getBytes(US_ASCII);
        }
        loop.execute(() -> pub.send(frames));
    }

    private void sayUntilHeard(PubSocket pub, Recorder recorder, String... texts) {
        await().atMost(SOON).until(() -> {
            say(pub, texts);
            return recorder.heard.contains(String.join("|", texts));
        });
    }

    @Test
    void synchronizedSubscribersReceiveThroughItAsIfItWereNotThere() {
        SyncedPublisher publisher = opened(SyncedPublisher.builder(ANY, ANY)
                .heartbeat(Duration.ofMillis(200))
                .expect("a", "b")
                .start());
        Forwarder forwarder =
                opened(Forwarder.builder(ANY).upstream(publisher.dataEndpoint()).start());
        SyncedSubscriber a = opened(SyncedSubscriber.builder("a", forwarder.backendEndpoint(), publisher.syncEndpoint())
                .subscribe("t.")
                .start());
        SyncedSubscriber b = opened(SyncedSubscriber.builder("b", forwarder.backendEndpoint(), publisher.syncEndpoint())
                .subscribe("t.", "u")
                .start());
        assertThat(publisher.awaitSubscribers(SOON).complete()).isTrue();
        for (int i = 0; i < 1_000; i++) {
            publisher.publish("t.1", ("m" + i).getBytes(US_ASCII));
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(Objects.requireNonNull(a.receive(SOON)).number()).isEqualTo(i + 1);
            assertThat(Objects.requireNonNull(b.receive(SOON)).text()).isEqualTo("m" + i);
        }
        // and what two of them want is asked for once
        assertThat(publisher.stats().subscriptions()).isEqualTo(2);
        assertThat(forwarder.stats().subscriptions()).isEqualTo(2);
        assertThat(forwarder.stats().drops()).isZero();
    }

    @Test
    void plainPeersMeetThroughItAndMessagesOfSeveralFramesStayWhole() {
        PubSocket pub = loop.call(() -> loop.bindPub("pub", ANY, SETTINGS));
        Forwarder forwarder =
                opened(Forwarder.builder(ANY).upstream(pub.endpoint()).start());
        Recorder recorder = listen(forwarder.backendEndpoint(), "weather");
        sayUntilHeard(pub, recorder, "weather", "rain", "");
        say(pub, "news", "nobody wants it");
        say(pub, "weather", "sun");
        await().atMost(SOON).until(() -> recorder.heard.contains("weather|sun"));
        assertThat(recorder.heard).allMatch(it -> it.startsWith("weather|"));
        assertThat(forwarder.stats().messages()).isGreaterThanOrEqualTo(2);
        assertThat(forwarder.stats().bytes()).isPositive();
    }

    @Test
    void whatNobodyWantsAnyMoreIsNotAskedForAnyMore() {
        List<String> wanted = new CopyOnWriteArrayList<>();
        PubSocket pub =
                loop.call(() -> loop.bindPub("pub", ANY, SETTINGS, prefix -> wanted.add(new String(prefix, US_ASCII))));
        Forwarder forwarder =
                opened(Forwarder.builder(ANY).upstream(pub.endpoint()).start());
        Recorder recorder = new Recorder();
        SubSocket sub = loop.call(() -> loop.connectSub(forwarder.backendEndpoint(), SETTINGS, recorder));
        loop.execute(() -> sub.subscribe(new byte[] {'x'}));
        await().atMost(SOON).untilAsserted(() -> assertThat(wanted).containsExactly("x"));
        assertThat(forwarder.stats().subscriptions()).isEqualTo(1);
        loop.execute(() -> sub.unsubscribe(new byte[] {'x'}));
        await().atMost(SOON).until(() -> forwarder.stats().subscriptions() == 0);
        say(pub, "x");
        loop.execute(() -> sub.subscribe(new byte[] {'y'}));
        sayUntilHeard(pub, recorder, "y");
        assertThat(recorder.heard).doesNotContain("x");
    }

    @Test
    void pausedItLeavesMessagesWhereTheyAreUntilItIsResumed() {
        PubSocket pub = loop.call(() -> loop.bindPub("pub", ANY, SETTINGS));
        List<Forwarder.State> states = new CopyOnWriteArrayList<>();
        Forwarder forwarder = opened(Forwarder.builder(ANY)
                .upstream(pub.endpoint())
                .listener(new ForwarderListener() {
                    @Override
                    public void onStateChanged(Forwarder.State state) {
                        states.add(state);
                    }
                })
                .start());
        Recorder recorder = listen(forwarder.backendEndpoint(), "");
        sayUntilHeard(pub, recorder, "before");
        forwarder.pause();
        say(pub, "meanwhile");
        // Somebody else hears it, so it has been sent.
        Recorder beside = listen(pub.endpoint(), "");
        sayUntilHeard(pub, beside, "also meanwhile");
        assertThat(recorder.heard).doesNotContain("meanwhile");
        assertThat(forwarder.stats().state()).isEqualTo(Forwarder.State.PAUSED);
        forwarder.resume();
        await().atMost(SOON).until(() -> recorder.heard.contains("also meanwhile"));
        assertThat(recorder.heard).contains("meanwhile");
        forwarder.close();
        await().atMost(SOON).until(() -> states.contains(Forwarder.State.STOPPED));
        assertThat(states).containsExactly(Forwarder.State.PAUSED, Forwarder.State.RUNNING, Forwarder.State.STOPPED);
        assertThat(forwarder.stopped().join()).isTrue();
    }

    @Test
    void commandsSteerItAndAreAnswered() {
        Forwarder forwarder = opened(Forwarder.builder(ANY)
                .frontend(ANY)
                .control(ANY)
                .name("steered")
                .start());
        List<byte[][]> answers = new CopyOnWriteArrayList<>();
        DealerSocket dealer = loop.call(
                () -> loop.connectDealer(forwarder.controlEndpoint(), null, SETTINGS, new DealerSocket.Handler() {
                    @Override
                    public void onMessage(byte[][] frames) {
                        answers.add(frames);
                    }

                    @Override
                    public void onDisconnected() {}
                }));
        for (String command : List.of("PAUSE", "RESUME", "STATISTICS", "DANCE", "TERMINATE")) {
            loop.execute(() -> dealer.send(new byte[0], command.getBytes(US_ASCII)));
        }
        await().atMost(SOON).until(() -> answers.size() == 5);
        assertThat(new String(answers.get(0)[1], US_ASCII)).isEqualTo("PAUSED");
        assertThat(new String(answers.get(1)[1], US_ASCII)).isEqualTo("RUNNING");
        assertThat(answers.get(2).length).isEqualTo(9);
        assertThat(ByteBuffer.wrap(answers.get(2)[1])
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong())
                .isZero();
        assertThat(new String(answers.get(3)[1], US_ASCII)).isEqualTo("ERROR");
        assertThat(new String(answers.get(4)[1], US_ASCII)).isEqualTo("STOPPED");
        assertThat(forwarder.stopped().join()).isTrue();
        assertThat(forwarder.stats().commands()).isEqualTo(5);
        assertThat(forwarder.stats().unknownCommands()).isEqualTo(1);
    }

    @Test
    void aSubscriberWithoutRoomLosesMessagesWhichAreCounted() {
        EventLoop frozen = opened(EventLoop.open("frozen"));
        PubSocket pub = loop.call(() -> loop.bindPub("pub", ANY, SETTINGS));
        Forwarder forwarder = opened(Forwarder.builder(ANY)
                .upstream(pub.endpoint())
                .highWaterMark(2)
                .subscriptionsMax(2)
                .start());
        Recorder slow = new Recorder();
        SubSocket sub =
                frozen.call(() -> frozen.connectSub(forwarder.backendEndpoint(), SETTINGS.withHighWaterMark(2), slow));
        frozen.execute(() -> sub.subscribe(new byte[0]));
        sayUntilHeard(pub, slow, "first");
        frozen.call(() -> {
            await().atMost(SOON).until(() -> {
                loop.execute(() -> pub.send(new byte[1 << 19]));
                return forwarder.stats().drops() > 0;
            });
            return true;
        });
        sayUntilHeard(pub, slow, "last");
    }

    @Test
    void whatCannotWorkIsRefusedAtTheStart() {
        assertThatThrownBy(() -> Forwarder.builder(ANY).start()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Forwarder.builder(ANY)
                        .frontend(ANY)
                        .highWaterMark(10)
                        .subscriptionsMax(11)
                        .start())
                .hasMessage("subscriptionsMax must be <= highWaterMark=10: 11");
        assertThatThrownBy(() -> Forwarder.builder("ipc://x")).isInstanceOf(IllegalArgumentException.class);
    }
}
