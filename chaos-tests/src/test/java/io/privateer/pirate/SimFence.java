package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.wire.EpochFence;
import io.privateer.core.wire.EpochFence.Verdict;
import java.util.function.LongSupplier;

/** What one life of a client or worker knows of epochs: by the production class, and by a count of the simulation's own. */
final class SimFence implements LongSupplier {

    private final SimProcess owner;
    private final EpochFence fence = new EpochFence();
    private long newest;
    private boolean stale;

    SimFence(SimProcess owner) {
        this.owner = owner;
    }

    /** Judges the message that is read now. */
    Verdict judge(long epoch) {
        stale = epoch != 0 && epoch < newest;
        newest = Math.max(newest, epoch);
        Verdict verdict = fence.judge(epoch);
        check(verdict != Verdict.ABSURD, "epochs are near each other", owner.name, epoch, newest);
        check(fence.getAsLong() == newest, "who has heard of an epoch says so", owner.name, newest);
        if (stale) {
            owner.world.trace(owner.name, "hears of an old epoch", epoch, "newest", newest);
        }
        return verdict;
    }

    /** What is read now is taken for a server's that serves. */
    void checkBelieved() {
        check(!stale, "nobody believes a server that has been replaced", owner.name, newest);
    }

    @Override
    public long getAsLong() {
        return fence.getAsLong();
    }
}
