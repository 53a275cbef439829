package io.privateer.pirate;

import io.privateer.core.Attempt;
import io.privateer.core.Attempt.Outcome;
import io.privateer.core.Message;
import io.privateer.core.PirateException;
import io.privateer.core.Reason;
import io.privateer.core.UnsafeMessages;
import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request of a {@link PirateClient} from its submission to its end: what {@link ClientMachine} knows of it, and its
 * links in the client's lists. Made by the caller; from its submission on it belongs to the loop's thread.
 */
final class ClientCall {

    static final int NOWHERE = -1;

    /** Beyond that many bytes a body is worth waiting for the server's limit. */
    private static final int WAITS_FOR_WELCOME_BYTES = 8 * 1024;

    private static final int ATTEMPTS_KEPT_MAX = 32;

    private static final int VERDICT_PART = 10;
    private static final long VERDICT_NANOS_MAX = 30_000_000L;

    /** Where a call stands. */
    enum Phase {
        /** It goes out as soon as a connection takes it. */
        WAITING,
        /** It waits for {@link #wakeNanos} before it is sent again. */
        BACKING_OFF,
        /** It waits for the retry budget before it is sent again. */
        STARVED,
        /** It was sent on the present connection, and waits for its reply until {@link #wakeNanos}. */
        SENT,
        /** It has ended. */
        ENDED
    }

    final byte[][] body;
    final long bodyBytes;
    final CallOptions options;
    final long deadlineNanos;
    final CallFuture future;

    long id;
    Phase phase = Phase.WAITING;

    /** How often it was sent. */
    int attempt;

    /** How many of these attempts no server has refused: by them it may be executed. */
    private int unrefused;

    /** Where it is being worked on, for all we know. */
    int endpoint = NOWHERE;

    int hedgeEndpoint = NOWHERE;
    boolean hedged;
    long firstSentNanos;
    long sentNanos;
    long wakeNanos;

    /** The life of a queue that an at-most-once request may have been executed in. */
    @Nullable
    PeerId reached;

    /** In which epoch it was sent to that first; 0 where there is no pair. */
    private long reachedEpoch;

    /** Its connection was replaced, so that it may be sent again on credit. */
    boolean mayBorrow;

    /** It stands in the line for the retry budget. */
    boolean queued;

    /** The last word was that the server is busy. */
    boolean busy;

    private @Nullable List<Attempt> attempts;

    long timerTick = CallTimers.NOT_SCHEDULED;

    @Nullable
    ClientCall timerBefore;

    @Nullable
    ClientCall timerAfter;

    @Nullable
    ClientCall openBefore;

    @Nullable
    ClientCall openAfter;

    @Nullable
    ClientCall inboxNext;

    byte @Nullable [][] reply;

    @Nullable
    PirateException failure;

    ClientCall(Message request, CallOptions options, long nowNanos, Consumer<ClientCall> withdrawal) {
        this.body = UnsafeMessages.framesOf(request);
        this.bodyBytes = request.sizeBytes();
        this.options = options;
        this.deadlineNanos = nowNanos + options.deadlineNanos();
        this.future = new CallFuture(this, withdrawal);
    }

    /** Returns whether the request must not go to a server before it has told its limit and its incarnation. */
    boolean waitsForWelcome() {
        return attempt > 0 || options.isOnce() || isLarge();
    }

    boolean isLarge() {
        return recordBytes() + bodyBytes > WAITS_FOR_WELCOME_BYTES;
    }

    /** Returns the length of the longest frame that the request needs at least, in bytes. */
    long frameBytesMax() {
        long longest = recordBytes();
        for (byte[] part : body) {
            longest = Math.max(longest, part.length);
        }
        return longest;
    }

    private long recordBytes() {
        return (long) PirateClientConfig.RECORD_BYTES + options.serviceBytes().length + options.headerBytes().length;
    }

    /**
     * Returns what servers are told is left to live, in microseconds from 0: a little less than is left until the deadline,
     * so that a queue's word that nobody took the request comes before it.
     */
    long ttlMicros(long nowNanos) {
        long leftNanos = Math.max(0, deadlineNanos - nowNanos);
        return (leftNanos - Math.min(leftNanos / VERDICT_PART, VERDICT_NANOS_MAX)) / 1_000;
    }

    /** Returns when a second server may be asked too; for those that may be hedged. */
    long hedgeAtNanos() {
        return firstSentNanos + options.hedgeAfterNanos();
    }

    /** Writes the next attempt. */
    void writeTo(Outbox outbox, long ttlMicros) {
        int flags = options.isOnce() ? onceFlags(outbox.epoch()) : 0;
        outbox.request(id, attempt, flags, ttlMicros, options.serviceBytes(), options.headerBytes(), body);
    }

    /** Another server serves since the epoch of the first attempt that was not refused; it may not know of that. */
    private int onceFlags(long epoch) {
        if (unrefused <= 1) {
            reachedEpoch = epoch;
        }
        return epoch == reachedEpoch ? Prv.ONCE : Prv.ONCE | Prv.ELSEWHERE;
    }

    /** One more attempt is sent. */
    void count() {
        attempt++;
        unrefused++;
    }

    /** One attempt was refused; returns whether all were, so that the request runs nowhere and never has. */
    boolean onRefused() {
        unrefused--;
        if (unrefused > 0) {
            return false;
        }
        reached = null;
        endpoint = NOWHERE;
        return true;
    }

    /**
     * A server that takes no requests refused it. A queue that ceases to serve says so once for all attempts that it holds,
     * so there is no waiting for another word; but another server may have run an earlier attempt, and then it may have run.
     * So it may where the queue had delivered it.
     */
    void onTurnedAway(int deliveries) {
        if (deliveries == 0) {
            onRefused();
        }
        endpoint = NOWHERE;
        busy = false;
        mayBorrow = true;
    }

    /** The second server has not answered it; the attempt at the first is still to be refused, or not. */
    void onHedgeFailed(Status status, int deliveries) {
        hedgeEndpoint = NOWHERE;
        boolean refused = (status == Status.NOT_ACTIVE && deliveries == 0) || status == Status.BUSY;
        if (refused && unrefused > 1) {
            unrefused--;
        }
    }

    /** Returns why the call ends that has come to its deadline. */
    Reason reasonOfDeadline() {
        if (busy) {
            return Reason.OVERLOADED;
        } else if (unrefused == 0) {
            return Reason.NOT_SERVED;
        }
        return options.isOnce() ? Reason.MAY_HAVE_RUN : Reason.TIMED_OUT;
    }

    void note(String where, Outcome outcome, long nowNanos) {
        if (attempts == null) {
            attempts = new ArrayList<>(2);
        }
        if (attempts.size() < ATTEMPTS_KEPT_MAX) {
            attempts.add(new Attempt(where, outcome, Duration.ofNanos(nowNanos - sentNanos)));
        }
    }

    List<Attempt> attempts() {
        return attempts == null ? List.of() : attempts;
    }
}
