package io.privateer.pubsub;

/**
 * How late what is published arrives, and how old it gets here, by the monotonic clocks of both sides alone.
 *
 * <p>The difference of the two clocks is unknown, but constant apart from drift: the smallest delay of late, which is that
 * difference and the way on an idle network, is taken for zero. "Of late" is one to two windows, so that drift is not taken for
 * lateness; who is late all that time by the same amount is taken for punctual. Not thread-safe.
 */
final class LagMeter {

    private final long windowNanos;
    private boolean hasBase;
    private long windowEndNanos;
    private long presentMinNanos;
    private long formerMinNanos;

    LagMeter(long windowNanos) {
        this.windowNanos = windowNanos;
    }

    /** Notes that what was sent at {@code stampNanos}, by the publisher's clock, has arrived. */
    void onArrival(long stampNanos, long nowNanos) {
        long delay = nowNanos - stampNanos;
        if (!hasBase) {
            hasBase = true;
            windowEndNanos = nowNanos + windowNanos;
            presentMinNanos = delay;
            formerMinNanos = delay;
        } else if (nowNanos - windowEndNanos >= 0) {
            windowEndNanos = nowNanos + windowNanos;
            formerMinNanos = presentMinNanos;
            presentMinNanos = delay;
        } else if (delay - presentMinNanos < 0) {
            presentMinNanos = delay;
        }
    }

    /** Returns how many nanoseconds longer than it must what was sent at {@code stampNanos} has been on its way; from 0. */
    long ageNanos(long stampNanos, long nowNanos) {
        if (!hasBase) {
            return 0;
        }
        long base = formerMinNanos - presentMinNanos < 0 ? formerMinNanos : presentMinNanos;
        return Math.max(0, nowNanos - stampNanos - base);
    }

    /** Forgets everything: another publisher has another clock. */
    void reset() {
        hasBase = false;
    }
}
