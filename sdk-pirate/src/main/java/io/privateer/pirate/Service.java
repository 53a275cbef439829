package io.privateer.pirate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for the workers of one service. What has come back goes first; then the clients take turns, so
 * that one that asks for a lot delays itself and not the others. Mutable; belongs to {@link QueueMachine}.
 */
final class Service {

    final String name;
    final byte[] nameBytes;

    /** Workers that would begin at once with a request; and those that are busy, and would hold it until they can. */
    final WorkerLine free = new WorkerLine();

    final WorkerLine fetchingAhead = new WorkerLine();

    /** The lenders that offer it, or have offered it. */
    final List<QueueWorker> lenders = new ArrayList<>(0);

    /** How many workers offer it. */
    int workers;

    /** How many of its requests are in the hands of workers, which may offer another service by now. */
    int inFlight;

    /** How many of its requests wait, and how many of these are borrowers'. */
    int waiting;

    int waitingBorrowed;

    /** It stands among those that the dispatcher holds back. {@link Dispatcher} alone touches it. */
    boolean heldBack;

    /**
     * What was too large for every lender that had room, the longest set aside first: it waits for a worker of the queue's own or for
     * another lender, and what is behind it goes on.
     */
    final RequestList tooLargeToLend = new RequestList();

    private final RequestList returned = new RequestList();
    private final ArrayDeque<ClientLine> lines = new ArrayDeque<>();

    Service(String name) {
        this.name = name;
        this.nameBytes = name.getBytes(StandardCharsets.UTF_8);
    }

    /** For a new request. */
    void addLast(QueuedRequest request) {
        ClientLine line = request.line();
        if (line.waiting.isEmpty()) {
            lines.add(line);
        }
        line.waiting.addLast(request);
        counted(request, 1);
    }

    /** For one that has come back from a worker. */
    void addFirst(QueuedRequest request) {
        returned.addFirst(request);
        counted(request, 1);
    }

    /** Lets what is behind {@link #first} go on without it. */
    void setAside(QueuedRequest request) {
        removeFirst(request);
        tooLargeToLend.addLast(request);
        counted(request, 1);
    }

    /** Returns whose turn it is, or {@code null} when nothing waits that is not set aside. */
    @Nullable
    QueuedRequest first() {
        QueuedRequest request = returned.first();
        if (request != null) {
            return request;
        }
        ClientLine line = lines.peek();
        return line == null ? null : line.waiting.first();
    }

    /** Returns a request that waits, or {@code null} when nothing does. */
    @Nullable
    QueuedRequest any() {
        QueuedRequest first = first();
        return first == null ? tooLargeToLend.first() : first;
    }

    /** Takes out {@link #first}, or one that is set aside; the next turn is another client's. */
    void removeFirst(QueuedRequest request) {
        RequestList list = request.list;
        if (list == returned || list == tooLargeToLend) {
            list.remove(request);
        } else {
            ClientLine line = lines.remove();
            line.waiting.remove(request);
            if (!line.waiting.isEmpty()) {
                lines.add(line);
            }
        }
        counted(request, -1);
    }

    /** Takes out any request that waits here. */
    void remove(QueuedRequest request) {
        ClientLine line = request.line();
        RequestList list = request.list;
        if (list == returned || list == tooLargeToLend) {
            list.remove(request);
        } else {
            line.waiting.remove(request);
            if (line.waiting.isEmpty()) {
                lines.remove(line);
            }
        }
        counted(request, -1);
    }

    /** Returns all lists that requests wait in. */
    Iterable<RequestList> lists() {
        ArrayDeque<RequestList> lists = new ArrayDeque<>(lines.size() + 2);
        lists.add(returned);
        lists.add(tooLargeToLend);
        lines.forEach(line -> lists.add(line.waiting));
        return lists;
    }

    private void counted(QueuedRequest request, int change) {
        waiting += change;
        waitingBorrowed += request.borrowed ? change : 0;
        request.client().waiting += change;
        request.client().waitingBytes += change * request.bytes;
    }

    boolean isUnused() {
        return workers == 0 && lenders.isEmpty() && inFlight == 0 && !heldBack && any() == null;
    }
}
