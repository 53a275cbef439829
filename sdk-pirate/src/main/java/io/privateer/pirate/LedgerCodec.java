package io.privateer.pirate;

import io.privateer.core.wire.PeerId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The entries by which one queue of a pair tells the other what its {@link RequestLedger} holds. Both run the same version,
 * or the one that follows says that it does not understand.
 *
 * <pre>
 * entry   0 length u32, all of the entry  4 type u8  5 fields, in the order of {@link Type}
 * peer    16 bytes                        bytes  u32 length, content      body  u8 parts, each as bytes; 0 parts for none
 * </pre>
 *
 * All numbers are big-endian.
 */
final class LedgerCodec {

    static final int ENTRY_HEADER = Integer.BYTES + 1;

    /** An entry is mostly the body of one request; nothing that a queue took in is longer. */
    static final int ENTRY_BYTES_MAX = Integer.MAX_VALUE / 2;

    /** Flags of ACCEPTED: it runs at most once; another cluster asks it. */
    static final int ONCE = 1;

    static final int BORROWED = 2;

    private static final int FIRST_CAPACITY = 4_096;

    /** More than a turn needs; what a large body or the beginning of a stream has grown beyond is let go of. */
    private static final int CAPACITY_KEPT = 4 * 1024 * 1024;

    /** What an entry says; by its code on the wire. */
    enum Type {
        /** The first of a stream: incarnation peer. */
        BEGIN(1),
        /** peer, acknowledged below u64, forgotten up to u64, asks once u8. */
        CLIENT(2),
        /** number u64, peer, client's id u64, flags u8, deliveries u32, time to live in nanoseconds u64, service, headers, body. */
        ACCEPTED(3),
        /** A request may run again, under a new number: number u64, new number u64, deliveries u32. */
        RENUMBERED(4),
        /** number u64, status u8, deliveries u32, body. */
        ENDED(5),
        /** One that has ended before the stream began: peer, client's id u64, status u8, deliveries u32, body. */
        KEPT(6),
        /** Nothing is kept of it: number u64. */
        FORGOTTEN(7),
        /** peer, first open u64. */
        ACKNOWLEDGED(8),
        /** A client has left for good: peer. */
        GONE(9),
        /** Everything that was there when the stream began has been said. */
        COMPLETE(10);

        private static final Type[] ALL = values();
        private final int code;

        Type(int code) {
            this.code = code;
        }

        /** Returns the type with this code, or {@code null}. */
        static @Nullable Type of(int code) {
            for (Type type : ALL) {
                if (type.code == code) {
                    return type;
                }
            }
            return null;
        }
    }

    private byte[] buffer = new byte[FIRST_CAPACITY];

    /** What has been written and not been taken, and where the last entry begins. */
    private int from;

    private int to;
    private int entryAt;

    /** Begins an entry; its fields follow, then {@link #end}. */
    LedgerCodec begin(Type type) {
        reserve(ENTRY_HEADER);
        entryAt = to;
        to += Integer.BYTES;
        buffer[to++] = (byte) type.code;
        return this;
    }

    LedgerCodec u8(int value) {
        reserve(1);
        buffer[to++] = (byte) value;
        return this;
    }

    LedgerCodec u32(int value) {
        reserve(Integer.BYTES);
        putInt(to, value);
        to += Integer.BYTES;
        return this;
    }

    LedgerCodec u64(long value) {
        u32((int) (value >>> Integer.SIZE));
        return u32((int) value);
    }

    LedgerCodec peer(PeerId peer) {
        u64(peer.high());
        return u64(peer.low());
    }

    LedgerCodec bytes(byte[] content) {
        u32(content.length);
        reserve(content.length);
        System.arraycopy(content, 0, buffer, to, content.length);
        to += content.length;
        return this;
    }

    LedgerCodec body(byte @Nullable [][] parts) {
        int count = parts == null ? 0 : parts.length;
        u8(count);
        for (int i = 0; parts != null && i < count; i++) {
            bytes(parts[i]);
        }
        return this;
    }

    void end() {
        putInt(entryAt, to - entryAt);
    }

    int size() {
        return to - from;
    }

    int capacity() {
        return buffer.length;
    }

    /** Takes out the first {@code length} bytes; not in the midst of an entry. */
    byte[] take(int length) {
        byte[] taken = Arrays.copyOfRange(buffer, from, from + length);
        from += length;
        if (from == to) {
            clear();
        }
        return taken;
    }

    void clear() {
        from = 0;
        to = 0;
        if (buffer.length > CAPACITY_KEPT) {
            buffer = new byte[FIRST_CAPACITY];
        }
    }

    private void reserve(int bytes) {
        if (buffer.length - to < bytes && from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            entryAt -= from;
            to -= from;
            from = 0;
        }
        if (buffer.length - to < bytes) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, to + bytes));
        }
    }

    private void putInt(int at, int value) {
        buffer[at] = (byte) (value >>> 24);
        buffer[at + 1] = (byte) (value >>> 16);
        buffer[at + 2] = (byte) (value >>> 8);
        buffer[at + 3] = (byte) value;
    }

    static PeerId readPeer(ByteBuffer in) {
        return new PeerId(in.getLong(), in.getLong());
    }

    /** Throws what {@link ByteBuffer} throws if the entry is shorter. */
    static byte[] readBytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] content = new byte[length];
        in.get(content);
        return content;
    }

    static byte @Nullable [][] readBody(ByteBuffer in) {
        int count = in.get() & 0xFF;
        if (count == 0) {
            return null;
        }
        byte[][] parts = new byte[count][];
        for (int i = 0; i < count; i++) {
            parts[i] = readBytes(in);
        }
        return parts;
    }
}
