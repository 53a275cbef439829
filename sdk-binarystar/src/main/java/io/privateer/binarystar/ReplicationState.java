package io.privateer.binarystar;

/** How far the other server of a pair knows what the service of this one does. */
public enum ReplicationState {
    /** It never does: the service cannot be followed, or is not to be. */
    OFF,
    /** It does not. After a takeover, requests may run again. */
    ALONE,
    /** This server is active, and the other one is being told what there is. Until that is done it is as if alone. */
    COPYING,
    /** This server is active, and does nothing that the other one does not know of. */
    IN_STEP,
    /** This server is passive, and is told what the other one does. */
    FOLLOWING
}
