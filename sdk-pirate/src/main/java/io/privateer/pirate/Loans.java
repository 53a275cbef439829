package io.privateer.pirate;

import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The requests that one lender has, by the ids that it knows them by. A lender takes them for a client's, so ids count up, and
 * none is ever used again under one client id: not even by the next {@link Lender} that stands for the same cluster.
 */
final class Loans {

    private final Long2ObjectHashMap<QueuedRequest> open = new Long2ObjectHashMap<>();

    /** The ids in their order; some of them may not be open any more, but the first always is. */
    private final LongArrayQueue ids = new LongArrayQueue(QueueWorker.NONE);

    private long nextId;

    /** @param firstId no lender knows this one, or any beyond */
    Loans(long firstId) {
        this.nextId = firstId;
    }

    /** @param id greater than any before */
    void add(QueuedRequest request, long id) {
        request.loanId = id;
        nextId = id + 1;
        open.put(id, request);
        ids.addLong(id);
    }

    @Nullable
    QueuedRequest get(long id) {
        return open.get(id);
    }

    void remove(QueuedRequest request) {
        open.remove(request.loanId);
        request.loanId = QueueWorker.NONE;
        while (!ids.isEmpty() && !open.containsKey(ids.peekLong())) {
            ids.pollLong();
        }
    }

    /** Returns the id below which the lender need keep nothing. */
    long firstOpenId() {
        return ids.isEmpty() ? nextId : ids.peekLong();
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    int count() {
        return open.size();
    }

    /** Returns what is open, the oldest loan first; not a view. */
    List<QueuedRequest> oldestFirst() {
        List<QueuedRequest> all = new ArrayList<>(open.size());
        ids.forEachLong(id -> {
            QueuedRequest request = open.get(id);
            if (request != null) {
                all.add(request);
            }
        });
        return all;
    }
}
