package io.privateer.pirate;

import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/** The requests that one lender has, by the ids that it knows them by: they count up, for a lender takes them as a client's. */
final class Loans {

    private final Long2ObjectHashMap<QueuedRequest> open = new Long2ObjectHashMap<>();
    private long nextId = 1;
    private long firstOpenId = 1;

    void add(QueuedRequest request) {
        request.loanId = nextId++;
        open.put(request.loanId, request);
    }

    @Nullable
    QueuedRequest get(long id) {
        return open.get(id);
    }

    void remove(QueuedRequest request) {
        open.remove(request.loanId);
        request.loanId = QueueWorker.NONE;
        while (firstOpenId < nextId && !open.containsKey(firstOpenId)) {
            firstOpenId++;
        }
    }

    /** Returns the id below which the lender need keep nothing. */
    long firstOpenId() {
        return firstOpenId;
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
        for (long id = firstOpenId; id < nextId && all.size() < open.size(); id++) {
            QueuedRequest request = open.get(id);
            if (request != null) {
                all.add(request);
            }
        }
        return all;
    }
}
