package io.privateer.chaos.pubsub;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.pubsub.Forwarder;
import io.privateer.pubsub.SyncedPublisher;
import io.privateer.pubsub.SyncedSubscriber;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** Subscriptions that are meant to kill a publisher or a forwarder: too long for JeroMQ's stack, or too many for its heap. */
class HostileSubscriptionsTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String ANY = "tcp://127.0.0.1:*";
    private static final int SUBSCRIPTIONS_MAX = 100;
    private static final int SUBSCRIBES = 1;
    private static final int ENDLESS_BYTES = 16 << 10;
    private static final int FRAME_HEADER_BYTES = 9;
    private static final int STRANGERS = 100;

    /** The header, by which it is known to be too long, and some more. */
    private static final int DRIBBLED_BYTES = 24;

    private final SyncedPublisher publisher = SyncedPublisher.builder(ANY, ANY)
            .heartbeat(Duration.ofMillis(200))
            .subscriptionsMax(SUBSCRIPTIONS_MAX)
            .start();
    private final Forwarder forwarder = Forwarder.builder(ANY)
            .upstream(publisher.dataEndpoint())
            .subscriptionsMax(SUBSCRIPTIONS_MAX)
            .start();
    private final SyncedSubscriber direct = SyncedSubscriber.builder(
                    "direct", publisher.dataEndpoint(), publisher.syncEndpoint())
            .subscribe("t")
            .start();
    private final SyncedSubscriber behind = SyncedSubscriber.builder(
                    "behind", forwarder.backendEndpoint(), publisher.syncEndpoint())
            .subscribe("t")
            .start();

    @AfterEach
    void closeAll() {
        direct.close();
        behind.close();
        forwarder.close();
        publisher.close();
    }

    /** A peer that may say anything, as an XSUB may. */
    private static ZMQ.Socket stranger(ZContext context, String endpoint) {
        ZMQ.Socket stranger = context.createSocket(SocketType.XSUB);
        stranger.setSndHWM(0);
        stranger.setHandshakeIvl(500); // A fresh connection may stall until this passes.
        stranger.connect(endpoint);
        return stranger;
    }

    /** Speaks ZMTP 3.0 by itself, and has not yet said what it wants: JeroMQ's own subscribers cannot bear such a topic either. */
    private static Socket rawSubscriber(String endpoint) throws IOException {
        int port = Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
        byte[] greeting = new byte[64];
        greeting[0] = (byte) 0xFF;
        greeting[9] = 0x7F;
        greeting[10] = 3;
        System.arraycopy("NULL".getBytes(US_ASCII), 0, greeting, 12, 4);
        byte[] ready = "\5READY\13Socket-Type\0\0\0\3SUB".getBytes(US_ASCII);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.write(greeting);
        out.writeByte(4); // A command, with a short length.
        out.writeByte(ready.length);
        out.write(ready);
        return socket;
    }

    /** A frame that asks for an endless topic, or takes it back: 9 bytes, by which its length is known, and the topic. */
    private static byte[] endless(int kind) {
        return ByteBuffer.allocate(FRAME_HEADER_BYTES + ENDLESS_BYTES)
                .put((byte) 2) // A message, with a long length.
                .putLong(ENDLESS_BYTES)
                .put((byte) kind)
                .array();
    }

    /** Returns whether somebody was there to write to. */
    private static boolean write(Socket socket, byte[] bytes, int from, int length) {
        try {
            socket.getOutputStream().write(bytes, from, length);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns whether the other side has ended the connection. */
    private static boolean isEnded(Socket socket) {
        try {
            socket.setSoTimeout((int) SOON.toMillis());
            while (socket.getInputStream().read() >= 0) {
                // What it has said before.
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static void subscribe(ZMQ.Socket stranger, byte[] topic) {
        byte[] message = new byte[topic.length + 1];
        message[0] = 1;
        System.arraycopy(topic, 0, message, 1, topic.length);
        stranger.send(message);
    }

    private void checkServed() {
        long number = publisher.publish("t", new byte[] {1});
        for (SyncedSubscriber subscriber : new SyncedSubscriber[] {direct, behind}) {
            assertThat(Objects.requireNonNull(subscriber.receive(SOON)).number())
                    .isEqualTo(number);
            assertThat(subscriber.stats().missed()).isZero();
        }
    }

    @Test
    void aTopicThatIsTooLongCostsItsSubscriberTheConnectionAndNobodyElse() throws IOException {
        direct.synced().join();
        behind.synced().join();
        byte[] frame = endless(SUBSCRIBES);
        try (Socket first = rawSubscriber(publisher.dataEndpoint());
                Socket second = rawSubscriber(forwarder.backendEndpoint())) {
            assertThat(write(first, frame, 0, frame.length)).isTrue();
            assertThat(write(second, frame, 0, frame.length)).isTrue();
            await().atMost(SOON)
                    .until(() -> publisher.stats().disconnections() > 0
                            && forwarder.stats().disconnections() > 0);
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            checkServed();
        }
        assertThat(publisher.stats().subscriptions()).isLessThan(SUBSCRIPTIONS_MAX);
    }

    @ParameterizedTest(name = "kind {0}, {1} bytes at a time")
    @CsvSource({"1, 16393", "0, 16393", "1, 1", "0, 1"})
    void aHundredSuchAtOnceOrByteByByteCostNobodyElseAnything(int kind, int step) throws IOException {
        direct.synced().join();
        behind.synced().join();
        byte[] frame = endless(kind);
        List<Socket> strangers = new ArrayList<>();
        try {
            // given
            for (int i = 0; i < STRANGERS; i++) {
                strangers.add(rawSubscriber(publisher.dataEndpoint()));
                strangers.add(rawSubscriber(forwarder.backendEndpoint()));
            }
            long subscriptions = publisher.stats().subscriptions();
            // when each says a bit in its turn, and the honest are served in between
            int said = 0;
            for (int at = 0; at < frame.length && at < DRIBBLED_BYTES; at += step) {
                int length = Math.min(step, frame.length - at);
                for (Socket stranger : strangers) {
                    said += write(stranger, frame, at, length) ? 1 : 0;
                }
                checkServed();
            }
            // then all of them were heard, and sent away, and nothing is kept of what they want
            assertThat(said).isGreaterThanOrEqualTo(strangers.size());
            assertThat(strangers).allMatch(HostileSubscriptionsTest::isEnded);
            await().atMost(SOON)
                    .until(() -> publisher.stats().disconnections() >= STRANGERS
                            && forwarder.stats().disconnections() >= STRANGERS);
            checkServed();
            assertThat(publisher.stats().subscriptions()).isEqualTo(subscriptions);
            assertThat(publisher.stats().floods() + forwarder.stats().floods()).isZero();
        } finally {
            for (Socket stranger : strangers) {
                stranger.close();
            }
        }
    }

    @Test
    void tooManyTopicsAreForgottenAndHonestSubscribersComeBack() {
        direct.synced().join();
        behind.synced().join();
        try (ZContext context = new ZContext()) {
            for (String endpoint : new String[] {publisher.dataEndpoint(), forwarder.backendEndpoint()}) {
                ZMQ.Socket stranger = stranger(context, endpoint);
                for (int i = 0; i < 10 * SUBSCRIPTIONS_MAX; i++) {
                    subscribe(stranger, ("flood" + i).getBytes(US_ASCII));
                }
            }
            await().atMost(SOON)
                    .until(() ->
                            publisher.stats().floods() > 0 && forwarder.stats().floods() > 0);
        }
        // Once the stranger is gone, what was said before may be had again.
        await().atMost(SOON)
                .until(() -> direct.stats().synced() && behind.stats().synced());
        checkServed();
        assertThat(publisher.stats().subscriptions()).isLessThanOrEqualTo(SUBSCRIPTIONS_MAX);
    }
}
