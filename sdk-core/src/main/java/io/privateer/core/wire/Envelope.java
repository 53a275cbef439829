package io.privateer.core.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A request or reply split at its first empty frame: {@code [address…][][body…]} (RFC 28; Guide, chapter 3).
 *
 * <p>The address is what the reply must carry in front, returned verbatim at any depth; REQ sends none. Immutable as
 * long as nobody changes the arrays.
 *
 * @param address the frames before the delimiter, possibly none
 * @param body the frames behind it, at least one
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; a copy per message would be the only gain of a list.
public record Envelope(byte[][] address, byte[][] body) {

    private static final byte[] DELIMITER = {};

    /** Returns the envelope in {@code frames}, or {@code null} where there is no delimiter or nothing behind it. */
    public static @Nullable Envelope parse(byte[][] frames) {
        return parse(frames, 0);
    }

    /** Parses the frames from {@code from} on. */
    static @Nullable Envelope parse(byte[][] frames, int from) {
        for (int i = from; i < frames.length - 1; i++) {
            if (frames[i].length == 0) {
                return new Envelope(
                        Arrays.copyOfRange(frames, from, i), Arrays.copyOfRange(frames, i + 1, frames.length));
            }
        }
        return null;
    }

    /** Returns {@code [address…][][body…]}. */
    public static byte[][] join(byte[][] address, byte[][] body) {
        byte[][] frames = Arrays.copyOf(address, address.length + 1 + body.length);
        frames[address.length] = DELIMITER;
        System.arraycopy(body, 0, frames, address.length + 1, body.length);
        return frames;
    }
}
