package io.privateer.binarystar;

/**
 * The world outside {@link BinaryStarMachine}: sockets, the epoch file and the guarded service in production. None of it
 * calls back into the machine before the input that led to it has returned.
 */
interface BinaryStarPort {

    /** Says {@code state} to the peer, on all links. */
    void sendState(PeerState state);

    /**
     * Stores {@code epoch} for good, and then calls {@link BinaryStarMachine#onEpochStored} or
     * {@link BinaryStarMachine#onEpochFailed}. Must keep the order of calls.
     */
    void storeEpoch(long epoch);

    /** The guarded service serves from here on, in {@code epoch}. */
    void activate(long epoch);

    /**
     * The guarded service serves no longer. Once it stands by, {@link BinaryStarMachine#onStandsBy} follows.
     *
     * @param newestEpoch the newest epoch known
     * @param activeFrontend where clients find the server that is active, or empty if that is not known
     */
    void deactivate(long newestEpoch, String activeFrontend);

    /** The same to a service that stands by already, for which one of both has changed. */
    default void inform(long newestEpoch, String activeFrontend) {
        deactivate(newestEpoch, activeFrontend);
    }

    /** Finds out whether a new connection on {@code link} is refused, unless that is under way. */
    void probe(int link);

    /** Asks the witness for the lease, or for more of it. */
    void askLease(LeaseRequest request);

    /** Gives the lease back to the witness. */
    void releaseLease(LeaseRequest release);
}
