package io.privateer.binarystar;

/** Why a server of a pair went from one state to another. */
public enum StarCause {
    /** The peer has started, and it is this server's turn. */
    PEER_STARTED,
    /** The peer is active. */
    PEER_ACTIVE,
    /** The peer is passive too: it has handed over, or cannot serve. */
    PEER_PASSIVE,
    /** The peer is gone, and a client asked here. */
    CLIENT_VOTE,
    /** The operator said so. */
    OPERATOR,
    /** Somebody knows a newer epoch than the one in which this server was active. */
    NEWER_EPOCH,
    /** The guarded service drains, or has ended. */
    SERVICE_ENDED,
    /** Neither the peer nor the witness has renewed its promise, or the service has heard of that too late. */
    LEASE_ENDED;

    /** Returns why a server at {@code state} goes elsewhere upon {@code event}. */
    static StarCause of(StarState state, BinaryStarRules.Event event) {
        if (state == StarState.ACTIVE) {
            return NEWER_EPOCH;
        }
        return switch (event) {
            case PEER_PRIMARY, PEER_BACKUP -> PEER_STARTED;
            case PEER_ACTIVE -> PEER_ACTIVE;
            case PEER_PASSIVE -> PEER_PASSIVE;
            case CLIENT_REQUEST -> CLIENT_VOTE;
        };
    }
}
