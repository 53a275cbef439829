package io.privateer.peering;

import io.privateer.core.Settings;
import io.privateer.core.wire.PeerId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes what {@link FrameReader} reads, big-endian. Not thread-safe: belongs to one call. */
final class FrameWriter {

    private static final int TEXT_BYTES_MAX = 255;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    FrameWriter u8(int value) {
        out.write(value);
        return this;
    }

    FrameWriter u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    FrameWriter u32(int value) {
        return u16(value >>> 16).u16(value);
    }

    FrameWriter u64(long value) {
        return u32((int) (value >>> 32)).u32((int) value);
    }

    FrameWriter id(PeerId id) {
        return u64(id.high()).u64(id.low());
    }

    /**
     * Writes {@code text} behind its length.
     *
     * @throws IllegalArgumentException if it is longer than 255 bytes
     */
    FrameWriter text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Settings.between("text.length", bytes.length, 0, TEXT_BYTES_MAX);
        u8(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    FrameWriter endpoints(List<String> endpoints) {
        u8(endpoints.size());
        endpoints.forEach(this::text);
        return this;
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}
