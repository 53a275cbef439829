package io.privateer.peering;

/** How much a peer has been heard of lately. */
public enum PeerLiveness {
    /** It is heard. */
    PRESENT,
    /** It has not been heard for a time: nothing more is sent there. */
    EVASIVE,
    /** It has not been heard for long: what was sent there is taken back. */
    SILENT
}
