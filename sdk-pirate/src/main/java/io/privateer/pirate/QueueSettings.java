package io.privateer.pirate;

/**
 * What {@link QueueMachine} needs to know of a {@link PirateQueueConfig}, in nanoseconds.
 *
 * @param heartbeats whether silence counts and beats are sent unasked; off for a Simple Pirate queue
 * @param clientsMax most clients of PRV/1 that are remembered
 * @param retryAfterNanos what refused clients of PRV/1 are told
 * @param messageBytesMax what peers of PRV/1 are told
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
        long inFlightBytesMax,
        long requestTtlNanos,
        int workersMax,
        int clientsMax,
        Dedupe dedupe,
        long retryAfterNanos,
        int messageBytesMax) {

    /**
     * How much is kept of requests that have ended.
     *
     * @param countMax 0 keeps nothing
     */
    record Dedupe(int countMax, long bytesMax, long windowNanos) {}

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Silence is looked for this many times per heartbeat, so that it is found at most that much late. */
    private static final int SWEEPS_PER_HEARTBEAT = 4;

    /** How many times the silence limit a silent worker is remembered, in case it is heard again. */
    private static final int SILENT_REMEMBERED = 10;

    int heartbeatMillis() {
        return (int) (heartbeatNanos / NANOS_PER_MILLI);
    }

    int retryAfterMillis() {
        return (int) (retryAfterNanos / NANOS_PER_MILLI);
    }

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
