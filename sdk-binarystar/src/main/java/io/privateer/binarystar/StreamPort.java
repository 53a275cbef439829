package io.privateer.binarystar;

import io.privateer.core.wire.PeerId;

/** What carries the streams of {@link StreamSource}, and whom they are for. */
interface StreamPort {

    /** Says something to the peer; false if that cannot be reached. */
    boolean send(StreamMessage message);

    /** Says CHUNK to the peer, with the chunk behind it; false if that cannot be reached. */
    boolean send(StreamMessage message, byte[] chunk);

    /** The service is to hand over what it holds, and then every change. */
    void replicate(long session);

    /** The peer has the first {@code chunks}. */
    void followed(long session, long chunks);

    /** The peer follows no more. */
    void ended(long session, String why);

    /** Returns this life of the server. */
    PeerId self();
}
