package io.privateer.binarystar;

import org.jspecify.annotations.Nullable;

/**
 * How a {@link BinaryStarServer} stands, and what it has counted since it started. Immutable.
 *
 * @param role what it is configured to be
 * @param state where it stands
 * @param epoch its own while it is active, otherwise the newest it knows of
 * @param serving whether its service may answer clients now
 * @param canServe whether it could become active, as it tells its peer: its epoch can be stored, its service has not ended, and
 *     it does not wait for a witness that does not answer
 * @param peerState where the peer stood when it was heard last, or {@code null} if it never was
 * @param peerGone whether the peer is silent for the failover time, or refuses connections
 * @param misconfiguration how the two servers are no pair, or {@code null}
 * @param activations how often it became active
 * @param votes requests and votes of clients that came while it was not active
 * @param statesSent messages about its state that were sent
 * @param statesReceived messages about its peer's state that came
 * @param malformed messages that are none of these, or tell of an epoch that cannot be; dropped
 * @param listenerFailures exceptions thrown by the listener
 * @param replication how far the other server knows what the service of this one does
 */
public record BinaryStarStats(
        Role role,
        StarState state,
        long epoch,
        boolean serving,
        boolean canServe,
        @Nullable StarState peerState,
        boolean peerGone,
        @Nullable Misconfiguration misconfiguration,
        long activations,
        long votes,
        long statesSent,
        long statesReceived,
        long malformed,
        long listenerFailures,
        ReplicationState replication) {}
