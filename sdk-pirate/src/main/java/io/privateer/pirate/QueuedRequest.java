package io.privateer.pirate;

import io.privateer.core.wire.Status;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request that the queue holds, from its acceptance until nothing of it is needed any more. Mutable; belongs to
 * {@link QueueMachine}, which uses one object for many requests, one after the other.
 */
final class QueuedRequest {

    /** Stands for no number. */
    static final long UNNUMBERED = 0;

    private static final byte[][] NO_FRAMES = {};
    private static final byte[] NO_HEADERS = {};

    /** Numbered by the queue from 1. */
    long id;

    /** The line of its client that it stands in; tells client and service. {@code null} for a spare object. */
    @Nullable
    ClientLine line;

    /** The id that the client knows it by; plain clients have none, so it is {@link #id} for them. */
    long clientId;

    /** What a queue of a pair knows it by, and its worker too; see {@link LedgerLog}. */
    long number;

    /** The chunk of the log with which the other queue knows that it may run; {@link LedgerLog} alone touches it. */
    long loggedAt;

    /** It is open at the other queue of the pair, or was when that ended; {@link LedgerMirror} has it. */
    boolean mirrored;

    byte[][] returnAddress = NO_FRAMES;
    byte[][] body = NO_FRAMES;
    byte[] headers = NO_HEADERS;

    /** It must not run twice. */
    boolean once;

    /** Another cluster asks it, so it neither waits here nor is lent on. It stays so, whoever its client turns out to be. */
    boolean borrowed;

    /** The lender that has it was told of it again, on another connection. */
    boolean lentAgain;

    /** What it holds of the heap: body, envelope and headers, all of a size that its client chose. */
    long bytes;

    long acceptedAtNanos;
    long ttlNanos;

    /** How many times it has been delivered. */
    int deliveries;

    /** Nobody waits for the reply any more. */
    boolean abandoned;

    /** Which delivery it is in, {@link QueueWorker#NONE} while it waits and when it has ended. */
    long deliveryId;

    /** What the lender that has it knows it by, {@link QueueWorker#NONE} if no lender has it. */
    long loanId;

    /** Who has it. */
    @Nullable
    QueueWorker worker;

    /** Since when the lease runs, in the machine's fair time; once it has ended, when that was. */
    long sinceNanos;

    /** How it ended, if its end is kept for a client that asks again. */
    @Nullable
    Status endedAs;

    byte @Nullable [][] reply;

    /** The list that it is in, and its neighbours there; {@link RequestList} alone touches them. */
    @Nullable
    RequestList list;

    @Nullable
    QueuedRequest previous;

    @Nullable
    QueuedRequest next;

    ClientLine line() {
        return Objects.requireNonNull(line);
    }

    QueueClient client() {
        return line().client;
    }

    Service service() {
        return line().service;
    }

    /** Returns the id by which who has it knows it. */
    long idAtWorker() {
        return loanId == QueueWorker.NONE ? deliveryId : loanId;
    }

    boolean isExpired(long nowNanos) {
        return nowNanos - acceptedAtNanos >= ttlNanos;
    }

    /** Lets go of what is only needed until the end. */
    void dropContent() {
        returnAddress = NO_FRAMES;
        body = NO_FRAMES;
        headers = NO_HEADERS;
    }

    /** Makes the object fit for another request, and lets go of what it referred to. */
    void clear() {
        line = null;
        number = UNNUMBERED;
        loggedAt = 0;
        mirrored = false;
        dropContent();
        once = false;
        borrowed = false;
        lentAgain = false;
        deliveries = 0;
        abandoned = false;
        deliveryId = QueueWorker.NONE;
        worker = null;
        endedAs = null;
        reply = null;
    }
}
