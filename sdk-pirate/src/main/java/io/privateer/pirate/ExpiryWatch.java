package io.privateer.pirate;

import io.privateer.core.internal.Deadlines;
import java.util.ArrayList;
import java.util.List;

/** Knows when the next waiting request may have waited too long, and finds those that have. Belongs to {@link RequestLedger}. */
final class ExpiryWatch {

    /** Looking for what has expired means looking at all that waits, so it is not done more often. */
    private static final long INTERVAL_NANOS_MIN = 5_000_000L;

    private boolean mayExpire;
    private long nextNanos;

    void waits(QueuedRequest request) {
        long expiresNanos = request.acceptedAtNanos + request.ttlNanos;
        nextNanos = mayExpire ? Deadlines.earlier(nextNanos, expiresNanos) : expiresNanos;
        mayExpire = true;
    }

    /** Returns when to look next, if that is before {@code nanos}. */
    long earlier(long nanos) {
        return mayExpire ? Deadlines.earlier(nanos, nextNanos) : nanos;
    }

    /** Returns what has waited too long, wherever it stands. */
    List<QueuedRequest> expired(Iterable<Service> services, long nowNanos) {
        if (!mayExpire || nowNanos - nextNanos < 0) {
            return List.of();
        }
        mayExpire = false;
        List<QueuedRequest> expired = new ArrayList<>(0);
        for (Service service : services) {
            for (RequestList list : service.lists()) {
                for (QueuedRequest request = list.first(); request != null; request = request.next) {
                    if (request.isExpired(nowNanos)) {
                        expired.add(request);
                    } else {
                        waits(request);
                    }
                }
            }
        }
        if (mayExpire && nextNanos - nowNanos < INTERVAL_NANOS_MIN) {
            nextNanos = nowNanos + INTERVAL_NANOS_MIN;
        }
        return expired;
    }
}
