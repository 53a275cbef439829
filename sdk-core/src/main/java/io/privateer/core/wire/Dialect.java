package io.privateer.core.wire;

/** How a worker talks to its queue; recognised by the first message it sends. */
public enum Dialect {
    /** Simple Pirate: a REQ worker, {@code [][0x01]} to say it is ready. It cannot beat. */
    SIMPLE,
    /** Paranoid Pirate, RFC 6: a DEALER worker, {@code [0x01]} to say it is ready, {@code [0x02]} to beat. */
    PARANOID,
    /** Privateer's own, PRV/1: one frame of records, see {@link Prv}. */
    PRV
}
