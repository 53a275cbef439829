package io.privateer.pipeline;

/** What a ventilator or sink knows of when one of its peers spoke last. Not thread-safe. */
final class ClientPulse {

    private static final long MILLI_NANOS = 1_000_000;

    private final long silenceNanos;
    private long heardAtFairNanos;

    ClientPulse(long ownHeartbeatNanos, int liveness, int heartbeatMillis, long fairNanos) {
        this.silenceNanos = liveness * Math.max(ownHeartbeatNanos, heartbeatMillis * MILLI_NANOS);
        this.heardAtFairNanos = fairNanos;
    }

    void onHeard(long fairNanos) {
        heardAtFairNanos = fairNanos;
    }

    boolean isSilent(long fairNanos) {
        return fairNanos - heardAtFairNanos - silenceNanos >= 0;
    }
}
