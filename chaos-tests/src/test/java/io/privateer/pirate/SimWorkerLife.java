package io.privateer.pirate;

import io.privateer.core.wire.PeerId;
import java.util.List;

/** What the sides of one life of a PRV/1 worker, each of which faces one queue of a pair, have in common. */
final class SimWorkerLife {

    final PrvWorkerSides sides;
    final SimFence fence;
    final SimDeliveries deliveries;
    private final List<? extends SimProcess> loops;

    SimWorkerLife(List<? extends SimProcess> loops, PeerId id) {
        SimProcess first = loops.get(0);
        this.loops = loops;
        this.sides = new PrvWorkerSides(id);
        this.fence = new SimFence(first);
        this.deliveries = new SimDeliveries(first.name);
    }

    /** What {@code side} hears of the delivery another may say, which is to leave soon: in production they are on one loop. */
    void turnSoon(PrvDelivery delivery, PrvWorkerMachine side) {
        if (delivery.holder != side) {
            loops.forEach(loop -> loop.input(() -> {}));
        }
    }
}
