package io.privateer.pirate;

import java.util.Arrays;
import java.util.Objects;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The requests that workers hold, by the id of their delivery and by the age of their lease. Ids grow and are never used
 * twice, so a late reply cannot be taken for another's.
 */
final class InFlight {

    /** The low bits of an id are its slot, so that finding it is one look into an array. */
    private static final int SLOT_BITS = 24;

    private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
    private static final int FIRST_CAPACITY = 64;

    private @Nullable QueuedRequest[] slots = new QueuedRequest[FIRST_CAPACITY];
    private int[] free = new int[FIRST_CAPACITY];
    private int freeCount;
    private int used;
    private long sequence;
    private final RequestList byLease = new RequestList();

    /** Those that lenders have, who see to leases themselves. */
    private final RequestList lent = new RequestList();

    /** Those that have a number, which is the id of their delivery. */
    private final Long2ObjectHashMap<QueuedRequest> numbered = new Long2ObjectHashMap<>();

    /** Gives the request an id, if it has no number, and makes it the one whose lease ends last. */
    void add(QueuedRequest request, QueueWorker worker, long sinceNanos) {
        if (request.number == QueuedRequest.UNNUMBERED) {
            request.deliveryId = takeSlot(request);
        } else {
            request.deliveryId = request.number;
            numbered.put(request.number, request);
        }
        request.worker = worker;
        request.sinceNanos = sinceNanos;
        (worker.lender == null ? byLease : lent).addLast(request);
    }

    private long takeSlot(QueuedRequest request) {
        int slot = freeCount > 0 ? free[--freeCount] : used++;
        if (slot == slots.length) {
            slots = Arrays.copyOf(slots, 2 * slot);
            free = Arrays.copyOf(free, 2 * slot);
        }
        slots[slot] = request;
        sequence++;
        return sequence << SLOT_BITS | slot;
    }

    /** Returns the request in this delivery, if it is still in the hands of {@code worker}. */
    @Nullable
    QueuedRequest get(long deliveryId, QueueWorker worker) {
        int slot = (int) deliveryId & SLOT_MASK;
        QueuedRequest request = slot < used ? slots[slot] : null;
        if (request == null || request.deliveryId != deliveryId) {
            request = numbered.get(deliveryId);
        }
        return request != null && request.deliveryId == deliveryId && request.worker == worker ? request : null;
    }

    void remove(QueuedRequest request) {
        if (request.number == QueuedRequest.UNNUMBERED) {
            int slot = (int) request.deliveryId & SLOT_MASK;
            slots[slot] = null;
            free[freeCount++] = slot;
        } else {
            numbered.remove(request.deliveryId);
        }
        request.deliveryId = QueueWorker.NONE;
        request.worker = null;
        Objects.requireNonNull(request.list).remove(request);
    }

    /** Starts the lease anew. */
    void renew(QueuedRequest request, long sinceNanos) {
        byLease.remove(request);
        request.sinceNanos = sinceNanos;
        byLease.addLast(request);
    }

    /** Returns the request whose lease ends first, or {@code null} when no worker has any. */
    @Nullable
    QueuedRequest oldest() {
        return byLease.first();
    }

    /** Returns the request whose lease ends last; {@link QueuedRequest#previous} leads to the others. */
    @Nullable
    QueuedRequest newest() {
        return byLease.last();
    }

    /** Returns any request in flight, or {@code null} when there is none. */
    @Nullable
    QueuedRequest any() {
        return byLease.isEmpty() ? lent.first() : byLease.first();
    }

    /** Returns what the requests hold together, by their {@link QueuedRequest#bytes}. */
    long bytes() {
        return byLease.bytes() + lent.bytes();
    }

    int count() {
        return byLease.count() + lent.count();
    }
}
