package io.privateer.binarystar;

import org.jspecify.annotations.Nullable;

/** How two servers can be set up so that they are no pair. While it lasts, neither becomes active. */
public enum Misconfiguration {
    /** The server hears itself: its peer's address is its own. */
    PEER_IS_SELF,
    /** Both are configured as primary. */
    TWO_PRIMARIES,
    /** Both are configured as backup. */
    TWO_BACKUPS,
    /** The two have different modes. */
    DIFFERENT_MODES,
    /** The two have different heartbeats, failover times or leases. */
    DIFFERENT_TIMES;

    /** Returns what is wrong between two servers, the worst first, or {@code null}. */
    static @Nullable Misconfiguration between(StarSettings own, PeerState peer) {
        if (own.nodeId().equals(peer.nodeId())) {
            return PEER_IS_SELF;
        }
        if (own.role() == peer.role()) {
            return own.role() == Role.PRIMARY ? TWO_PRIMARIES : TWO_BACKUPS;
        }
        if (own.mode() != peer.mode()) {
            return DIFFERENT_MODES;
        }
        boolean sameTimes = own.heartbeatMillis() == peer.heartbeatMillis()
                && own.failoverMillis() == peer.failoverMillis()
                && own.leaseMillis() == peer.leaseMillis();
        return sameTimes ? null : DIFFERENT_TIMES;
    }
}
