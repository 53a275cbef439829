package io.privateer.pirate;

import org.jspecify.annotations.Nullable;

/**
 * Requests in order, linked through themselves: they join at both ends and leave from anywhere, each in constant time and
 * without allocation. A request is in one list at a time.
 */
final class RequestList {

    private @Nullable QueuedRequest first;
    private @Nullable QueuedRequest last;
    private int count;
    private long bytes;

    void addFirst(QueuedRequest request) {
        QueuedRequest after = first;
        request.next = after;
        first = request;
        if (after == null) {
            last = request;
        } else {
            after.previous = request;
        }
        counted(request, 1);
    }

    void addLast(QueuedRequest request) {
        QueuedRequest before = last;
        request.previous = before;
        last = request;
        if (before == null) {
            first = request;
        } else {
            before.next = request;
        }
        counted(request, 1);
    }

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
        counted(request, -1);
    }

    private void counted(QueuedRequest request, int change) {
        request.list = change > 0 ? this : null;
        count += change;
        bytes += change * request.bytes;
    }

    @Nullable
    QueuedRequest first() {
        return first;
    }

    @Nullable
    QueuedRequest last() {
        return last;
    }

    boolean isEmpty() {
        return first == null;
    }

    int count() {
        return count;
    }

    /** Returns what the requests in the list hold, by their {@link QueuedRequest#bytes}. */
    long bytes() {
        return bytes;
    }
}
