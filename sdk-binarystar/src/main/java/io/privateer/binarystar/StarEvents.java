package io.privateer.binarystar;

import io.privateer.core.wire.PeerId;

/** Is told, once each, what happens at {@link BinaryStarMachine}. None of it calls back into the machine. */
interface StarEvents {

    /**
     * It stands elsewhere now.
     *
     * @param epoch the server's own if it is active now, otherwise the newest it knows of
     */
    void onStateChanged(StarState from, StarState to, long epoch, StarCause cause);

    /** A takeover that was under way is not; {@code cause} is why it had begun. */
    void onTakeoverAbandoned(StarCause cause, String why);

    /** Once per episode. */
    void onMisconfigured(Misconfiguration what, String detail);

    void onMisconfigurationEnded();

    void onPeerSeen(PeerId peer);

    /** After that, or after the start: the peer has heard what this server says now. */
    void onInTouch();

    /**
     * The peer is gone.
     *
     * @param refused whether its process is known to have ended, rather than silent for the failover time
     */
    void onPeerLost(boolean refused);

    /**
     * This server was active while another became so: what it accepted since {@code aloneSinceNanos} nobody else knows.
     *
     * @param ownEpoch what it was active in
     * @param newerEpoch what it has learned of
     * @param aloneSinceNanos when it had said what its peer heard last of it, or became active, as the clock reads
     */
    void onDiverged(long ownEpoch, long newerEpoch, long aloneSinceNanos);

    /**
     * The peer tells of an epoch that cannot be, so nothing it says counts; once per episode.
     *
     * @param newest what this server knows of
     * @param told what the peer says
     */
    void onEpochRefused(long newest, long told);

    /** The epoch cannot be stored; once per episode. */
    void onEpochProblem(String problem);

    void onEpochProblemEnded();
}
