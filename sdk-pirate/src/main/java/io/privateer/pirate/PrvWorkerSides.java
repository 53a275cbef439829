package io.privateer.pirate;

import io.privateer.core.wire.EpochFence;
import io.privateer.core.wire.PeerId;
import java.util.ArrayList;
import java.util.List;

/**
 * The sides of one PRV/1 worker, each of which faces one queue of a pair. They go by one id and know the same epochs, and
 * what one holds of a queue that has ended goes on at the side of the queue that has taken over. Not thread-safe: confine
 * to the loop's thread.
 */
final class PrvWorkerSides {

    private final PeerId id;
    private final EpochFence epochs = new EpochFence();
    private final List<PrvWorkerMachine> machines = new ArrayList<>();

    PrvWorkerSides(PeerId id) {
        this.id = id;
    }

    PeerId id() {
        return id;
    }

    EpochFence epochs() {
        return epochs;
    }

    void add(PrvWorkerMachine machine) {
        machines.add(machine);
    }

    /** Returns, and takes from all others than {@code heir}, what they hold of {@code incarnation}. */
    List<PrvDelivery> takeOver(PrvWorkerMachine heir, PeerId incarnation) {
        List<PrvDelivery> taken = new ArrayList<>();
        for (PrvWorkerMachine machine : machines) {
            if (machine != heir) {
                taken.addAll(machine.surrender(incarnation));
            }
        }
        return taken;
    }
}
