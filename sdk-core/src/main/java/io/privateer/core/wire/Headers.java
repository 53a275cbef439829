package io.privateer.core.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The properties of a request as PRV/1 carries them, in order: {@code name length u8, name, value length u16, value}, both
 * in UTF-8. Whoever passes a request on need not look inside.
 */
public final class Headers {

    private static final int NAME_BYTES_MAX = 255;
    private static final byte[] NOTHING = {};

    private Headers() {}

    /**
     * Returns the bytes of {@code headers}.
     *
     * @throws IllegalArgumentException if a name is empty or longer than 255 bytes, or all are longer than
     *     {@link Prv#HEADERS_BYTES_MAX}
     */
    public static byte[] encode(Map<String, String> headers) {
        if (headers.isEmpty()) {
            return NOTHING;
        }
        ByteBuffer buffer = ByteBuffer.allocate(Prv.HEADERS_BYTES_MAX);
        headers.forEach((name, value) -> {
            byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
            byte[] valueBytes = value.getBytes(StandardCharsets.UTF_8);
            if (nameBytes.length == 0 || nameBytes.length > NAME_BYTES_MAX) {
                throw new IllegalArgumentException("header name must be of 1 to 255 bytes: " + name);
            }
            if (buffer.remaining() < Byte.BYTES + nameBytes.length + Short.BYTES + valueBytes.length) {
                throw new IllegalArgumentException(
                        "headers must be of at most " + Prv.HEADERS_BYTES_MAX + " bytes, too many with: " + name);
            }
            buffer.put((byte) nameBytes.length).put(nameBytes);
            buffer.putShort((short) valueBytes.length).put(valueBytes);
        });
        byte[] bytes = new byte[buffer.position()];
        buffer.flip().get(bytes);
        return bytes;
    }

    /** Returns the headers in {@code bytes}, in order; what follows a malformed one is left out. */
    public static Map<String, String> decode(byte[] bytes) {
        if (bytes.length == 0) {
            return Map.of();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        int at = 0;
        while (bytes.length - at >= Byte.BYTES + Short.BYTES) {
            int nameBytes = bytes[at] & 0xFF;
            int valueAt = at + Byte.BYTES + nameBytes;
            if (nameBytes == 0 || bytes.length - valueAt < Short.BYTES) {
                break;
            }
            int valueBytes = (short) Prv.SHORT.get(bytes, valueAt) & 0xFFFF;
            int end = valueAt + Short.BYTES + valueBytes;
            if (end > bytes.length) {
                break;
            }
            headers.put(
                    new String(bytes, at + Byte.BYTES, nameBytes, StandardCharsets.UTF_8),
                    new String(bytes, valueAt + Short.BYTES, valueBytes, StandardCharsets.UTF_8));
            at = end;
        }
        return Collections.unmodifiableMap(headers);
    }
}
