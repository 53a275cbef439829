package io.privateer.core.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of what a stranger has written, big-endian. Where there is nothing left to read, or it is not as it should
 * be, the fields are no longer sound, and everything that is read from then on is empty; nothing is thrown. Not thread-safe:
 * belongs to one call.
 */
public class FieldReader {

    private final ByteBuffer in;
    private boolean sound = true;

    /** Reads {@code frame} from the byte at {@code from} on. */
    public FieldReader(byte[] frame, int from) {
        this.in = ByteBuffer.wrap(frame).position(from);
    }

    /** Returns whether all was as it should be so far. */
    public final boolean isSound() {
        return sound;
    }

    /** Returns whether there is more to read, as long as the fields are sound. */
    public final boolean hasMore() {
        return sound && in.hasRemaining();
    }

    /** Returns where in the frame the next field begins. */
    public final int position() {
        return in.position();
    }

    /** Notes that the fields are not sound unless {@code holds}. */
    public final void require(boolean holds) {
        sound &= holds;
    }

    private boolean has(int bytes) {
        require(in.remaining() >= bytes);
        return sound;
    }

    /** Reads a byte, unsigned. */
    public final int u8() {
        return has(Byte.BYTES) ? in.get() & 0xFF : 0;
    }

    /** Reads 16 bits, unsigned. */
    public final int u16() {
        return has(Short.BYTES) ? in.getShort() & 0xFFFF : 0;
    }

    /** Reads 32 bits. */
    public final int i32() {
        return has(Integer.BYTES) ? in.getInt() : 0;
    }

    /** Reads 32 bits, unsigned, of which the greatest number that can be held is taken for all greater ones. */
    public final int u32() {
        int value = i32();
        return value < 0 ? Integer.MAX_VALUE : value;
    }

    /** Reads 64 bits. */
    public final long u64() {
        return has(Long.BYTES) ? in.getLong() : 0;
    }

    /** Reads an id of 128 bits. */
    public final PeerId id() {
        return new PeerId(u64(), u64());
    }

    /** Reads a text in UTF-8 behind its length, which is one byte. */
    public final String text() {
        int length = u8();
        if (!has(length)) {
            return "";
        }
        ByteBuffer bytes = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            require(false);
            return "";
        }
    }
}
