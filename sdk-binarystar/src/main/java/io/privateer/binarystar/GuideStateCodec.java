package io.privateer.binarystar;

import org.jspecify.annotations.Nullable;

/** The state message of the Guide's programs in C and Python: one frame with one ASCII digit, {@code 1} to {@code 4}. */
final class GuideStateCodec {

    private static final StarState[] STATES = StarState.values();

    private GuideStateCodec() {}

    /**
     * Returns what to say to a peer that was heard last to be {@code peer}, or {@code null} for nothing. Such a peer ends itself
     * when it is passive and hears PASSIVE. It takes silence for death, and then takes over when a client asks it; so
     * PASSIVE is said only to one that is active.
     */
    static byte @Nullable [] say(StarState own, @Nullable StarState peer) {
        return own == StarState.PASSIVE && peer != StarState.ACTIVE ? null : encode(own);
    }

    static byte[] encode(StarState state) {
        return new byte[] {(byte) ('0' + state.number())};
    }

    /** Returns what {@code frame} says, or {@code null} if it is no such message. */
    static @Nullable StarState decode(byte[] frame) {
        int number = frame.length == 1 ? frame[0] - '1' : -1;
        return number >= 0 && number < STATES.length ? STATES[number] : null;
    }
}
