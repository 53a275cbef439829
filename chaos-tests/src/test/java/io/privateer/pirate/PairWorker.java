package io.privateer.pirate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A worker's process that is connected to both queues of a pair, and believes neither that the other has replaced. */
final class PairWorker {

    final SimGroup process;
    final List<SimPrvWorker> sides;
    private @Nullable SimFence fence;
    private int fenceOfLife;

    PairWorker(PairSim sim, String name, String service, List<SimQueue> queues) {
        SimClock clock = sim.newClock();
        SimPrvWorker one = new SimPrvWorker(sim, name + "-0", queues.get(0), service, clock, this::fence);
        SimPrvWorker other = new SimPrvWorker(sim, name + "-1", queues.get(1), service, clock, this::fence);
        this.sides = List.of(one, other);
        this.process = new SimGroup(one, other);
    }

    /** Both sides of one life share what they know. */
    private SimFence fence() {
        SimFence known = fence;
        int life = sides.get(0).life();
        if (known == null || fenceOfLife != life) {
            known = new SimFence(sides.get(0));
            fence = known;
            fenceOfLife = life;
        }
        return known;
    }
}
