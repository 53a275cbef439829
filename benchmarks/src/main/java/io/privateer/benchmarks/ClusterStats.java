package io.privateer.benchmarks;

import io.privateer.peering.PeerLiveness;
import io.privateer.peering.PeeringStats;
import io.privateer.pirate.QueueStats;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a benchmark wants to know of a broker, as its process says it. Immutable.
 *
 * @param workers of its own
 * @param creditByPeer what each peer that is present would hold of this broker's requests
 * @param lentByPeer what each peer holds of them
 * @param stateMessages said since the broker started
 * @param stateBytes their length; each goes to every peer
 * @param lent requests sent to peers
 * @param refused those of them that a peer had no worker for
 * @param returned deliveries, to workers or peers, that came back without a reply
 * @param turnedBack requests of peers that this broker had no worker for
 */
record ClusterStats(
        int workers,
        Map<String, Integer> creditByPeer,
        Map<String, Integer> lentByPeer,
        long stateMessages,
        long stateBytes,
        long accepted,
        long lent,
        long refused,
        long returned,
        long turnedBack) {

    static ClusterStats of(PeeringStats stats) {
        QueueStats queue = stats.queue();
        return new ClusterStats(
                queue.workers(),
                stats.peers().stream()
                        .filter(peer -> peer.liveness() == PeerLiveness.PRESENT)
                        .collect(Collectors.toMap(peer -> peer.peer().name(), peer -> peer.credit().values().stream()
                                .mapToInt(Integer::intValue)
                                .sum())),
                stats.peers().stream()
                        .collect(Collectors.toMap(peer -> peer.peer().name(), PeeringStats.PeerStats::lent)),
                stats.statePublished(),
                stats.statePublishedBytes(),
                queue.accepted(),
                queue.lent(),
                queue.refusedByLenders(),
                queue.returned(),
                queue.turnedBack());
    }

    int credit() {
        return creditByPeer.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Returns how many requests went to peers that the peers took. */
    long forwarded() {
        return lent - refused;
    }

    /** Returns these counts since {@code earlier}; what stands rather than counts is as it is now. */
    ClusterStats since(ClusterStats earlier) {
        return new ClusterStats(
                workers,
                creditByPeer,
                lentByPeer,
                stateMessages - earlier.stateMessages,
                stateBytes - earlier.stateBytes,
                accepted - earlier.accepted,
                lent - earlier.lent,
                refused - earlier.refused,
                returned - earlier.returned,
                turnedBack - earlier.turnedBack);
    }

    /** Returns the bytes of state that left for all peers. */
    long stateBytesSent() {
        return stateBytes * creditByPeer.size();
    }
}
