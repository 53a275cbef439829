package io.privateer.pirate;

import io.privateer.core.wire.PeerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A worker's process that is connected to both queues of a pair, and believes neither that the other has replaced. */
final class PairWorker {

    final SimGroup process;
    final List<SimPrvWorker> sides;
    private @Nullable SimWorkerLife shared;
    private int sharedOfLife;

    PairWorker(PairSim sim, String name, String service, List<SimQueue> queues) {
        SimClock clock = sim.newClock();
        SimPrvWorker one = new SimPrvWorker(sim, name + "-0", queues.get(0), service, clock, this::shared);
        SimPrvWorker other = new SimPrvWorker(sim, name + "-1", queues.get(1), service, clock, this::shared);
        this.sides = List.of(one, other);
        this.process = new SimGroup(one, other);
    }

    /** Both sides of one life share what they know, and the id of the first. */
    private SimWorkerLife shared(PeerId id) {
        SimWorkerLife known = shared;
        int life = sides.get(0).life();
        if (known == null || sharedOfLife != life) {
            known = new SimWorkerLife(sides, id);
            shared = known;
            sharedOfLife = life;
        }
        return known;
    }

    /** Returns by what queues know its present life, as they write it. */
    String id() {
        return shared == null ? "" : shared.sides.id().toString();
    }

    /** Returns the side that faces {@code queue}. */
    SimPrvWorker side(SimQueue queue) {
        return sides.get(0).path.queue() == queue ? sides.get(0) : sides.get(1);
    }
}
