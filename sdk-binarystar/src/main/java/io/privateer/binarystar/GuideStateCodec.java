package io.privateer.binarystar;

import org.jspecify.annotations.Nullable;

/** The state message of the Guide's programs in C and Python: one frame with one ASCII digit, {@code 1} to {@code 4}. */
final class GuideStateCodec {

    private static final StarState[] STATES = StarState.values();

    private GuideStateCodec() {}

    static byte[] encode(StarState state) {
        return new byte[] {(byte) ('0' + state.number())};
    }

    /** Returns what {@code frame} says, or {@code null} if it is no such message. */
    static @Nullable StarState decode(byte[] frame) {
        int number = frame.length == 1 ? frame[0] - '1' : -1;
        return number >= 0 && number < STATES.length ? STATES[number] : null;
    }
}
