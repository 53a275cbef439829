package io.privateer.core.wire;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * How a worker of ours and a queue of ours find out, within RFC 6, that beats may also flow while the worker is busy.
 *
 * <p>In the Guide any sign of life makes a worker ready, so a worker that beats while busy would be handed a second job;
 * a worker that does not, and freezes while busy, is noticed only when its lease runs out. So our worker chooses a
 * routing id with {@link #MARK} in front, which queues that know nothing of it ignore. Our queue answers such a worker
 * with beats of two bytes, {@code 0x02 0x01}; a worker that has received one beats so itself, busy or not.
 */
public final class BusyBeats {

    /** The first bytes of the routing id of a worker that can beat while busy. */
    private static final byte[] MARK = {'P', 'r', 'v', '1'};

    private static final int ID_BYTES = 16;

    private BusyBeats() {}

    /** Returns a new routing id: the mark and 128 bits of {@code random}. */
    public static byte[] newIdentity(RandomGenerator random) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        byte[] identity = Arrays.copyOf(MARK, MARK.length + ID_BYTES);
        System.arraycopy(id, 0, identity, MARK.length, ID_BYTES);
        return identity;
    }

    /** Returns whether the peer with this routing id can beat while busy. */
    public static boolean isMarked(byte[] identity) {
        return identity.length == MARK.length + ID_BYTES
                && Arrays.equals(identity, 0, MARK.length, MARK, 0, MARK.length);
    }

    /** Returns the id behind the mark in hexadecimal, as logs show it. */
    public static String idOf(byte[] identity) {
        return HexFormat.of().formatHex(identity, MARK.length, identity.length);
    }
}
