package io.privateer.pirate;

import java.util.ArrayDeque;
import java.util.function.LongConsumer;

/**
 * Where a server keeps its epoch: takes its time, one after the other, and may fail; what has not been stored when the
 * machine crashes is the old epoch or the new one, or neither can be read.
 */
final class PairDisk {

    private final PairSim sim;
    private final SimProcess owner;
    private final ArrayDeque<Write> writes = new ArrayDeque<>();
    private long epoch;
    private boolean torn;
    private int crashes;

    PairDisk(PairSim sim, SimProcess owner) {
        this.sim = sim;
        this.owner = owner;
    }

    private record Write(long epoch, LongConsumer stored, Runnable failed) {}

    /** Tells, some time later, what is stored, or that it cannot be read. */
    void load(LongConsumer loaded, Runnable failed) {
        owner.inputIn(delayNanos(), () -> {
            if (torn) {
                failed.run();
            } else {
                loaded.accept(epoch);
            }
        });
    }

    /** Tells when {@code newEpoch} is stored, or that it is not. */
    void store(long newEpoch, LongConsumer stored, Runnable failed) {
        writes.add(new Write(newEpoch, stored, failed));
        if (writes.size() == 1) {
            beginNext();
        }
    }

    private void beginNext() {
        int mine = crashes;
        if (!writes.isEmpty()) {
            sim.world.in(delayNanos(), () -> {
                if (mine == crashes) {
                    end(writes.remove());
                }
            });
        }
    }

    private void end(Write write) {
        boolean fails = sim.faulty(PairFault.DISK_FAILURE, 0.4);
        if (!fails || sim.world.chance(0.5)) {
            epoch = write.epoch;
        }
        if (fails) {
            sim.world.trace(owner.name, "cannot store", write.epoch);
            sim.world.reach(PairGoal.EPOCH_STORE_FAILED);
            owner.input(write.failed);
        } else {
            owner.input(() -> write.stored.accept(write.epoch));
        }
        beginNext();
    }

    /** The machine is gone, and whatever was being stored may be or not. */
    void crash() {
        crashes++;
        Write write = writes.peek();
        writes.clear();
        if (write == null) {
            return;
        }
        if (sim.faulty(PairFault.TORN_EPOCH, 0.3)) {
            torn = true;
            sim.world.reach(PairGoal.EPOCH_TORN);
        } else if (sim.world.chance(0.5)) {
            epoch = write.epoch;
        } else {
            sim.world.reach(PairGoal.EPOCH_LOST_IN_CRASH);
        }
        sim.world.trace(owner.name, "crashed while storing", write.epoch, "torn=" + torn, "stored=" + epoch);
    }

    long epoch() {
        return epoch;
    }

    boolean isTorn() {
        return torn;
    }

    /** The operator mends it with an epoch that is new enough. */
    void mend(long newEnough) {
        torn = false;
        epoch = newEnough;
    }

    private long delayNanos() {
        if (sim.faulty(PairFault.SLOW_DISK, 0.3)) {
            sim.world.reach(PairGoal.EPOCH_STORED_SLOWLY);
            return sim.world.between(0, sim.pair.storeNanosMax());
        }
        return sim.world.between(50_000, 2_000_000);
    }
}
