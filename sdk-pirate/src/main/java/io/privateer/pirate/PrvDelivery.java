package io.privateer.pirate;

import io.privateer.core.NanoClock;
import io.privateer.core.wire.Headers;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.Status;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that came by PRV/1: for its handler a {@link Request}, for {@link PrvWorkerMachine} what it holds.
 *
 * <p>The public methods are thread-safe. Everything else belongs to the loop's thread, except the outcome, which the
 * handler's thread writes before it hands the delivery back.
 */
final class PrvDelivery extends Request {

    /** Where a delivery stands. */
    enum State {
        /** Its handler has not been called. */
        WAITING,
        /** Its handler is at work. */
        RUNNING,
        /** Its handler is at work and nobody wants the reply: the queue that sent it is gone. */
        VAIN,
        /** Its reply waits for a connection, or has been sent, and maybe not yet acknowledged. */
        DONE
    }

    /** What a delivery needs of the worker that holds it. Thread-safe. */
    interface Host {

        /** Returns the clock that deadlines are readings of. */
        NanoClock clock();

        /** Returns the service that the worker offers. */
        String service();

        /** The handler says that it is still at work. */
        void progress(PrvDelivery delivery);

        /** An action of the handler's failed when told of the cancellation. */
        void cancelActionFailed(Throwable failure);
    }

    private static final long PROGRESS_NANOS_MIN = 10_000_000;
    private static final long TTL_MICROS_MAX = Duration.ofDays(365).toNanos() / 1_000;

    final long id;
    State state = State.WAITING;

    /** The side of the worker that holds it; another one, once that queue has taken over. */
    @Nullable
    PrvWorkerMachine holder;

    /** Which reply on its connection was its own; {@link SentReplies} alone touches it. */
    long sentAs;

    /** Where the delivery stands among those held; see {@link HeldDeliveries}. */
    @Nullable
    PrvDelivery before;

    @Nullable
    PrvDelivery behind;

    private final Host host;
    private final int attempt;
    private final boolean expires;
    private final long expiresAtNanos;
    private final byte[] headerBytes;

    private @Nullable Map<String, String> headers;
    private @Nullable Runnable cancelAction;
    private volatile boolean cancelled;
    private volatile long progressFromNanos;
    private Status status = Status.OK;
    private byte @Nullable [][] reply;
    private boolean failed;

    /**
     * @param ttlMicros what is left of its time to live, or {@link Prv#NO_TTL}
     * @param headerBytes as {@link Headers} encodes them
     */
    PrvDelivery(Host host, long nowNanos, long id, int attempt, long ttlMicros, byte[] headerBytes, byte[][] body) {
        super(body);
        this.host = host;
        this.id = id;
        this.attempt = attempt;
        this.expires = ttlMicros != Prv.NO_TTL;
        this.expiresAtNanos = nowNanos + Math.min(ttlMicros, TTL_MICROS_MAX) * 1_000;
        this.headerBytes = headerBytes;
        this.progressFromNanos = nowNanos;
    }

    boolean isExpired(long nowNanos) {
        return expires && nowNanos - expiresAtNanos >= 0;
    }

    /**
     * Notes how the delivery ended.
     *
     * @param body {@code null} where the status says it all
     * @param handlingFailed whether this counts as a failure, be there a reply or not; what was cancelled does not fail
     */
    void end(Status endStatus, byte @Nullable [][] body, boolean handlingFailed) {
        status = endStatus;
        reply = body;
        failed = handlingFailed;
    }

    /** Returns whether it was cancelled before its turn, so that it never ran. */
    boolean isWithdrawn() {
        return state == State.DONE && cancelled && status == Status.EXPIRED;
    }

    boolean hasFailed() {
        return failed;
    }

    Status status() {
        return status;
    }

    byte @Nullable [][] reply() {
        return reply;
    }

    /** Tells the handler that nobody waits any more; returns whether that is news. */
    boolean cancel() {
        Runnable action;
        synchronized (this) {
            if (cancelled) {
                return false;
            }
            cancelled = true;
            action = cancelAction;
            cancelAction = null;
        }
        if (action != null) {
            run(action);
        }
        return true;
    }

    private void run(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) { // Also an Error: it is the handler's, and others live on this loop.
            host.cancelActionFailed(e);
        }
    }

    @Override
    public Map<String, String> headers() {
        Map<String, String> decoded = headers;
        if (decoded == null) {
            decoded = Headers.decode(headerBytes);
            headers = decoded;
        }
        return decoded;
    }

    @Override
    public String service() {
        return host.service();
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public Optional<Duration> remaining() {
        return expires
                ? Optional.of(Duration.ofNanos(
                        Math.max(0, expiresAtNanos - host.clock().nanoTime())))
                : Optional.empty();
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void onCancel(Runnable action) {
        synchronized (this) {
            if (!cancelled) {
                Runnable earlier = cancelAction;
                cancelAction = earlier == null
                        ? action
                        : () -> {
                            run(earlier);
                            action.run();
                        };
                return;
            }
        }
        run(action);
    }

    @Override
    public void progress() {
        long nowNanos = host.clock().nanoTime();
        if (nowNanos - progressFromNanos >= 0) {
            progressFromNanos = nowNanos + PROGRESS_NANOS_MIN;
            host.progress(this);
        }
    }
}
