package io.privateer.core.transport;

import java.util.PriorityQueue;

/**
 * A deadline on an {@link EventLoop}. Not thread-safe: confine to the loop's thread.
 *
 * <p>Moving the deadline is meant to be cheap and frequent. A later deadline leaves the timer where it is, so it may
 * fire early; whoever owns it looks at the clock and arms it again.
 */
public final class LoopTimer {

    private final Heap heap;
    private final Runnable action;
    private boolean armed;
    private long firesAtNanos;

    LoopTimer(Heap heap, Runnable action) {
        this.heap = heap;
        this.action = action;
    }

    /** Makes the timer fire no later than at {@code deadlineNanos}, a reading of the loop's clock; possibly early. */
    public void arm(long deadlineNanos) {
        if (armed && deadlineNanos - firesAtNanos >= 0) {
            return;
        }
        cancel();
        armed = true;
        firesAtNanos = deadlineNanos;
        heap.timers.add(this);
    }

    /** Makes the timer not fire until it is armed again. */
    public void cancel() {
        if (armed) {
            armed = false;
            heap.timers.remove(this);
        }
    }

    /** The timers of one loop, the earliest first. */
    static final class Heap {
        private static final long NANOS_PER_MILLI = 1_000_000;
        private static final long WAIT_MILLIS_MAX = 60_000;

        private final PriorityQueue<LoopTimer> timers =
                new PriorityQueue<>((a, b) -> Long.signum(a.firesAtNanos - b.firesAtNanos));

        /** Fires what is due and returns how many timers that were. A timer armed meanwhile waits for the next turn. */
        int fire(long nowNanos) {
            int fired = 0;
            int due = timers.size();
            LoopTimer next = timers.peek();
            while (next != null && fired < due && nowNanos - next.firesAtNanos >= 0) {
                timers.remove();
                next.armed = false;
                next.action.run();
                fired++;
                next = timers.peek();
            }
            return fired;
        }

        /** Returns the milliseconds to the next deadline, from 0, rounded up: rounding down would spin. */
        long millisToNext(long nowNanos) {
            LoopTimer next = timers.peek();
            if (next == null) {
                return WAIT_MILLIS_MAX;
            }
            long leftNanos = next.firesAtNanos - nowNanos;
            return leftNanos <= 0
                    ? 0
                    : Math.min(WAIT_MILLIS_MAX, Math.floorDiv(leftNanos + NANOS_PER_MILLI - 1, NANOS_PER_MILLI));
        }
    }
}
