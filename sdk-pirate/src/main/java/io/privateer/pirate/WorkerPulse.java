package io.privateer.pirate;

import io.privateer.core.Settings;
import io.privateer.core.internal.Deadlines;

/** When a worker of PRV/1 has to beat, and when its queue counts as silent. Belongs to {@link PrvWorkerMachine}. */
final class WorkerPulse {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int HEARTBEAT_MILLIS_MIN = 10;
    private static final int HEARTBEAT_MILLIS_MAX = 3_600_000;
    private static final long SILENCE_NANOS_MAX = Settings.DURATION_MAX.toNanos();

    private final int liveness;
    private long heartbeatNanos;
    private long beatDueNanos;
    private long silentAtNanos;

    /** @param heartbeatNanos until a queue says how often it wants to be heard */
    WorkerPulse(long heartbeatNanos, int liveness) {
        this.heartbeatNanos = heartbeatNanos;
        this.liveness = liveness;
    }

    /** A connection is opened, and may take {@code patienceNanos} longer than the queue may be silent. */
    void begin(long nowNanos, long patienceNanos) {
        silentAtNanos = nowNanos + silenceNanos() + patienceNanos;
        beatDueNanos = nowNanos + heartbeatNanos;
    }

    /** The queue says how often it wants to be heard, and will be. */
    void follow(long nowNanos, int heartbeatMillis) {
        long millis = Math.max(HEARTBEAT_MILLIS_MIN, Math.min(HEARTBEAT_MILLIS_MAX, heartbeatMillis));
        heartbeatNanos = millis * NANOS_PER_MILLI;
        beatDueNanos = nowNanos + heartbeatNanos;
    }

    void heard(long nowNanos) {
        silentAtNanos = nowNanos + silenceNanos();
    }

    boolean isSilent(long nowNanos) {
        return nowNanos - silentAtNanos >= 0;
    }

    /** Returns whether a beat is due; the next one is due an interval later. */
    boolean takeBeat(long nowNanos) {
        boolean due = nowNanos - beatDueNanos >= 0;
        if (due) {
            beatDueNanos = nowNanos + heartbeatNanos;
        }
        return due;
    }

    long nextDeadlineNanos() {
        return Deadlines.earlier(beatDueNanos, silentAtNanos);
    }

    long heartbeatNanos() {
        return heartbeatNanos;
    }

    private long silenceNanos() {
        return Math.min(liveness, SILENCE_NANOS_MAX / heartbeatNanos) * heartbeatNanos;
    }
}
