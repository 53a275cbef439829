package io.privateer.chaos.process;

import io.privateer.chaos.process.Operation.Kind;
import java.util.ArrayList;
import java.util.List;

/** What clients saw, in order. Thread-safe. */
final class History {

    private final List<Operation> operations = new ArrayList<>();
    private long lastRequestId;
    private long answered;

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

    /** Returns how many requests were answered so far. */
    synchronized long answered() {
        return answered;
    }
}
