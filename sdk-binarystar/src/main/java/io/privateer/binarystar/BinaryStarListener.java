package io.privateer.binarystar;

import java.time.Duration;

/**
 * Hears what happens to one {@link BinaryStarServer}: each change once. Every method does nothing by default.
 *
 * <p>Methods run on the server's event loop and must not block. What one throws is counted in
 * {@link BinaryStarStats#listenerFailures()}, logged once, and otherwise ignored.
 */
public interface BinaryStarListener {

    /** The server went from one state to another. */
    default void onStateChanged(StateChanged event) {}

    /** The peer is there. */
    default void onPeerSeen() {}

    /**
     * The peer is gone.
     *
     * @param refused whether its process is known to have ended, rather than silent for the failover time
     */
    default void onPeerLost(boolean refused) {}

    /** The two servers are no pair as they are set up; neither becomes active until that ends. */
    default void onMisconfigured(Misconfiguration what) {}

    /** The two servers are set up as a pair again. */
    default void onMisconfigurationEnded() {}

    /**
     * Both servers were active at a time, and this one has stepped down for the other. Also where that cannot be ruled out: the
     * other one may have drawn its newer epoch in a takeover that it gave up, and have started again since.
     */
    default void onDiverged(Diverged event) {}

    /** What the service of a server that has diverged did meanwhile, which the other one does not know. */
    default void onDoneAlone(DoneAlone event) {}

    /** The epoch cannot be loaded or stored, so this server cannot become active. */
    default void onEpochProblem(String problem) {}

    /** The epoch can be stored again. */
    default void onEpochProblemEnded() {}

    /** The other server knows more, or less, of what the service of this one does. */
    default void onReplicationChanged(ReplicationState from, ReplicationState to) {}

    /** The event loop under the server has failed: it is dead. Restart the process. */
    default void onFailed(Throwable cause) {}

    /**
     * A change of state.
     *
     * @param epoch the server's own if it is active now, otherwise the newest it knows of
     * @param cause why
     */
    record StateChanged(StarState from, StarState to, long epoch, StarCause cause) {}

    /**
     * Two were active.
     *
     * @param ownEpoch what this server was active in
     * @param newerEpoch what it has learned of
     * @param aloneFor how long ago it had said what its peer had heard last of it, or had become active
     */
    record Diverged(long ownEpoch, long newerEpoch, Duration aloneFor) {}

    /**
     * What was done without the peer's knowledge.
     *
     * @param accepted requests taken
     * @param answered requests answered
     */
    record DoneAlone(long accepted, long answered) {}
}
