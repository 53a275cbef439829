package io.privateer.chaos.process;

import io.privateer.pirate.PirateListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a queue lost, and when. Thread-safe. */
final class QueueWatch implements PirateListener {

    /** A delivery came back at this moment. */
    record Returned(DeliveryReturned event, long atNanos) {}

    private final List<Returned> returned = new CopyOnWriteArrayList<>();
    private final List<WorkerLost> lost = new CopyOnWriteArrayList<>();

    @Override
    public void onDeliveryReturned(DeliveryReturned event) {
        returned.add(new Returned(event, System.nanoTime()));
    }

    @Override
    public void onWorkerLost(WorkerLost event) {
        lost.add(event);
    }

    List<Returned> returned() {
        return List.copyOf(returned);
    }

    List<WorkerLost> lost() {
        return List.copyOf(lost);
    }
}
