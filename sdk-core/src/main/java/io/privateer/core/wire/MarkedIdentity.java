package io.privateer.core.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Routing ids that begin with a mark, by which a queue of ours knows what a peer of ours can do; others ignore it. */
final class MarkedIdentity {

    private static final int ID_BYTES = 16;

    private final byte[] mark;

    /** Makes ids that begin with {@code mark}, in ASCII. */
    MarkedIdentity(String mark) {
        this.mark = mark.getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns a new routing id: the mark and 128 bits of {@code random}. */
    byte[] next(RandomGenerator random) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        byte[] identity = Arrays.copyOf(mark, mark.length + ID_BYTES);
        System.arraycopy(id, 0, identity, mark.length, ID_BYTES);
        return identity;
    }

    boolean isOn(byte[] identity) {
        return identity.length == mark.length + ID_BYTES
                && Arrays.equals(identity, 0, mark.length, mark, 0, mark.length);
    }

    /** Returns the id behind the mark in hexadecimal, as logs show it. */
    String idOf(byte[] identity) {
        return HexFormat.of().formatHex(identity, mark.length, identity.length);
    }
}
