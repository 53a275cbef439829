package io.privateer.core.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Builds messages of PRV/1 byte by byte, right or wrong ones. */
final class RawMessage {

    private static final HexFormat HEX = HexFormat.of();

    private final ByteArrayOutputStream records = new ByteArrayOutputStream();
    private final List<byte[]> parts = new ArrayList<>();

    /** Adds a record whose length is right; {@code hex} is what follows the length, blanks allowed. */
    RawMessage record(int type, int flags, int second, int third, String hex) {
        byte[] rest = bytes(hex);
        return head(type, flags, second, third, Prv.SHORT_RECORD + rest.length).raw(hex);
    }

    RawMessage head(int type, int flags, int second, int third, int length) {
        records.write(type);
        records.write(flags);
        records.write(second);
        records.write(third);
        records.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
        return this;
    }

    RawMessage raw(String hex) {
        records.writeBytes(bytes(hex));
        return this;
    }

    RawMessage part(byte[] part) {
        parts.add(part);
        return this;
    }

    byte[][] frames() {
        byte[][] frames = new byte[1 + parts.size()][];
        ByteBuffer first = ByteBuffer.allocate(Prv.FRAME_HEADER + records.size());
        first.putInt(Prv.MAGIC).position(Prv.FRAME_HEADER);
        frames[0] = first.put(records.toByteArray()).array();
        for (int i = 0; i < parts.size(); i++) {
            frames[i + 1] = parts.get(i);
        }
        return frames;
    }

    static byte[] bytes(String hex) {
        return HEX.parseHex(hex.replace(" ", ""));
    }
}
