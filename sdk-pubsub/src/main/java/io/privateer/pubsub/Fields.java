package io.privateer.pubsub;

import io.privateer.core.wire.PeerId;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a stranger has written, big-endian. Where there is nothing left to read, or it is not as it should be, the fields
 * are no longer sound, and everything that is read from them is empty; nothing is thrown. Not thread-safe.
 */
final class Fields {

    private final ByteBuffer in;
    private boolean sound = true;

    Fields(byte[] frame, int from) {
        in = ByteBuffer.wrap(frame);
        in.position(from);
    }

    boolean areSound() {
        return sound;
    }

    /** Returns whether there is more to read, as long as the fields are sound. */
    boolean hasMore() {
        return sound && in.hasRemaining();
    }

    int position() {
        return in.position();
    }

    /** Notes that the fields are not sound unless {@code holds}. */
    void require(boolean holds) {
        sound &= holds;
    }

    private boolean has(int bytes) {
        require(in.remaining() >= bytes);
        return sound;
    }

    int u8() {
        return has(Byte.BYTES) ? in.get() & 0xFF : 0;
    }

    int u16() {
        return has(Short.BYTES) ? in.getShort() & 0xFFFF : 0;
    }

    long u64() {
        return has(Long.BYTES) ? in.getLong() : 0;
    }

    PeerId id() {
        return new PeerId(u64(), u64());
    }

    /** Reads a text of {@link Topics} behind its length, which is one byte. */
    String text() {
        int length = u8();
        if (!has(length)) {
            return "";
        }
        @Nullable String text = Topics.decode(in.array(), in.position(), length);
        in.position(in.position() + length);
        require(text != null);
        return text == null ? "" : text;
    }
}
