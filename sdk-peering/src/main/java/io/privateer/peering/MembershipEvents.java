package io.privateer.peering;

import io.privateer.core.wire.PeerId;

/** Is told, once each, what becomes of the peers of {@link Membership}. None of it calls back into the machine. */
interface MembershipEvents {

    void onEntered(Peer peer, PeerId incarnation);

    /** A peer is heard less than it was, or again. */
    void onLiveness(Peer peer, PeerLiveness from, PeerLiveness to, long silentNanos);

    void onExited(Peer peer, PeerLiveness from, ExitCause cause);

    /** Once per episode; see {@link PeeringListener.Misconfigured}. */
    void onMisconfigured(PeeringMisconfiguration what, String name, String endpoint);

    /** Likewise: who is at {@code endpoint} speaks a version that nobody here understands. */
    void onUnknownVersion(String endpoint, int version);
}
