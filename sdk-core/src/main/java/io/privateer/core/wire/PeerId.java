package io.privateer.core.wire;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * The 128 bits by which a client, a worker or one life of a queue is known, whatever connection it uses. Immutable.
 *
 * @param high the first eight bytes
 * @param low the last eight bytes
 */
public record PeerId(long high, long low) {

    /** Returns a new id drawn from {@code random}. */
    public static PeerId random(RandomGenerator random) {
        return new PeerId(random.nextLong(), random.nextLong());
    }

    /** Returns the id with the bits of {@code id}. */
    public static PeerId of(UUID id) {
        return new PeerId(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    /** Returns these bits as what the public interfaces know. */
    public UUID uuid() {
        return new UUID(high, low);
    }

    /** Returns the 16 bytes of the id. */
    public byte[] bytes() {
        return ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
    }

    /** Returns the id in hexadecimal, as logs show it. */
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}
