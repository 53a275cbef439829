package io.privateer.pirate;

import io.privateer.core.internal.Deadlines;

/**
 * A worker of PRV/1 that leaves in order says DRAIN, on each connection anew, and the queue answers behind the last delivery.
 * Belongs to {@link PrvWorkerMachine}.
 */
final class WorkerDrain {

    private boolean begun;
    private boolean answered;
    private long endsNanos;

    /** Returns whether that is news. */
    boolean begin() {
        boolean news = !begun;
        begun = true;
        return news;
    }

    boolean isBegun() {
        return begun;
    }

    /** DRAIN is said, and waits for its answer until then. */
    void said(long untilNanos) {
        answered = false;
        endsNanos = untilNanos;
    }

    void answered() {
        answered = true;
    }

    /** Returns whether a delivery may still be on its way; once it is too late for an answer, none is waited for. */
    boolean expectsAnswer(long nowNanos) {
        answered |= nowNanos - endsNanos >= 0;
        return !answered;
    }

    /** Returns when nothing is expected any more, if that is before {@code nanos}. */
    long earlierDeadline(long nanos) {
        return begun && !answered ? Deadlines.earlier(nanos, endsNanos) : nanos;
    }
}
