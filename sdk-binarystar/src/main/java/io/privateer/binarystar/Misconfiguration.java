package io.privateer.binarystar;

import org.jspecify.annotations.Nullable;

/** How two servers can be set up so that they are no pair. While it lasts, neither becomes active. */
public enum Misconfiguration {
    /** The server hears itself: its peer's address is its own. */
    PEER_IS_SELF,
    /** The two have different names of their pair: the peer's address is that of a server of another pair. */
    DIFFERENT_PAIRS,
    /** Both are configured as primary. */
    TWO_PRIMARIES,
    /** Both are configured as backup. */
    TWO_BACKUPS,
    /** The two have different modes. */
    DIFFERENT_MODES,
    /** The two have different heartbeats, failover times or leases. */
    DIFFERENT_TIMES,
    /** The two were told different addresses of their witness, so each may have one of its own. */
    DIFFERENT_WITNESSES;

    /** Returns what is wrong between two servers, the worst first, or {@code null}. */
    static @Nullable Misconfiguration between(StarSettings own, PeerState peer) {
        if (own.nodeId().equals(peer.nodeId())) {
            return PEER_IS_SELF;
        }
        if (!own.pair().equals(peer.pair())) {
            return DIFFERENT_PAIRS;
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
        if (!sameTimes) {
            return DIFFERENT_TIMES;
        }
        return own.witness().equals(peer.witness()) ? null : DIFFERENT_WITNESSES;
    }

    /** Returns the settings that differ, and both values of each, as a log line tells them. */
    String detail(StarSettings own, PeerState peer) {
        return switch (this) {
            case PEER_IS_SELF -> "peerState=own";
            case DIFFERENT_PAIRS -> differ("pair", own.pair(), peer.pair());
            case TWO_PRIMARIES, TWO_BACKUPS -> differ("role", own.role(), peer.role());
            case DIFFERENT_MODES -> differ("mode", own.mode(), peer.mode());
            case DIFFERENT_TIMES ->
                differ("heartbeatMillis", own.heartbeatMillis(), peer.heartbeatMillis()) + " "
                        + differ("failoverMillis", own.failoverMillis(), peer.failoverMillis()) + " "
                        + differ("leaseMillis", own.leaseMillis(), peer.leaseMillis());
            case DIFFERENT_WITNESSES -> differ("witness", own.witness(), peer.witness());
        };
    }

    private static String differ(String setting, Object own, Object peer) {
        String name = Character.toUpperCase(setting.charAt(0)) + setting.substring(1);
        return "own" + name + "=" + own + " peer" + name + "=" + peer;
    }

    /** Returns whether the sender is not the peer at all, so that nothing it says counts. */
    boolean isOfStranger() {
        return this == PEER_IS_SELF || this == DIFFERENT_PAIRS;
    }
}
