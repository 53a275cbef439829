package io.privateer.pubsub;

import io.privateer.core.Settings;
import io.privateer.core.transport.XPubSocket;
import io.privateer.core.wire.FieldReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What may be a topic, or the beginning of one: text of at most 255 bytes of UTF-8 without the character NUL. */
final class Topics {

    static final int BYTES_MAX = XPubSocket.PREFIX_BYTES_MAX;
    static final byte END = 0;

    private Topics() {}

    /** Returns the bytes of {@code topic}, which must not be empty. */
    static byte[] checkedTopic(String topic) {
        Settings.check(!topic.isEmpty(), "topic", "of at least 1 character", topic);
        return checked("topic", topic);
    }

    /**
     * Returns the bytes of {@code text}.
     *
     * @throws IllegalArgumentException if it is too long, has a NUL, or half a character
     */
    static byte[] checked(String what, String text) {
        Settings.check(text.indexOf(END) < 0, what, "without the character NUL", text);
        byte[] bytes;
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(what + " must be of whole characters: " + text, e);
        }
        Settings.check(bytes.length <= BYTES_MAX, what, "of at most " + BYTES_MAX + " bytes", text);
        return bytes;
    }

    /** Reads a topic, or the beginning of one. */
    static String read(FieldReader in) {
        String text = in.text();
        in.require(text.indexOf(END) < 0);
        return text;
    }

    /** Returns the text in {@code bytes}, or {@code null} if there is no such text. */
    static @Nullable String decode(byte[] bytes, int from, int length) {
        if (length > BYTES_MAX) {
            return null;
        }
        if (isAscii(bytes, from, length)) {
            return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, length))
                    .toString();
            return text.indexOf(END) < 0 ? text : null;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Mostly, topics are, and then they cost less. */
    private static boolean isAscii(byte[] bytes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (bytes[i] <= 0) {
                return false;
            }
        }
        return true;
    }
}
