package io.privateer.binarystar;

import io.privateer.core.wire.PeerId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What servers and their witness say to each other, as one frame each, big-endian:
 *
 * <pre>
 *  0 'P' 'R' 'L' version  4 kind u8: 1 ask, 2 release, 3 grant, 4 refuse  5 reserved 3 bytes
 *  8 holder 16 bytes  24 request u64  32 epoch u64  40 millis u32: the lease, or when to try again
 * 44 pair length u16  46 pair in UTF-8, to the end of the frame
 * </pre>
 */
final class LeaseCodec {

    static final int PAIR_BYTES_MAX = 255;
    static final int HEADER = 46;

    private static final int MAGIC = 'P' << 24 | 'R' << 16 | 'L' << 8 | 1;
    private static final int ASK = 1;
    private static final int RELEASE = 2;
    private static final int GRANT = 3;
    private static final int REFUSE = 4;

    private LeaseCodec() {}

    static byte[] encode(LeaseRequest request) {
        return encode(
                request.release() ? RELEASE : ASK,
                request.holder(),
                request.request(),
                request.epoch(),
                request.leaseMillis(),
                request.pair());
    }

    static byte[] encode(LeaseAnswer answer) {
        return encode(
                answer.granted() ? GRANT : REFUSE,
                answer.holder(),
                answer.request(),
                answer.epoch(),
                answer.retryAfterMillis(),
                answer.pair());
    }

    /** Returns what {@code frame} says, or {@code null} if it is no request of this version. */
    static @Nullable LeaseRequest decodeRequest(byte[] frame) {
        ByteBuffer in = open(frame);
        int kind = in == null ? 0 : in.get(4);
        if (in == null || (kind != ASK && kind != RELEASE)) {
            return null;
        }
        return new LeaseRequest(
                pair(frame), holder(in), kind == RELEASE, in.getLong(24), in.getLong(32), in.getInt(40));
    }

    /** Returns what {@code frame} says, or {@code null} if it is no answer of this version. */
    static @Nullable LeaseAnswer decodeAnswer(byte[] frame) {
        ByteBuffer in = open(frame);
        int kind = in == null ? 0 : in.get(4);
        if (in == null || (kind != GRANT && kind != REFUSE)) {
            return null;
        }
        return new LeaseAnswer(pair(frame), holder(in), kind == GRANT, in.getLong(24), in.getLong(32), in.getInt(40));
    }

    private static byte[] encode(int kind, PeerId holder, long request, long epoch, int millis, String pair) {
        byte[] name = pair.getBytes(StandardCharsets.UTF_8);
        if (name.length > PAIR_BYTES_MAX) {
            throw new IllegalArgumentException("pair must be of at most 255 bytes: " + name.length);
        }
        return ByteBuffer.allocate(HEADER + name.length)
                .putInt(MAGIC)
                .putInt(kind << 24)
                .put(holder.bytes())
                .putLong(request)
                .putLong(epoch)
                .putInt(millis)
                .putShort((short) name.length)
                .put(name)
                .array();
    }

    /** Returns {@code frame} to read, or {@code null} if it is rubbish. */
    private static @Nullable ByteBuffer open(byte[] frame) {
        if (frame.length < HEADER) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(frame);
        int pairBytes = in.getShort(44) & 0xFFFF;
        boolean sound = in.getInt(0) == MAGIC
                && in.getLong(24) > 0
                && Epochs.isValid(in.getLong(32))
                && in.getInt(40) >= 0
                && frame.length == HEADER + pairBytes
                && StateCodec.text(frame, HEADER, pairBytes, PAIR_BYTES_MAX) != null;
        return sound ? in : null;
    }

    private static PeerId holder(ByteBuffer in) {
        return new PeerId(in.getLong(8), in.getLong(16));
    }

    private static String pair(byte[] frame) {
        return new String(frame, HEADER, frame.length - HEADER, StandardCharsets.UTF_8);
    }
}
