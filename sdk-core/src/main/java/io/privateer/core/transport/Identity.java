package io.privateer.core.transport;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * The routing id under which a ROUTER socket knows a peer: 1 to 255 bytes.
 *
 * <p>Ids that the socket made up itself are 5 bytes that begin with 0; they die with their connection. Ids that a peer
 * chose survive its reconnection. Immutable, as long as nobody changes the array it was made from.
 */
public final class Identity {

    private final byte[] bytes;
    private final int hash;

    private Identity(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    /** Returns the identity made of {@code bytes}, which it shares: do not change them. */
    public static Identity wrap(byte[] bytes) {
        return new Identity(bytes);
    }

    /** Returns the array itself: do not change it. */
    public byte[] bytes() {
        return bytes;
    }

    /** Returns whether the peer chose this id, so that it may come back under it on a new connection. */
    public boolean survivesReconnect() {
        return bytes.length > 0 && bytes[0] != 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Identity that && hash == that.hash && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** Returns the bytes in hexadecimal, fit for a log. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
