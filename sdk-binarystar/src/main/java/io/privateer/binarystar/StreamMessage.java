package io.privateer.binarystar;

import io.privateer.core.wire.PeerId;

/**
 * What the two servers say to each other about what the active one's service does.
 *
 * @param session the stream
 * @param number of OPEN the active server's epoch, of CHUNK which one it is, from 1, of HAS how many the passive server has
 * @param sender the server that says it
 */
record StreamMessage(Kind kind, long session, long number, PeerId sender) {

    /** What is said. */
    enum Kind {
        /** The active server begins a stream. */
        OPEN,
        /** The next chunk, which is a frame of its own behind this one. */
        CHUNK,
        /** The passive server follows, and has so many chunks. */
        HAS,
        /** The passive server does not follow. */
        BROKEN
    }
}
