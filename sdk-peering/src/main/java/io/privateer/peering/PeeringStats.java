package io.privateer.peering;

import io.privateer.pirate.QueueStats;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a {@link PeeringBroker} and its peers stand, and what was counted since it started. Immutable.
 *
 * @param queue of the queue inside, with what was lent and borrowed
 * @param peers the brokers that are known, by name
 * @param statePublished messages on statebe; each goes to every peer
 * @param statePublishedBytes their length; what leaves is that for each peer
 * @param stateReceived messages of peers
 * @param stateReceivedBytes their length
 * @param stateMalformed messages and introductions that make no sense; dropped
 * @param listenerFailures exceptions thrown by the listener
 * @param stateStale messages that were older than what was known; ignored
 * @param namesTaken episodes in which two brokers had one name
 * @param otherVersions messages of a version that this broker does not know
 * @param peersRefused brokers and endpoints that were not taken for want of room
 */
public record PeeringStats(
        QueueStats queue,
        List<PeerStats> peers,
        long statePublished,
        long statePublishedBytes,
        long stateReceived,
        long stateReceivedBytes,
        long stateMalformed,
        long listenerFailures,
        long stateStale,
        long namesTaken,
        long otherVersions,
        long peersRefused) {

    public PeeringStats {
        peers = List.copyOf(peers);
    }

    /**
     * How one peer stands.
     *
     * @param silentFor how long ago it was heard last
     * @param credit how many requests of this broker it would hold, by service; none of the services that are not named
     * @param lent how many it holds
     */
    public record PeerStats(
            Peer peer, PeerLiveness liveness, Duration silentFor, Map<String, Integer> credit, int lent) {

        public PeerStats {
            credit = Map.copyOf(credit);
        }
    }
}
