package io.privateer.pubsub;

import static java.nio.charset.StandardCharsets.US_ASCII;
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
import org.jspecify.annotations.Nullable;

/** A publisher of one topic, {@code t}, that stamps what it sends as it is told. */
final class PublisherElsewhere implements Outlet.Handler, AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String ANY = "tcp://127.0.0.1:*";

    private final EventLoop loop = EventLoop.open("publishers");
    private final Queue<Control> said = new ConcurrentLinkedQueue<>();
    private long incarnation = 1;
    private @Nullable Identity peer;
    private long probes;
    private long published;
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

    SyncedSubscriberConfig.Builder subscriber() {
        return SyncedSubscriber.builder("s", data.endpoint(), control.endpoint())
                .subscribe("t");
    }

    private void welcome() {
        control.send(Objects.requireNonNull(peer), Control.encode(new Control.Welcome(incarnation, SOON.toNanos())));
    }

    /** Begins another life, of which a subscriber that is there hears at once. */
    void restart() {
        loop.call(() -> {
            said.clear();
            incarnation++;
            published = 0;
            welcome();
            return true;
        });
    }

    void publish(String text, long stampNanos) {
        loop.call(() -> {
            byte[] payload = text.getBytes(US_ASCII);
            published++;
            Outgoing outgoing = new Outgoing("publisher", incarnation, 1, 100, 1_000, 1);
            ArrayDeque<Outgoing.Frame> frames = new ArrayDeque<>();
            for (long i = 1; i <= published; i++) { // The last of them has the number that is wanted.
                outgoing.add("t", payload);
            }
            outgoing.take(frames, Integer.MAX_VALUE);
            data.send(frames.removeLast().stamped(stampNanos));
            return true;
        });
    }

    /** Lists what there is until the subscriber has said something of that kind. */
    void listUntil(Class<? extends Control> kind, boolean last, long aheadNanos) {
        await().atMost(SOON).until(() -> {
            loop.call(() -> {
                list(last, System.nanoTime() + aheadNanos);
                return true;
            });
            return said.stream().anyMatch(kind::isInstance);
        });
    }

    private void list(boolean last, long stampNanos) {
        probes++;
        data.send(DataFrame.encode(
                new DataFrame.Positions("t", incarnation, stampNanos, probes, true, last, 0, 1, List.of())));
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

    @Override
    public void close() {
        loop.close();
    }
}
