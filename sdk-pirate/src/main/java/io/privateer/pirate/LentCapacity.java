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
                int spare = serves ? spare(service) : 0;
                services.add(new ServiceCapacity(service.name, spare, service.waiting));
            }
        }
        return new Capacity(serves, services, holdings());
    }

    private static int spare(Service service) {
        long spare = -service.waiting;
        for (QueueWorker worker : service.idle) {
            spare += worker.credit - worker.held;
        }
        return (int) Math.max(0, Math.min(spare, Integer.MAX_VALUE));
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
