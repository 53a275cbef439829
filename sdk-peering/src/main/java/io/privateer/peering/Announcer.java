package io.privateer.peering;

/**
 * Decides when a broker speaks, and counts what it says: on every change, but not again within the shortest interval, and without
 * one at every beat; in full at every interval, and when somebody new may listen. Not thread-safe: belongs to one machine.
 */
final class Announcer {

    private final PeeringSettings settings;
    private boolean speaks;
    private boolean leaving;
    private boolean changed;
    private boolean wantsFull;
    private long sequence;
    private long saidNanos;
    private long saidFullNanos;

    Announcer(PeeringSettings settings) {
        this.settings = settings;
    }

    /** A new life begins to speak. */
    void start(long nowNanos) {
        speaks = true;
        leaving = false;
        sequence = 0;
        saidNanos = nowNanos - settings.stateMinIntervalNanos();
        wantFull();
    }

    void stop() {
        speaks = false;
    }

    /** From here on it says that it leaves, and at once. */
    void leave(long nowNanos) {
        leaving = true;
        changed = true;
        saidNanos = nowNanos - settings.stateMinIntervalNanos();
    }

    boolean speaks() {
        return speaks;
    }

    boolean isLeaving() {
        return leaving;
    }

    void change() {
        changed = true;
    }

    void wantFull() {
        changed = true;
        wantsFull = true;
    }

    boolean isDue(long nowNanos) {
        return speaks && nowNanos - dueNanos() >= 0;
    }

    /** Returns when it is due to speak, if it speaks at all. */
    long dueNanos() {
        if (changed) {
            return saidNanos + settings.stateMinIntervalNanos();
        }
        long beatNanos = saidNanos + settings.beatNanos();
        long fullNanos = saidFullNanos + settings.stateIntervalNanos();
        return fullNanos - beatNanos < 0 ? fullNanos : beatNanos;
    }

    boolean isFullDue(long nowNanos) {
        return wantsFull || nowNanos - saidFullNanos - settings.stateIntervalNanos() >= 0;
    }

    /** Notes that it speaks, and returns the number of what it says. */
    long say(long nowNanos, boolean full) {
        changed = false;
        saidNanos = nowNanos;
        if (full) {
            wantsFull = false;
            saidFullNanos = nowNanos;
        }
        sequence++;
        return sequence;
    }
}
