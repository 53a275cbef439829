package io.privateer.binarystar;

/**
 * Keeps the newest epoch that a server knows of, in memory and, through the port, on disk, and whether that works. A server
 * that cannot store an epoch cannot serve. Belongs to {@link BinaryStarMachine}.
 */
final class EpochKeeper {

    private final long retryNanos;
    private final BinaryStarPort port;
    private final StarEvents events;
    private long newest;

    /** The highest that the disk was asked to keep: that order is kept, so a lower one behind it would undo it. */
    private long asked;

    private boolean loaded;
    private boolean good;
    private boolean retired;
    private long storeAgainAtNanos;
    private long refused;
    private boolean toldRefused;

    EpochKeeper(StarSettings settings, BinaryStarPort port, StarEvents events) {
        this.retryNanos = settings.failoverNanos();
        this.port = port;
        this.events = events;
    }

    void onLoaded(long epoch) {
        boolean heardNewer = newest > epoch;
        newest = Math.max(newest, epoch);
        asked = epoch;
        loaded = true;
        good = true;
        if (heardNewer) {
            draw(newest);
        }
    }

    void onNotLoaded(String problem) {
        events.onEpochProblem(problem);
    }

    long newest() {
        return newest;
    }

    /** No epoch of this server's own is needed any more. */
    void retire() {
        retired = true;
    }

    /** Returns whether this server could become active in a new epoch, as far as known. */
    boolean isGood() {
        return good && !retired;
    }

    /** Has {@code epoch} stored, which nobody has used yet. */
    void draw(long epoch) {
        asked = Math.max(asked, epoch);
        port.storeEpoch(epoch);
    }

    /** Takes an epoch of this server's own that is stored already. */
    void take(long epoch) {
        newest = epoch;
    }

    /** Returns whether {@code epoch} is news; then it is stored as well, so that the next life draws a newer one. */
    boolean learn(long nowNanos, long epoch) {
        if (epoch <= newest) {
            return false;
        }
        newest = epoch;
        if (loaded && epoch > asked) {
            store(nowNanos);
        }
        return true;
    }

    /** Returns whether what a peer that tells of {@code epoch} says counts at all: a leap is damage, or a forgery. */
    boolean believes(long epoch) {
        boolean credible = Epochs.isCredibleOfServer(newest, epoch);
        if (!credible) {
            refused++;
            if (!toldRefused) {
                events.onEpochRefused(newest, epoch);
            }
        }
        toldRefused = !credible;
        return credible;
    }

    long refused() {
        return refused;
    }

    /** Returns whether this ends a problem. */
    boolean onStored() {
        boolean ended = loaded && !good;
        if (ended) {
            good = true;
            events.onEpochProblemEnded();
        }
        return ended;
    }

    /** Returns whether that is a new problem. */
    boolean onFailed(long nowNanos, String problem) {
        storeAgainAtNanos = nowNanos + retryNanos;
        boolean began = good;
        if (began) {
            good = false;
            events.onEpochProblem(problem);
        }
        return began;
    }

    /** Tries from time to time whether what failed works again: a full disk may be emptied. */
    void onSweep(long nowNanos) {
        if (loaded && !good && nowNanos - storeAgainAtNanos >= 0) {
            store(nowNanos);
        }
    }

    private void store(long nowNanos) {
        storeAgainAtNanos = nowNanos + retryNanos;
        draw(Math.max(newest, asked));
    }
}
