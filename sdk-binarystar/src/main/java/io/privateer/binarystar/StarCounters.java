package io.privateer.binarystar;

/** What a server counts of what passes its sockets. Not thread-safe: confine to the loop's thread. */
final class StarCounters {

    long statesSent;
    long statesReceived;
    long malformed;
    long votes;
    long activations;

    /** Returns all of it, and how the server stands. */
    BinaryStarStats snapshot(
            BinaryStarMachine machine,
            Role role,
            boolean serving,
            long listenerFailures,
            ReplicationState replication,
            long nowNanos) {
        PeerState peer = machine.peer().last();
        return new BinaryStarStats(
                role,
                machine.state(),
                machine.newestEpoch(),
                serving,
                machine.canServe(nowNanos),
                peer == null ? null : peer.state(),
                machine.peer().isGone(nowNanos),
                machine.peer().misconfiguration(),
                activations,
                votes,
                statesSent,
                statesReceived,
                malformed + machine.epochsRefused(),
                listenerFailures,
                replication);
    }
}
