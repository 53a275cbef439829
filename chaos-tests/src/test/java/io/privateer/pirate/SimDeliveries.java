package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.wire.PeerId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one life of a worker of PRV/1 was given, and which incarnation of a queue gave it. Where both queues of a pair go by
 * one incarnation, so do their deliveries.
 */
final class SimDeliveries {

    private final String worker;
    private final IdentityHashMap<PrvDelivery, Name> names = new IdentityHashMap<>();
    private final Map<Name, PrvDelivery> handled = new HashMap<>();
    private final Map<Name, PrvDelivery> given = new HashMap<>();
    private final Set<Name> cancelled = new HashSet<>();

    SimDeliveries(String worker) {
        this.worker = worker;
    }

    private record Name(@Nullable PeerId queue, long id) {}

    void came(PrvDelivery delivery, @Nullable PeerId queue) {
        check(queue != null, "nothing comes before WELCOME", worker, delivery.id);
        Name name = new Name(queue, delivery.id);
        names.put(delivery, name);
        given.put(name, delivery);
    }

    void begins(PrvDelivery delivery, long nowNanos) {
        Name name = names.get(delivery);
        check(!cancelled.contains(name), "what was cancelled is not begun", worker, name);
        check(!delivery.isExpired(nowNanos), "what has expired is not begun", worker, name);
        check(handled.put(name, delivery) == null, "a delivery is handled once", worker, name);
    }

    void replies(PrvDelivery delivery, @Nullable PeerId queue) {
        Name name = names.get(delivery);
        check(
                name != null && Objects.equals(name.queue, queue),
                "a reply goes where its request came from",
                worker,
                name);
    }

    /** A queue wants something no more; where another has taken over, that is no longer for it to say. */
    void cancels(PrvWorkerMachine side, @Nullable PeerId queue, long deliveryId) {
        Name name = new Name(queue, deliveryId);
        PrvDelivery delivery = given.get(name);
        if (delivery == null || delivery.holder == side) {
            cancelled.add(name);
        }
    }

    void checkCancelled(@Nullable PeerId queue, long deliveryId) {
        Name name = new Name(queue, deliveryId);
        PrvDelivery delivery = handled.get(name);
        boolean meant = delivery != null && cancelled.contains(name);
        boolean told = delivery == null || delivery.isCancelled() || delivery.state == PrvDelivery.State.DONE;
        check(told || !meant, "a handler hears of it", worker, deliveryId);
    }
}
