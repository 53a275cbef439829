package io.privateer.pubsub;

import io.privateer.core.wire.PeerId;
import java.io.ByteArrayOutputStream;

/** Writes what {@link Fields} reads. Not thread-safe: belongs to one call. */
final class FieldWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);

    FieldWriter u8(int value) {
        out.write(value);
        return this;
    }

    FieldWriter u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    FieldWriter u32(int value) {
        return u16(value >>> 16).u16(value);
    }

    FieldWriter u64(long value) {
        return u32((int) (value >>> 32)).u32((int) value);
    }

    FieldWriter id(PeerId id) {
        return u64(id.high()).u64(id.low());
    }

    FieldWriter text(String text) {
        byte[] bytes = Topics.checked("text", text);
        u8(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    FieldWriter bytes(byte[] source, int from, int length) {
        out.write(source, from, length);
        return this;
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}
