package io.privateer.core.wire;

import java.util.function.LongSupplier;

/**
 * What one side knows of the epochs of a pair of servers: the newest, which all it sends carries from then on, and below
 * which it believes nothing any more. Not thread-safe: confine to the loop's thread.
 *
 * <p>Epochs are unsigned. Who carries 0 is none of a pair, or one that knows nothing yet and stands by: nothing stale.
 */
public final class EpochFence implements LongSupplier {

    /** No pair comes this far; so there is always a next one. */
    public static final long EPOCH_MAX = 1L << 62;

    /**
     * No pair fails over this often while somebody is away. A server believes no client and no worker that is further ahead; each
     * of them may drive it that far, so a pair's servers and their witness believe each other much more. Clients and workers, who
     * have chosen their servers, believe those.
     */
    public static final long LEAP_MAX = 1L << 20;

    private long newest;

    /** What to think of a message, by the epoch that it carries. */
    public enum Verdict {
        /** Its sender knows what this side knows. */
        CURRENT,
        /** Its sender knew a newer epoch, and now this side knows it too. */
        NEWER,
        /** Its sender does not know yet that there is a newer epoch. */
        STALE,
        /** No such epoch can be. */
        ABSURD
    }

    /** Knows of no pair. */
    public EpochFence() {}

    /** Judges a message that carries {@code epoch}, and learns from it. */
    public Verdict judge(long epoch) {
        if (epoch == newest || epoch == 0) {
            return Verdict.CURRENT;
        }
        if (Long.compareUnsigned(epoch, newest) < 0) {
            return Verdict.STALE;
        }
        if (Long.compareUnsigned(epoch, EPOCH_MAX) > 0) {
            return Verdict.ABSURD;
        }
        newest = epoch;
        return Verdict.NEWER;
    }

    /** Returns whether {@code epoch} is further ahead than what a queue believes of clients and workers. */
    public boolean isLeap(long epoch) {
        return Long.compareUnsigned(epoch, newest) > 0 && Long.compareUnsigned(epoch - newest, LEAP_MAX) > 0;
    }

    /** Returns the newest epoch known; 0 where there is no pair. */
    @Override
    public long getAsLong() {
        return newest;
    }
}
