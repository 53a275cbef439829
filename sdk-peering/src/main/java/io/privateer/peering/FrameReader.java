package io.privateer.peering;

import io.privateer.core.wire.PeerId;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Reads what a stranger has written. Where there is nothing left to read, or it is not as it should be, the frame is no longer
 * sound, and everything that is read from it is empty; nothing is thrown. Not thread-safe: belongs to one call.
 */
final class FrameReader {

    private static final int ENDPOINTS_MAX = 2;

    private final ByteBuffer in;
    private boolean sound = true;

    FrameReader(byte[] frame) {
        this.in = ByteBuffer.wrap(frame);
    }

    boolean isSound() {
        return sound;
    }

    /** Notes that the frame is not sound unless {@code holds}. */
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

    /** Reads a number of things, at most {@code max}. */
    int count(int max) {
        int count = has(Short.BYTES) ? in.getShort() & 0xFFFF : 0;
        require(count <= max);
        return sound ? count : 0;
    }

    int u16() {
        return count(0xFFFF);
    }

    int i32() {
        return has(Integer.BYTES) ? in.getInt() : 0;
    }

    /** Reads 32 bits, of which the greatest number that can be held is taken for all greater ones. */
    int u32() {
        int value = i32();
        return value < 0 ? Integer.MAX_VALUE : value;
    }

    long u64() {
        return has(Long.BYTES) ? in.getLong() : 0;
    }

    PeerId id() {
        return new PeerId(u64(), u64());
    }

    /** Reads a text in UTF-8 behind its length, which is one byte. */
    String text() {
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

    String name() {
        String name = text();
        require(sound && Names.isName(name));
        return name;
    }

    /** Reads one or two endpoints, all different, behind their number, which is one byte. */
    List<String> endpoints() {
        int count = u8();
        require(count >= 1 && count <= ENDPOINTS_MAX);
        List<String> endpoints = new ArrayList<>(ENDPOINTS_MAX);
        for (int i = 0; i < count && sound; i++) {
            String endpoint = text();
            require(sound && Names.isEndpoint(endpoint));
            endpoints.add(endpoint);
        }
        require(new HashSet<>(endpoints).size() == endpoints.size());
        return endpoints;
    }
}
