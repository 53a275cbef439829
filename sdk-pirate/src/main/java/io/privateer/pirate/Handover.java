package io.privateer.pirate;

import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Refusals;
import io.privateer.core.wire.Status;
import io.privateer.pirate.PirateListener.DropCause;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** How requests pass from the queue that served to the one that serves next. Belongs to {@link QueueMachine}. */
final class Handover {

    private final RequestLedger ledger;
    private final LedgerMirror mirror;
    private final QueuePort port;
    private final QueueCounters counters;

    Handover(RequestLedger ledger, LedgerMirror mirror, QueuePort port, QueueCounters counters) {
        this.ledger = ledger;
        this.mirror = mirror;
        this.port = port;
        this.counters = counters;
    }

    /** Writes all that the other queue, which follows from here on, has to know. */
    void replicate(long session, PeerId incarnation, Collection<QueueClient> clients, long nowNanos) {
        ledger.log.begin(session, incarnation);
        clients.forEach(ledger.log::client);
        ledger.dedupe.forEach(ledger.log::kept);
        List<QueuedRequest> open = new ArrayList<>();
        for (QueueClient client : clients) {
            for (QueuedRequest request : client.requests.values()) {
                if (request.endedAs == null) {
                    open.add(request);
                }
            }
        }
        open.sort((one, other) -> Long.signum(one.acceptedAtNanos - other.acceptedAtNanos));
        open.forEach(request -> ledger.log.accepted(request, nowNanos));
        ledger.log.complete();
    }

    /**
     * The queue serves no more: everything ends, for its client to take it elsewhere. What workers have is left to them if
     * the other queue knows of it.
     */
    void standDown(String activeAddress) {
        boolean handsOver = ledger.log.isInStep();
        ledger.log.standDown();
        for (QueuedRequest request = ledger.inFlight.any(); request != null; request = ledger.inFlight.any()) {
            QueueWorker worker = Objects.requireNonNull(request.worker);
            worker.owes = request.deliveryId;
            if (worker.link != null && !(handsOver && request.loggedAt > 0)) {
                worker.link.cancel(request.idAtWorker());
            }
            ledger.release(request, worker);
            leave(request, activeAddress, handsOver);
        }
        for (Service service : ledger.services()) {
            for (QueuedRequest request = service.any(); request != null; request = service.any()) {
                service.removeFirst(request);
                ledger.intake.counted(request, -1);
                leave(request, activeAddress, handsOver);
            }
        }
        for (QueuedRequest kept = ledger.dedupe.takeOldest(); kept != null; kept = ledger.dedupe.takeOldest()) {
            ledger.forget(kept);
        }
        for (QueuedRequest open = mirror.takeNewest(); open != null; open = mirror.takeNewest()) {
            ledger.turnAway(open.client(), open.clientId, Math.max(1, open.deliveries), activeAddress); // It may run.
            ledger.forget(open);
        }
        mirror.clear();
    }

    private void leave(QueuedRequest request, String activeAddress, boolean handsOver) {
        QueueClient client = request.client();
        counters.stoodDown++;
        if (client.identity != null && Refusals.isMarked(client.identity.bytes())) {
            port.reply(client.identity, request.returnAddress, Refusals.body(Status.NOT_ACTIVE));
        } else if (client.link != null && request.once && request.deliveries > 0 && !handsOver) {
            client.link.reply(request.clientId, Status.WORKER_LOST, request.deliveries, 0, null); // It may be running.
        } else if (client.link != null && !request.abandoned) {
            boolean mayRun = request.loggedAt > 0 && !request.once; // The other queue may give it out, unasked.
            int deliveries = mayRun ? Math.max(1, request.deliveries) : request.deliveries;
            ledger.turnAway(client, request.clientId, deliveries, activeAddress);
        }
        ledger.forget(request);
    }

    /** A request of the queue that served before: {@code worker} has it. */
    void adopt(QueuedRequest request, QueueWorker worker, long fairNanos) {
        inherit(request);
        ledger.inFlight.add(request, worker, fairNanos);
        request.service().inFlight++;
        worker.held++;
        request.deliveries++;
    }

    boolean isHeldBy(QueueWorker worker, long deliveryId) {
        return ledger.inFlight.get(deliveryId, worker) != null;
    }

    /** A request of the queue that served before: none of the workers that are left has it. */
    void resume(QueuedRequest request, long nowNanos, long fairNanos) {
        inherit(request);
        if (request.abandoned) {
            ledger.end(request, DropCause.ABANDONED, nowNanos);
        } else if (request.once) {
            ledger.loseForGood(request, fairNanos);
        } else {
            ledger.log.renumber(request);
            ledger.waitFirst(request);
        }
    }

    private void inherit(QueuedRequest request) {
        counters.accepted++;
        counters.inherited++;
        request.id = counters.accepted;
    }
}
