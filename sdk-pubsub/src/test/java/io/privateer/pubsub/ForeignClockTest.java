package io.privateer.pubsub;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.Identity;
import io.privateer.core.transport.RouterSocket;
import io.privateer.core.transport.SocketSettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A subscriber, and two lives of a publisher on hosts whose clocks are far apart. */
class ForeignClockTest implements Outlet.Handler {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String ANY = "tcp://127.0.0.1:*";
    private static final long AHEAD_NANOS = TimeUnit.HOURS.toNanos(1);

    private final EventLoop loop = EventLoop.open("publishers");
    private final Queue<Control> said = new ConcurrentLinkedQueue<>();
    private volatile long incarnation = 1;
    private volatile @Nullable Identity peer;
    private long probes;
    private final Outlet data =
            loop.call(() -> new Outlet(loop, "p", "data", ANY, SocketSettings.defaults(), 10, this));
    private final RouterSocket control =
            loop.call(() -> loop.bindRouter("sync", ANY, SocketSettings.defaults(), new RouterSocket.Handler() {
                @Override
                public void onMessage(Identity from, byte[][] message) {
                    Control.OfSubscriber one = Objects.requireNonNull(Control.decodeOfSubscriber(message[0]));
                    said.add(one);
                    peer = from;
                    if (one instanceof Control.Hello) {
                        welcome();
                    }
                }

                @Override
                public void onPeerGone(Identity gone) {
                    // The subscriber closes.
                }
            }));

    @AfterEach
    void close() {
        loop.close();
    }

    private void welcome() {
        control.send(Objects.requireNonNull(peer), Control.encode(new Control.Welcome(incarnation, SOON.toNanos())));
    }

    private void list(boolean last, long stampNanos) {
        probes++;
        data.send(DataFrame.encode(
                new DataFrame.Positions("t", incarnation, stampNanos, probes, true, last, 0, 1, List.of())));
    }

    private void publish(String text, long stampNanos) {
        loop.call(() -> {
            Outgoing outgoing = new Outgoing(incarnation, 1, 100, 1_000, 1);
            outgoing.add("t", text.getBytes(US_ASCII));
            ArrayDeque<Outgoing.Frame> frames = new ArrayDeque<>();
            outgoing.take(frames, 1);
            data.send(frames.remove().stamped(stampNanos));
            return true;
        });
    }

    /** Until the subscriber has said something of that kind. */
    private void listUntil(Class<? extends Control> kind, boolean last, long aheadNanos) {
        await().atMost(SOON).until(() -> {
            loop.call(() -> {
                list(last, System.nanoTime() + aheadNanos);
                return true;
            });
            return said.stream().anyMatch(kind::isInstance);
        });
    }

    @Test
    void isPunctualThoughTheClockOfTheNextPublisherIsFarBehindThatOfTheFormer() {
        try (SyncedSubscriber subscriber = SyncedSubscriber.builder("s", data.endpoint(), control.endpoint())
                .subscribe("t")
                .start()) {
            // given a publisher that has ended in order, and of which something comes behind that
            listUntil(Control.Confirm.class, false, AHEAD_NANOS);
            listUntil(Control.Done.class, true, AHEAD_NANOS);
            publish("former", System.nanoTime() + AHEAD_NANOS);
            assertThat(Objects.requireNonNull(subscriber.receive(SOON)).text()).isEqualTo("former");
            said.clear();
            // when the next one begins, on another host
            incarnation = 2;
            loop.call(() -> {
                welcome();
                return true;
            });
            listUntil(Control.Confirm.class, false, 0);
            publish("next", System.nanoTime());
            // then what it publishes is not an hour old
            assertThat(Objects.requireNonNull(subscriber.receive(SOON)).text()).isEqualTo("next");
        }
    }

    @Override
    public void onSubscribed(byte[] prefix) {
        // Lists are sent until one has come.
    }

    @Override
    public void onUnsubscribed(byte[] prefix) {
        // As above.
    }

    @Override
    public void onWritable() {
        // All of it fits.
    }

    @Override
    public void onFlooded(int subscriptions) {
        throw new AssertionError("one subscriber has one subscription");
    }
}
