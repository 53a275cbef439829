package io.privateer.peering;

/** How brokers can be set up so that they cannot be peers. */
public enum PeeringMisconfiguration {
    /** Two brokers have the same name. Who came later is not known here until the other is gone. */
    NAME_TAKEN,
    /** The broker was told to peer with itself. */
    SELF,
    /** The peer speaks a version that this one does not know. */
    UNKNOWN_VERSION
}
