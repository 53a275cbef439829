package io.privateer.binarystar;

/**
 * Says to the peer where this server stands, at once when that changes and otherwise twice per heartbeat: a pause of half
 * the failover time must not look like the whole. Belongs to {@link BinaryStarMachine}.
 */
final class StateSender {

    private final StarSettings settings;
    private final PeerWatch peer;
    private final LeaseBook leases;
    private final BinaryStarPort port;
    private long sequence;
    private long beatAtNanos;

    StateSender(StarSettings settings, long nowNanos, PeerWatch peer, LeaseBook leases, BinaryStarPort port) {
        this.settings = settings;
        this.peer = peer;
        this.leases = leases;
        this.port = port;
        this.sequence = settings.nodeId().low() >>> 2; // Another in each life: what one is promised is no other's.
        this.beatAtNanos = nowNanos;
    }

    /** Says nothing until the next beat. */
    void keepSilent(long nowNanos) {
        beatAtNanos = nowNanos + Math.max(1, settings.heartbeatNanos() / 2);
    }

    void send(long nowNanos, StarState state, long epoch, boolean canServe) {
        sequence++;
        leases.onSent(nowNanos, sequence);
        keepSilent(nowNanos);
        port.sendState(new PeerState(
                settings.role(),
                state,
                epoch,
                settings.nodeId(),
                settings.mode(),
                settings.heartbeatMillis(),
                settings.failoverMillis(),
                settings.leaseMillis(),
                canServe,
                sequence,
                peer.isFrom(PeerState.GUIDE) ? 0 : peer.lastSequence(),
                settings.frontend(),
                settings.pair(),
                settings.witness()));
    }

    /** Returns the number of the last state sent. */
    long sequence() {
        return sequence;
    }

    long nextSequence() {
        return sequence + 1;
    }

    long beatAtNanos() {
        return beatAtNanos;
    }
}
