package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for a worker, in order, and what each client that may vanish has in the queue at all.
 *
 * <p>A linked list through the requests themselves: they join at both ends and leave from anywhere, each in constant
 * time, however many clients vanish at once.
 */
final class PendingRequests {

    /** Only clients whose identity dies with their connection: the others may come back for their replies. */
    private final Map<Identity, Set<QueuedRequest>> byClient = new HashMap<>();

    private @Nullable QueuedRequest first;
    private @Nullable QueuedRequest last;
    private int count;
    private long bytes;

    /** Notes that the queue has taken on {@code request}, until {@link #ended}. */
    void accepted(QueuedRequest request) {
        if (!request.client.survivesReconnect()) {
            byClient.computeIfAbsent(request.client, absent -> new LinkedHashSet<>(2))
                    .add(request);
        }
    }

    /** Notes that {@code request} is no longer the queue's. */
    void ended(QueuedRequest request) {
        Set<QueuedRequest> ofClient = byClient.get(request.client);
        if (ofClient != null && ofClient.remove(request) && ofClient.isEmpty()) {
            byClient.remove(request.client);
        }
    }

    /** Returns and forgets what a client that is gone has in the queue, waiting or delivered. */
    Set<QueuedRequest> takeAllOf(Identity client) {
        Set<QueuedRequest> all = byClient.remove(client);
        return all == null ? Set.of() : all;
    }

    /** For a new request. */
    void addLast(QueuedRequest request) {
        QueuedRequest before = last;
        request.previous = before;
        last = request;
        if (before == null) {
            first = request;
        } else {
            before.next = request;
        }
        counted(request, true);
    }

    /** For a delivery that came back: it has waited before. */
    void addFirst(QueuedRequest request) {
        QueuedRequest after = first;
        request.next = after;
        first = request;
        if (after == null) {
            last = request;
        } else {
            after.previous = request;
        }
        counted(request, true);
    }

    /** Takes out a request that waits; the caller knows that it does. */
    void remove(QueuedRequest request) {
        QueuedRequest before = request.previous;
        QueuedRequest after = request.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        request.previous = null;
        request.next = null;
        counted(request, false);
    }

    private void counted(QueuedRequest request, boolean waiting) {
        request.waiting = waiting;
        count += waiting ? 1 : -1;
        bytes += waiting ? request.bytes : -request.bytes;
    }

    /** Returns the request that waits at the front, or {@code null} when none waits. */
    @Nullable
    QueuedRequest first() {
        return first;
    }

    int count() {
        return count;
    }

    long bytes() {
        return bytes;
    }
}
