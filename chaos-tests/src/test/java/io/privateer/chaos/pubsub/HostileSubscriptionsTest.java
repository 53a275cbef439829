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
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** Subscriptions that are meant to kill a publisher or a forwarder: too long for JeroMQ's stack, or too many for its heap. */
class HostileSubscriptionsTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String ANY = "tcp://127.0.0.1:*";
    private static final int SUBSCRIPTIONS_MAX = 100;

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

    /** Speaks ZMTP 3.0 by itself: JeroMQ's own subscribers cannot bear such a topic either. */
    private static Socket rawSubscriber(String endpoint, byte[] subscription) throws IOException {
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
        out.writeByte(2); // A message, with a long length.
        out.writeLong(subscription.length);
        out.write(subscription);
        return socket;
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
        byte[] endless = new byte[16 << 10];
        endless[0] = 1;
        try (Socket first = rawSubscriber(publisher.dataEndpoint(), endless);
                Socket second = rawSubscriber(forwarder.backendEndpoint(), endless)) {
            await().atMost(SOON)
                    .until(() -> publisher.stats().disconnections() > 0
                            && forwarder.stats().disconnections() > 0);
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            checkServed();
        }
        assertThat(publisher.stats().subscriptions()).isLessThan(SUBSCRIPTIONS_MAX);
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
