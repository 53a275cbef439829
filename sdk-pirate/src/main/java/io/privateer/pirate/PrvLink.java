package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.Status;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a PRV/1 peer to a queue: what the machine says to the peer is gathered here until the turn ends. Not
 * thread-safe: confine to the loop's thread.
 */
final class PrvLink {

    private static final long NANOS_PER_MICRO = 1_000;

    final Identity identity;
    private final Outbox outbox;
    private final Consumer<PrvLink> onFirst;

    /** It takes nothing any more; what is said to it is lost. */
    boolean cut;

    /** Its peer is another cluster, which borrows workers. */
    boolean borrows;

    /** Whom the machine knows this connection as; {@code null} before it has introduced itself. */
    @Nullable
    QueueClient client;

    @Nullable
    QueueWorker worker;

    /** How many replies of the worker were read, and up to which it has been or will be told that it may forget them. */
    long repliesRead;

    long repliesToAcknowledge;

    /** What the peer takes, in bytes per frame. */
    private int messageBytesMax = Integer.MAX_VALUE;

    /**
     * Makes a link.
     *
     * @param sink takes what is flushed
     * @param onFirst called when something waits to be flushed for the first time since the last flush
     * @param epoch what messages carry
     */
    PrvLink(Identity identity, BiConsumer<PrvLink, byte[][]> sink, Consumer<PrvLink> onFirst, LongSupplier epoch) {
        this.identity = identity;
        this.outbox = new Outbox(frames -> sink.accept(this, frames), epoch);
        this.onFirst = onFirst;
    }

    void limit(int peerMessageBytesMax) {
        messageBytesMax = Math.max(peerMessageBytesMax, Prv.MESSAGE_BYTES_MIN);
        outbox.limit(messageBytesMax);
    }

    /** Returns how many bytes per frame the peer takes. */
    int messageBytesMax() {
        return messageBytesMax;
    }

    /** Returns whether the peer takes the request. */
    boolean takes(QueuedRequest request) {
        return frameBytesMax(request) <= messageBytesMax;
    }

    /** Returns the longest frame of a request: its record with service and headers, or one of its body behind that. */
    static long frameBytesMax(QueuedRequest request) {
        return Math.max(
                Outbox.requestBytesMin(request.service().nameBytes, request.headers), frameBytesMax(request.body));
    }

    /** Returns the longest frame of a body; of more parts than may be, as a length that nobody takes. */
    private static long frameBytesMax(byte[][] body) {
        if (body.length > Prv.PARTS_MAX) {
            return Long.MAX_VALUE;
        }
        int longest = 0;
        for (byte[] frame : body) {
            longest = Math.max(longest, frame.length);
        }
        return longest;
    }

    void welcome(PeerId incarnation, int heartbeatMillis, int ownMessageBytesMax, int inFlightMax, int flags) {
        announce();
        outbox.welcome(incarnation, heartbeatMillis, ownMessageBytesMax, inFlightMax, flags);
    }

    void beat() {
        announce();
        outbox.heartbeat();
    }

    void drain() {
        announce();
        outbox.drain();
    }

    void goodbye(Status why) {
        announce();
        outbox.goodbye(why);
    }

    /** The worker may forget its first {@code replies} on this connection. */
    void acknowledge(long replies) {
        announce();
        outbox.acknowledge(replies);
    }

    void cancel(long deliveryId) {
        announce();
        outbox.cancel(deliveryId);
    }

    /** A client introduces itself. */
    void hello(PeerId self, int ownMessageBytesMax) {
        announce();
        outbox.hello(self, ownMessageBytesMax);
    }

    void deliver(QueuedRequest request, long nowNanos) {
        request(request, request.deliveryId, request.deliveries, nowNanos);
    }

    /** Hands on the request under another id. */
    void request(QueuedRequest request, long id, int attempt, long nowNanos) {
        announce();
        long ttlMicros = (request.ttlNanos - (nowNanos - request.acceptedAtNanos)) / NANOS_PER_MICRO;
        outbox.request(
                id,
                attempt,
                request.once ? Prv.ONCE : 0,
                Math.max(0, ttlMicros),
                request.service().nameBytes,
                request.headers,
                request.body);
    }

    void reply(long requestId, Status status, int deliveries, int retryAfterMillis, byte @Nullable [][] body) {
        announce();
        if (body != null && frameBytesMax(body) > messageBytesMax) {
            outbox.reply(requestId, Status.TOO_LARGE, deliveries, 0, null);
        } else {
            outbox.reply(requestId, status, deliveries, retryAfterMillis, body);
        }
    }

    void flush() {
        outbox.flush();
    }

    private void announce() {
        if (outbox.isEmpty()) {
            onFirst.accept(this);
        }
    }
}
