package io.privateer.pirate;

/**
 * What {@link QueueMachine} needs to know of a {@link PirateQueueConfig}, in nanoseconds.
 *
 * @param heartbeats whether silence counts and beats are sent unasked; off for a Simple Pirate queue
 */
record QueueSettings(
        boolean heartbeats,
        long heartbeatNanos,
        int liveness,
        long leaseNanos,
        long disconnectGraceNanos,
        int deliveriesMax,
        int pendingMax,
        long pendingBytesMax,
        long requestTtlNanos,
        int workersMax) {

    /** Silence is looked for this many times per heartbeat, so that it is found at most that much late. */
    private static final int SWEEPS_PER_HEARTBEAT = 4;

    /** How many times the silence limit a silent worker is remembered, in case it is heard again. */
    private static final int SILENT_REMEMBERED = 10;

    long silenceNanos() {
        return liveness * heartbeatNanos;
    }

    long sweepNanos() {
        return heartbeatNanos / SWEEPS_PER_HEARTBEAT;
    }

    long forgetNanos() {
        return SILENT_REMEMBERED * silenceNanos();
    }
}
