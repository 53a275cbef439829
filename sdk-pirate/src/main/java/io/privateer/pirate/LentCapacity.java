package io.privateer.pirate;

import io.privateer.core.wire.PeerId;
import io.privateer.pirate.Lending.Capacity;
import io.privateer.pirate.Lending.Holding;
import io.privateer.pirate.Lending.ServiceCapacity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts what the workers of a queue could do for borrowers, and what those have. Belongs to {@link QueueMachine}. */
final class LentCapacity {

    private final RequestLedger ledger;
    private final Clientele clientele;
    private final Standing standing;

    LentCapacity(RequestLedger ledger, Clientele clientele, Standing standing) {
        this.ledger = ledger;
        this.clientele = clientele;
        this.standing = standing;
    }

    /** Returns what there is now; nothing is spare while the queue takes no requests. */
    Capacity now() {
        boolean serves = !standing.isStandby() && !ledger.intake.isDraining();
        List<ServiceCapacity> services = new ArrayList<>();
        for (Service service : ledger.services()) {
            if (service.workers > 0 || service.waiting > 0) {
                services.add(serves ? capacity(service) : new ServiceCapacity(service.name, 0, 0, service.waiting));
            }
        }
        return new Capacity(serves, services, holdings());
    }

    private static ServiceCapacity capacity(Service service) {
        Room room = new Room();
        service.free.forEach(room::add);
        service.fetchingAhead.forEach(room::add);
        int spare = atLeastNone(room.atOnce - service.waiting);
        int inAll = atLeastNone(room.inAll - service.waiting);
        return new ServiceCapacity(service.name, spare, inAll - spare, service.waiting);
    }

    private static int atLeastNone(long count) {
        return (int) Math.max(0, Math.min(count, Integer.MAX_VALUE));
    }

    /** What some workers would take: what they would begin at once, and with what they would hold. */
    private static final class Room {
        private long atOnce;
        private long inAll;

        void add(QueueWorker worker) {
            atOnce += Math.max(0, worker.atOnce() - worker.held);
            inAll += worker.credit - worker.held;
        }
    }

    private List<Holding> holdings() {
        List<Holding> holdings = new ArrayList<>();
        for (QueueClient client : clientele.borrowers()) {
            Map<Service, Integer> heldByService = new HashMap<>();
            for (QueuedRequest request : client.requests.values()) {
                if (request.endedAs == null) {
                    heldByService.merge(request.service(), 1, Integer::sum);
                }
            }
            PeerId borrower = client.peer;
            if (borrower != null) {
                heldByService.forEach(
                        (service, held) -> holdings.add(new Holding(borrower.uuid(), service.name, held)));
            }
        }
        return holdings;
    }
}
