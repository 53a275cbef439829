package io.privateer.binarystar;

import io.privateer.binarystar.StreamMessage.Kind;
import io.privateer.core.wire.PeerId;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the servers of a pair say about a stream, big-endian; behind CHUNK the chunk follows as a second frame:
 *
 * <pre>
 *  0 'P' 'R' 'R' version  4 kind u8: 1 open, 2 chunk, 3 has, 4 broken  5 reserved 3 bytes
 *  8 session u64  16 number u64  24 sender 16 bytes
 * </pre>
 */
final class StreamCodec {

    static final int FRAME = 40;

    private static final int MAGIC = 'P' << 24 | 'R' << 16 | 'R' << 8 | 1;

    private StreamCodec() {}

    static byte[] encode(StreamMessage message) {
        return ByteBuffer.allocate(FRAME)
                .putInt(MAGIC)
                .putInt(code(message.kind()) << 24)
                .putLong(message.session())
                .putLong(message.number())
                .put(message.sender().bytes())
                .array();
    }

    /** Returns what {@code frame} says, or {@code null} if it is no message of this version. */
    static @Nullable StreamMessage decode(byte[] frame) {
        if (frame.length != FRAME) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(frame);
        int magic = in.getInt();
        Kind kind = kind(in.getInt() >>> 24);
        long session = in.getLong();
        long number = in.getLong();
        if (magic != MAGIC || kind == null || session <= 0 || number < 0) {
            return null;
        }
        return new StreamMessage(kind, session, number, new PeerId(in.getLong(), in.getLong()));
    }

    private static int code(Kind kind) {
        return switch (kind) {
            case OPEN -> 1;
            case CHUNK -> 2;
            case HAS -> 3;
            case BROKEN -> 4;
        };
    }

    private static @Nullable Kind kind(int code) {
        return switch (code) {
            case 1 -> Kind.OPEN;
            case 2 -> Kind.CHUNK;
            case 3 -> Kind.HAS;
            case 4 -> Kind.BROKEN;
            default -> null;
        };
    }
}
