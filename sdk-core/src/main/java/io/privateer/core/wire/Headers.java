package io.privateer.core.wire;

import java.io.ByteArrayOutputStream;
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
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        headers.forEach((name, value) -> {
            byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
            byte[] valueBytes = value.getBytes(StandardCharsets.UTF_8);
            if (nameBytes.length == 0 || nameBytes.length > NAME_BYTES_MAX) {
                throw new IllegalArgumentException("header name must be of 1 to 255 bytes: " + name);
            }
            if (Prv.HEADERS_BYTES_MAX - bytes.size() - nameBytes.length - Byte.BYTES - Short.BYTES
                    < valueBytes.length) {
                throw new IllegalArgumentException(
                        "headers must be of at most " + Prv.HEADERS_BYTES_MAX + " bytes, too many with: " + name);
            }
            bytes.write(nameBytes.length);
            bytes.writeBytes(nameBytes);
            bytes.write(valueBytes.length >> Byte.SIZE);
            bytes.write(valueBytes.length);
            bytes.writeBytes(valueBytes);
        });
        return bytes.toByteArray();
    }

    /** Returns the headers in {@code bytes}, in order; the last of a name counts, and nothing from a malformed one on. */
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
