package io.privateer.core.wire;

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
    private static final MarkedIdentity MARK = new MarkedIdentity("Prv1");

    private BusyBeats() {}

    /** Returns a new routing id: the mark and 128 bits of {@code random}. */
    public static byte[] newIdentity(RandomGenerator random) {
        return MARK.next(random);
    }

    /** Returns whether the peer with this routing id can beat while busy. */
    public static boolean isMarked(byte[] identity) {
        return MARK.isOn(identity);
    }

    /** Returns the id behind the mark in hexadecimal, as logs show it. */
    public static String idOf(byte[] identity) {
        return MARK.idOf(identity);
    }
}
