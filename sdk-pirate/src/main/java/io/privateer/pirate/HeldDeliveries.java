package io.privateer.pirate;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries that a worker holds, in the order of their arrival, chained through themselves: nothing is allocated, and
 * any can leave in constant time. Not thread-safe.
 */
final class HeldDeliveries {

    private @Nullable PrvDelivery first;
    private @Nullable PrvDelivery last;

    /** The first whose handler has not been called; so have those behind it not. */
    private @Nullable PrvDelivery firstWaiting;

    private int size;

    int size() {
        return size;
    }

    /** Adds one that waits, behind all others. */
    void add(PrvDelivery delivery) {
        delivery.before = last;
        if (last == null) {
            first = delivery;
        } else {
            last.behind = delivery;
        }
        last = delivery;
        if (firstWaiting == null) {
            firstWaiting = delivery;
        }
        size++;
    }

    /** Returns the one that has waited longest, which waits no longer but is still held; {@code null} if none waits. */
    @Nullable
    PrvDelivery startNext() {
        PrvDelivery next = firstWaiting;
        while (next != null && next.state != PrvDelivery.State.WAITING) {
            next = next.behind; // Cancelled before its turn; its reply waits for a connection.
        }
        firstWaiting = next == null ? null : next.behind;
        return next;
    }

    /** Takes out one that is held. */
    void remove(PrvDelivery delivery) {
        PrvDelivery before = delivery.before;
        PrvDelivery behind = delivery.behind;
        if (delivery == firstWaiting) {
            firstWaiting = behind;
        }
        if (before == null) {
            first = behind;
        } else {
            before.behind = behind;
        }
        if (behind == null) {
            last = before;
        } else {
            behind.before = before;
        }
        delivery.before = null;
        delivery.behind = null;
        size--;
    }

    /** Returns the one with this id, or {@code null}; looks at all of them. */
    @Nullable
    PrvDelivery find(long id) {
        PrvDelivery delivery = first;
        while (delivery != null && delivery.id != id) {
            delivery = delivery.behind;
        }
        return delivery;
    }

    /** Shows all to {@code action}, which may take out the one that it is shown. */
    void forEach(Consumer<PrvDelivery> action) {
        PrvDelivery delivery = first;
        while (delivery != null) {
            PrvDelivery behind = delivery.behind;
            action.accept(delivery);
            delivery = behind;
        }
    }

    /** Returns the ids of all. */
    long[] ids() {
        long[] ids = new long[size];
        int i = 0;
        for (PrvDelivery delivery = first; delivery != null; delivery = delivery.behind) {
            ids[i++] = delivery.id;
        }
        return ids;
    }
}
