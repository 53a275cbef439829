package io.privateer.binarystar;

import io.privateer.core.wire.EpochFence;

/**
 * The numbers of a pair's times of activity. The primary's are even and the backup's odd, so the two never draw the same;
 * a server never draws one twice, because it stores what it draws before it uses it. 0 stands for none.
 */
final class Epochs {

    static final long NONE = 0;

    /** What a message may say at most, so that there is always a next one. */
    static final long MAX = EpochFence.EPOCH_MAX;

    /** No pair is ever driven so far ahead of a server that was away, by whoever says what clients may say. */
    static final long SERVER_LEAP_MAX = 1L << 40;

    private Epochs() {}

    /** Returns the least epoch of {@code role} above everything seen. */
    static long next(Role role, long highestSeen) {
        long next = highestSeen + 1;
        return isOf(role, next) ? next : next + 1;
    }

    /** Returns whether {@code epoch} is none or one that a server may have drawn. */
    static boolean isValid(long epoch) {
        return epoch >= NONE && epoch <= MAX;
    }

    /**
     * Returns whether to believe a client or worker that has seen {@code epoch}. A forged or damaged number far ahead would
     * use up the epochs.
     */
    static boolean isCredible(long newest, long epoch) {
        return isValid(epoch) && epoch - newest <= EpochFence.LEAP_MAX;
    }

    /**
     * Returns whether to believe a server of the pair, or its witness, which may have believed many clients while somebody was
     * away.
     */
    static boolean isCredibleOfServer(long newest, long epoch) {
        return isValid(epoch) && epoch - newest <= SERVER_LEAP_MAX;
    }

    /**
     * Returns whether a server of {@code role} drew {@code epoch}. None counts as the backup's, so that among two servers
     * of which neither was ever active it is the primary's turn.
     */
    static boolean wasLastActive(Role role, long epoch) {
        return epoch == NONE ? role == Role.BACKUP : isOf(role, epoch);
    }

    private static boolean isOf(Role role, long epoch) {
        return (epoch & 1) == (role == Role.PRIMARY ? 0 : 1);
    }
}
