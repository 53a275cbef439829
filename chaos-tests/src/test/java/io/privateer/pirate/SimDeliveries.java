package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.wire.PeerId;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one life of a worker of PRV/1 was given, and which life of the queue gave it. */
final class SimDeliveries {

    private final String worker;
    private final IdentityHashMap<PrvDelivery, PeerId> origins = new IdentityHashMap<>();
    private final Set<Long> cancelled = new HashSet<>();
    private final Set<Long> handled = new HashSet<>();
    private @Nullable PeerId incarnation;

    SimDeliveries(String worker) {
        this.worker = worker;
    }

    /** The queue says who it is; returns whether that is another than before. */
    boolean isAnother(PeerId queue) {
        boolean another = incarnation != null && !queue.equals(incarnation);
        incarnation = queue;
        return another;
    }

    /** Nothing that came before counts any more. */
    void forget() {
        cancelled.clear();
        handled.clear();
        origins.clear();
    }

    void came(PrvDelivery delivery) {
        origins.put(delivery, Objects.requireNonNull(incarnation, "nothing comes before WELCOME"));
    }

    void begins(PrvDelivery delivery, long nowNanos) {
        check(!cancelled.contains(delivery.id), "what was cancelled is not begun", worker, delivery);
        check(!delivery.isExpired(nowNanos), "what has expired is not begun", worker, delivery);
        check(handled.add(delivery.id), "a delivery is handled once", worker, delivery.id);
    }

    void replies(PrvDelivery delivery) {
        check(Objects.equals(origins.get(delivery), incarnation), "a reply goes where its request came from", worker);
    }

    void cancels(long deliveryId) {
        cancelled.add(deliveryId);
    }

    void checkCancelled(long deliveryId) {
        for (Map.Entry<PrvDelivery, PeerId> origin : origins.entrySet()) {
            PrvDelivery delivery = origin.getKey();
            boolean told = delivery.isCancelled() || delivery.state == PrvDelivery.State.DONE;
            boolean meant = delivery.id == deliveryId && origin.getValue().equals(incarnation);
            check(told || !meant || !handled.contains(deliveryId), "a handler hears of it", worker, deliveryId);
        }
    }
}
