package io.privateer.binarystar;

import io.privateer.core.wire.PeerId;

/**
 * What a {@link BinaryStarMachine} has to know of its configuration; whoever makes one has checked it. Immutable.
 *
 * @param pair the name of the pair, by which a witness and its servers tell several apart
 * @param nodeId this life of the process; made anew at every start
 * @param heartbeatNanos the state is said twice in this time
 * @param failoverNanos after which silence the peer counts as gone; twice the heartbeat by default
 * @param leaseNanos how long a promise lasts; 0 without a witness
 * @param driftPpm by how many millionths the rates of two clocks may differ
 * @param soloAfterNanos after which time since the start a backup may serve without ever having heard of a primary;
 *     negative for never
 * @param links how many state links there are
 * @param frontend where clients find this server; may be empty
 * @param witness where the witness is, as it was told; empty without one
 */
record StarSettings(
        String pair,
        Role role,
        StarMode mode,
        PeerId nodeId,
        long heartbeatNanos,
        long failoverNanos,
        long leaseNanos,
        int driftPpm,
        long soloAfterNanos,
        int links,
        String frontend,
        String witness) {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long MILLION = 1_000_000;

    int heartbeatMillis() {
        return millis(heartbeatNanos);
    }

    int failoverMillis() {
        return millis(failoverNanos);
    }

    int leaseMillis() {
        return hasWitness() ? millis(leaseNanos) : 0;
    }

    boolean hasWitness() {
        return mode == StarMode.PAIR_WITH_WITNESS;
    }

    /** Returns how long a holder counts on a promise, from when it asked: less than it was given, for its clock may lag. */
    long heldNanos() {
        return leaseNanos - leaseNanos / MILLION * driftPpm - leaseNanos % MILLION * driftPpm / MILLION;
    }

    private static int millis(long nanos) {
        return (int) Math.max(1, Math.min(nanos / NANOS_PER_MILLI, Integer.MAX_VALUE));
    }
}
