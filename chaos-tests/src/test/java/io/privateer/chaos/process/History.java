package io.privateer.chaos.process;

import io.privateer.chaos.process.Operation.Kind;
import java.util.ArrayList;
import java.util.List;

/** What clients saw, in order. Thread-safe. */
final class History {

    private final List<Operation> operations = new ArrayList<>();
    private long lastRequestId;
    private long answered;

    History() {
        this(0);
    }

    /** @param lastRequestId what the ids of requests begin behind */
    History(long lastRequestId) {
        this.lastRequestId = lastRequestId;
    }

    /** Notes that a request begins, and returns its id. */
    synchronized long invoke() {
        lastRequestId++;
        operations.add(new Operation(Kind.INVOKE, lastRequestId, "", System.nanoTime()));
        return lastRequestId;
    }

    synchronized void end(Kind kind, long requestId, String detail) {
        operations.add(new Operation(kind, requestId, detail, System.nanoTime()));
        answered += kind == Kind.OK ? 1 : 0;
    }

    synchronized List<Operation> operations() {
        return List.copyOf(operations);
    }

    /** Returns those behind the first {@code count}. */
    synchronized List<Operation> operationsBehind(int count) {
        return List.copyOf(operations.subList(count, operations.size()));
    }

    /** Returns how many requests were answered so far. */
    synchronized long answered() {
        return answered;
    }
}
