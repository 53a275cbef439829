package io.privateer.core.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The sockets of forwarders, over real connections. */
class XSocketsTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String ANY = "tcp://127.0.0.1:*";
    private static final SocketSettings SETTINGS = SocketSettings.defaults();

    private final EventLoop loop = EventLoop.open("x-sockets");
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();

    @AfterEach
    void closeLoop() {
        loop.close();
        assertThat(loop.failure()).isNull();
    }

    private XPubSocket bind(SocketSettings settings) {
        return loop.call(() -> XPubSocket.bind(loop, "data", ANY, settings, new XPubSocket.Handler() {
            @Override
            public void onSubscribed(byte[] prefix) {
                told.add("+" + new String(prefix, US_ASCII));
            }

            @Override
            public void onUnsubscribed(byte[] prefix) {
                told.add("-" + new String(prefix, US_ASCII));
            }

            @Override
            public void onWritable() {
                told.add("writable");
            }
        }));
    }

    private XSubSocket connect(EventLoop on, String endpoint, SocketSettings settings) {
        return on.call(() -> XSubSocket.open(
                on, "", List.of(endpoint), settings, frames -> heard.add(new String(frames[0], US_ASCII))));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }

    @Test
    void tellEachSubscriptionAndTheEndOfTheLast() {
        XPubSocket pub = bind(SETTINGS);
        XSubSocket first = connect(loop, pub.endpoint(), SETTINGS);
        XSubSocket second = connect(loop, pub.endpoint(), SETTINGS);
        loop.execute(() -> first.subscribe(bytes("a")));
        loop.execute(() -> second.subscribe(bytes("a")));
        await().atMost(SOON).untilAsserted(() -> assertThat(told).containsExactly("+a", "+a"));
        assertThat(loop.<Boolean>call(() -> pub.trySend(bytes("abc"), bytes("more"))))
                .isTrue();
        await().atMost(SOON).untilAsserted(() -> assertThat(heard).containsExactly("abc", "abc"));
        loop.execute(() -> first.unsubscribe(bytes("a")));
        loop.execute(second::close);
        await().atMost(SOON).untilAsserted(() -> assertThat(told).containsExactly("+a", "+a", "-a"));
        assertThatThrownBy(() -> first.subscribe(new byte[XPubSocket.PREFIX_BYTES_MAX + 1]))
                .isInstanceOf(IllegalArgumentException.class);
        loop.call(() -> {
            pub.close();
            return true;
        });
        assertThat(loop.<Boolean>call(() -> pub.trySend(bytes("to nobody")))).isTrue();
    }

    @Test
    void takeNothingForWhomThereIsNoRoomUntilThereIs() {
        EventLoop frozen = EventLoop.open("frozen");
        try {
            XPubSocket pub = bind(SETTINGS.withHighWaterMark(2));
            XSubSocket sub = connect(frozen, pub.endpoint(), SETTINGS.withHighWaterMark(2));
            frozen.execute(() -> sub.subscribe(bytes("")));
            await().atMost(SOON).until(() -> told.contains("+"));
            byte[] big = new byte[1 << 19];
            frozen.call(() -> {
                await().atMost(SOON)
                        .until(() -> loop.<Boolean>call(() -> {
                            if (pub.trySend(big)) {
                                return false;
                            }
                            pub.send(big); // Is lost.
                            return true;
                        }));
                return true;
            });
            await().atMost(SOON).until(() -> told.contains("writable"));
            await().atMost(SOON).until(() -> loop.<Boolean>call(() -> pub.trySend(bytes("last"))));
            await().atMost(SOON).until(() -> heard.contains("last"));
            assertThat(pub.stats().sent()).isGreaterThan(heard.size());
        } finally {
            frozen.close();
        }
    }

    @Test
    void leaveMessagesWhereTheyAreWhilePaused() {
        XPubSocket pub = bind(SETTINGS);
        XSubSocket sub = connect(loop, pub.endpoint(), SETTINGS);
        loop.execute(() -> sub.subscribe(bytes("")));
        await().atMost(SOON).until(() -> told.contains("+"));
        loop.execute(sub::pause);
        loop.execute(() -> pub.trySend(bytes("meanwhile")));
        // Another hears it, so it has been sent.
        XSubSocket beside = connect(loop, pub.endpoint(), SETTINGS);
        loop.execute(() -> beside.subscribe(bytes("beside")));
        await().atMost(SOON).until(() -> told.contains("+beside"));
        loop.execute(() -> pub.trySend(bytes("beside")));
        await().atMost(SOON).untilAsserted(() -> assertThat(heard).containsExactly("beside"));
        loop.execute(sub::resume);
        await().atMost(SOON).untilAsserted(() -> assertThat(heard).containsExactly("beside", "meanwhile", "beside"));
    }
}
