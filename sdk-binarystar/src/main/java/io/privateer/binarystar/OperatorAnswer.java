package io.privateer.binarystar;

/** What becomes of an operator's command. */
public enum OperatorAnswer {
    /** It is done. */
    DONE,
    /** It is under way: the epoch is being stored, or the lease asked for. The listener is told how it ends. */
    STARTED,
    /** Not done: something of the kind is under way already. */
    UNDER_WAY,
    /** Not done: this server is active already. */
    ALREADY_ACTIVE,
    /** Not done: this server is not active. */
    NOT_ACTIVE,
    /** Not done: this server's epoch file cannot be used. */
    CANNOT_SERVE,
    /** Not done: the two servers are not set up as a pair. */
    MISCONFIGURED,
    /** Not done: this server's promise to the peer still holds, so the peer may be active. */
    PEER_MAY_BE_ACTIVE,
    /** Not done: the peer is gone, or could not take over. */
    PEER_NOT_READY,
    /** Not done: in this mode the operator promotes the other server instead. */
    NOT_IN_THIS_MODE
}
