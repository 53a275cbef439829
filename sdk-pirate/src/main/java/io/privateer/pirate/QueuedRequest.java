package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import org.jspecify.annotations.Nullable;

/** A request that the queue holds, from its acceptance to its end. Mutable; belongs to {@link QueueMachine}. */
final class QueuedRequest {

    final long id;
    final Identity client;
    final byte[][] returnAddress;
    final byte[][] body;
    /** What it holds of the heap: body and envelope, both of a size that its client chose. */
    final long bytes;

    final long acceptedAtNanos;

    /** How many times it has been delivered. */
    int deliveries;

    /** Its client is gone: nobody can receive the reply. */
    boolean abandoned;

    /** It is in the pending list, and not delivered. */
    boolean waiting;

    /** Neighbours in {@link PendingRequests}, which alone touches them. */
    @Nullable
    QueuedRequest previous;

    @Nullable
    QueuedRequest next;

    QueuedRequest(long id, Identity client, byte[][] returnAddress, byte[][] body, long acceptedAtNanos) {
        this.id = id;
        this.client = client;
        this.returnAddress = returnAddress;
        this.body = body;
        this.acceptedAtNanos = acceptedAtNanos;
        long sum = 0;
        for (byte[] frame : body) {
            sum += frame.length;
        }
        for (byte[] frame : returnAddress) {
            sum += frame.length;
        }
        this.bytes = sum;
    }
}
