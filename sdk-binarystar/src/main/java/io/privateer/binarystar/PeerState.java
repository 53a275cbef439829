package io.privateer.binarystar;

import io.privateer.core.wire.PeerId;

/**
 * What a server says of itself to its peer, at every beat and on every change. Immutable.
 *
 * @param role what it is configured to be
 * @param state where it stands
 * @param epoch its own while it is active, otherwise the newest it knows of
 * @param nodeId this life of its process
 * @param mode the mode it is configured with
 * @param heartbeatMillis its heartbeat
 * @param failoverMillis after which silence it takes its peer for gone
 * @param leaseMillis how long a promise of its lasts; 0 without a witness
 * @param canServe whether it could become active: its epoch file is good
 * @param sequence counts what this life of it sends, from a number of its own
 * @param echo the last sequence heard from the receiver, 0 for none. Unless the sender is active, this is its promise not
 *     to become active until a lease after it heard that
 * @param frontend where clients find it; may be empty
 * @param pair the name of its pair
 * @param witness where it finds the witness of its pair, as it was told; empty without one
 */
record PeerState(
        Role role,
        StarState state,
        long epoch,
        PeerId nodeId,
        StarMode mode,
        int heartbeatMillis,
        int failoverMillis,
        int leaseMillis,
        boolean canServe,
        long sequence,
        long echo,
        String frontend,
        String pair,
        String witness) {

    /** Stands for a peer that runs the Guide's program, which has no id. */
    static final PeerId GUIDE = new PeerId(0, 0);

    /**
     * Returns whether a server that is active in {@code epoch} has to give way to the sender. Equal epochs are there only
     * between two servers of one role, which is wrong anyway; then the lesser id does.
     */
    boolean outranks(PeerId activeId, long activeEpoch) {
        int high = Long.compareUnsigned(nodeId.high(), activeId.high());
        boolean greaterId = high > 0 || (high == 0 && Long.compareUnsigned(nodeId.low(), activeId.low()) > 0);
        boolean sameEpoch = epoch == activeEpoch && state == StarState.ACTIVE;
        return epoch > activeEpoch || (sameEpoch && greaterId);
    }

    /** Returns what a peer that speaks the Guide's protocol says: only where it stands, and nothing to argue about. */
    static PeerState ofGuide(StarSettings receiver, StarState told, long sequence) {
        Role role =
                switch (told) {
                    case PRIMARY -> Role.PRIMARY;
                    case BACKUP -> Role.BACKUP;
                    case ACTIVE, PASSIVE -> receiver.role().other();
                };
        return new PeerState(
                role,
                told,
                Epochs.NONE,
                GUIDE,
                receiver.mode(),
                receiver.heartbeatMillis(),
                receiver.failoverMillis(),
                receiver.leaseMillis(),
                true,
                sequence,
                0,
                "",
                receiver.pair(),
                receiver.witness());
    }
}
