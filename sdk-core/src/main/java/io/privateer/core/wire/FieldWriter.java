package io.privateer.core.wire;

import io.privateer.core.Settings;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes what {@link FieldReader} reads, big-endian. Not thread-safe: belongs to one call. */
public final class FieldWriter {

    private static final int TEXT_BYTES_MAX = 255;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);

    /** For anyone. */
    public FieldWriter() {}

    /** Writes the low 8 bits of {@code value}. */
    public FieldWriter u8(int value) {
        out.write(value);
        return this;
    }

    /** Writes the low 16 bits of {@code value}. */
    public FieldWriter u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    /** Writes {@code value}. */
    public FieldWriter u32(int value) {
        return u16(value >>> 16).u16(value);
    }

    /** Writes {@code value}. */
    public FieldWriter u64(long value) {
        return u32((int) (value >>> 32)).u32((int) value);
    }

    /** Writes an id of 128 bits. */
    public FieldWriter id(PeerId id) {
        return u64(id.high()).u64(id.low());
    }

    /**
     * Writes {@code text} in UTF-8 behind its length.
     *
     * @throws IllegalArgumentException if it is longer than 255 bytes
     */
    public FieldWriter text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Settings.between("text.length", bytes.length, 0, TEXT_BYTES_MAX);
        return u8(bytes.length).bytes(bytes, 0, bytes.length);
    }

    /** Writes {@code length} bytes of {@code source}. */
    public FieldWriter bytes(byte[] source, int from, int length) {
        out.write(source, from, length);
        return this;
    }

    /** Returns what was written. */
    public byte[] toBytes() {
        return out.toByteArray();
    }
}
