package io.privateer.peering;

import io.privateer.core.wire.PeerId;
import io.privateer.peering.CapacityMessage.Service;
import io.privateer.pirate.Lending.Credit;
import java.util.List;
import java.util.Map;

/**
 * How a peer stands. Immutable.
 *
 * @param incarnation the life of it that is heard
 * @param silentNanos how long ago it was heard last, in fair time
 * @param services what it said of its workers last
 * @param credit how many requests of ours it may have, of each service; without those of which it may have none
 */
record PeerView(
        Peer peer,
        PeerId incarnation,
        PeerLiveness liveness,
        long silentNanos,
        List<Service> services,
        Map<String, Credit> credit) {}
