package io.privateer.pirate;

import io.privateer.core.Message;
import java.time.Duration;

/**
 * Hears what happens to one {@link PirateQueue}: each change once, none per request that goes well. Every method does
 * nothing by default.
 *
 * <p>Methods run on the queue's event loop and must not block: while one runs, no message moves. What one throws is
 * counted in {@link QueueStats#listenerFailures()}, logged once per queue, and otherwise ignored.
 */
public interface PirateListener {

    /** A worker has registered, or has been heard again after it was lost. */
    default void onWorkerJoined(WorkerJoined event) {}

    /** A worker is gone, or no longer trusted with work. What it held is given back in an event of its own. */
    default void onWorkerLost(WorkerLost event) {}

    /** A delivery came back without a reply. The request goes first to the next free worker, unless another event ends it. */
    default void onDeliveryReturned(DeliveryReturned event) {}

    /** A request was given up after its last delivery. Nobody else keeps it: store it here if it matters. */
    default void onDeadLetter(DeadLetter event) {}

    /** A request ended without a delivery to anybody being awaited. */
    default void onRequestDropped(RequestDropped event) {}

    /** The queue began to refuse requests. Called once until {@link #onIntakeOpened()}. */
    default void onIntakeClosed(IntakeClosed event) {}

    /** The queue takes requests again. */
    default void onIntakeOpened() {}

    /** The event loop under the queue has failed: the queue is dead and everything it held is lost. Restart it. */
    default void onFailed(Throwable cause) {}

    /** What a worker speaks. */
    enum PeerDialect {
        /** PRV/1. */
        PRV,
        /** The Paranoid Pirate Protocol (RFC 6). */
        PPP,
        /** A Simple Pirate, which cannot beat. */
        SIMPLE
    }

    /** Why a worker was lost or a delivery came back. */
    enum LossCause {
        /** The connection ended: the process is gone, or closed its socket. */
        DISCONNECTED,
        /** Nothing was heard for {@code liveness × heartbeat}. */
        SILENT,
        /** A delivery was held longer than the lease. */
        LEASE_EXPIRED,
        /** The worker said that it holds nothing, so it restarted or its handler failed. */
        GAVE_BACK
    }

    /** Why a request was dropped. */
    enum DropCause {
        /** It waited longer than the request's time to live. */
        EXPIRED,
        /** Its client's connection is gone, so nobody can receive the reply. */
        ABANDONED
    }

    /** Why no request is taken. */
    enum IntakeCause {
        /** As many requests or bytes wait as are allowed to. */
        FULL,
        /** The queue is being drained. */
        DRAINING
    }

    /**
     * A worker can be given work.
     *
     * @param workerId its routing id in hexadecimal, or the id that it has under PRV/1
     * @param dialect what it speaks
     * @param service the service that it offers; only PRV/1 has any but the empty one
     */
    record WorkerJoined(String workerId, PeerDialect dialect, String service) {}

    /**
     * A worker can no longer be given work.
     *
     * @param workerId its routing id in hexadecimal
     * @param cause how that was found out
     * @param silent how long nothing had been heard of it
     */
    record WorkerLost(String workerId, LossCause cause, Duration silent) {}

    /**
     * A delivery came back.
     *
     * @param requestId the request, numbered by the queue from 1
     * @param workerId the worker that held it
     * @param cause why
     * @param deliveries how many times the request has been delivered so far
     * @param held how long the worker held it
     */
    record DeliveryReturned(long requestId, String workerId, LossCause cause, int deliveries, Duration held) {}

    /**
     * A request that was given up.
     *
     * @param requestId the request
     * @param body what the client had sent
     * @param deliveries how many times it was delivered
     * @param lastCause why the last delivery came back
     */
    record DeadLetter(long requestId, Message body, int deliveries, LossCause lastCause) {}

    /**
     * A request that was dropped.
     *
     * @param requestId the request
     * @param cause why
     * @param age how long ago it had been accepted
     * @param deliveries how many times it had been delivered
     */
    record RequestDropped(long requestId, DropCause cause, Duration age, int deliveries) {}

    /**
     * Requests are being refused.
     *
     * @param cause why
     * @param pending how many requests wait
     * @param pendingBytes the sum of their sizes
     */
    record IntakeClosed(IntakeCause cause, int pending, long pendingBytes) {}
}
