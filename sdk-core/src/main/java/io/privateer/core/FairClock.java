package io.privateer.core;

/**
 * The time by which a component judges its peers: the clock less all the time that the component itself stood still. A
 * queue that was frozen for a minute must not conclude that everybody else was silent for a minute.
 *
 * <p>It notices by its owner's sweeps, which are due regularly: one that comes late by more than the tolerance shows that
 * the process was stopped, starved or collecting garbage. Not thread-safe: belongs to one machine.
 */
public final class FairClock {

    private final long sweepNanos;
    private final long toleranceNanos;
    private long stoodStillNanos;
    private long sweepDueNanos;

    /** Starts at {@code nowNanos} with a sweep due every {@code sweepNanos}. */
    public FairClock(long nowNanos, long sweepNanos, long toleranceNanos) {
        this.sweepNanos = sweepNanos;
        this.toleranceNanos = toleranceNanos;
        this.sweepDueNanos = nowNanos + sweepNanos;
    }

    /** Takes note of the time; to be called first with every input. */
    public void observe(long nowNanos) {
        long lateNanos = nowNanos - sweepDueNanos;
        if (lateNanos > toleranceNanos) {
            stoodStillNanos += lateNanos;
            sweepDueNanos = nowNanos;
        }
    }

    /** Returns whether a sweep is due, and if so plans the next. */
    public boolean sweepDue(long nowNanos) {
        boolean due = nowNanos - sweepDueNanos >= 0;
        if (due) {
            sweepDueNanos = nowNanos + sweepNanos;
        }
        return due;
    }

    /** Returns when the next sweep is due, as the clock reads. */
    public long nextSweepNanos() {
        return sweepDueNanos;
    }

    /** Turns a reading of the clock into fair time. */
    public long fair(long nowNanos) {
        return nowNanos - stoodStillNanos;
    }

    /** Turns fair time into the reading of the clock at which it comes if the owner stands still no more. */
    public long unfair(long fairNanos) {
        return fairNanos + stoodStillNanos;
    }
}
