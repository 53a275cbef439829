package io.privateer.pirate;

import io.privateer.core.FairClock;
import io.privateer.pirate.PirateListener.DropCause;
import io.privateer.pirate.PirateListener.LossCause;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Brings waiting requests to workers or lenders that may take them, as long as the workers together hold no more bytes than they may,
 * and the other queue of a pair knows the requests. Belongs to {@link QueueMachine}.
 */
final class Dispatcher {

    private final QueueSettings settings;
    private final QueuePort port;
    private final FairClock clock;
    private final RequestLedger ledger;
    private final Roster roster;
    private final Lenders lenders;

    /** Services that could go on if the workers held less, or the other queue knew more, the longest held back first. */
    private final ArrayDeque<Service> heldBack = new ArrayDeque<>();

    Dispatcher(
            QueueSettings settings,
            QueuePort port,
            FairClock clock,
            RequestLedger ledger,
            Roster roster,
            Lenders lenders) {
        this.settings = settings;
        this.port = port;
        this.clock = clock;
        this.ledger = ledger;
        this.roster = roster;
        this.lenders = lenders;
    }

    /** For all services, whatever has changed. */
    void dispatchAll(long nowNanos) {
        for (Service service : ledger.services()) {
            dispatch(nowNanos, service);
        }
    }

    /** For those services that were held back, in case that less is held by now, or something smaller is first. */
    void dispatchHeldBack(long nowNanos) {
        for (int left = heldBack.size(); left > 0; left--) {
            Service service = heldBack.remove();
            service.heldBack = false;
            dispatch(nowNanos, service);
        }
    }

    /** For one service, of which a request or a worker has changed. */
    void dispatch(long nowNanos, Service service) {
        for (QueuedRequest request = next(service); request != null; request = next(service)) {
            if (request.isExpired(nowNanos)) {
                ledger.drop(request, DropCause.EXPIRED, nowNanos, clock.fair(nowNanos));
            } else if (!fits(request) || !ledger.log.mayDispatch(request)) {
                holdBack(service);
                return;
            } else if (!place(nowNanos, request) && !clearTheWay(nowNanos, request)) {
                return;
            }
        }
    }

    /** Returns what is to be placed next: of what was set aside the first of which something becomes now, otherwise whose turn it is. */
    private @Nullable QueuedRequest next(Service service) {
        QueuedRequest aside = service.tooLargeToLend.first();
        if (aside != null && (service.free.first() != null || service.fetchingAhead.first() != null)) {
            return aside;
        }
        int frameBytesMax = aside == null ? 0 : lenders.choice.frameBytesMaxNow(service);
        while (aside != null) {
            if (PrvLink.frameBytesMax(aside) <= frameBytesMax || lenders.choice.isTooLargeForAll(aside)) {
                return aside;
            }
            aside = aside.next;
        }
        return service.first();
    }

    /** Nobody takes the request now: does what can be done for those behind it, and returns false if that is nothing. */
    private boolean clearTheWay(long nowNanos, QueuedRequest request) {
        Service service = request.service();
        if (lenders.choice.isTooLargeForAll(request)) {
            ledger.giveUpTooLarge(request, clock.fair(nowNanos));
        } else if (!request.borrowed && lenders.choice.frameBytesMaxNow(service) > 0) {
            service.setAside(request);
        } else if (service.waitingBorrowed > 0) {
            ledger.turnBackBorrowed(service);
        } else {
            return false;
        }
        return true;
    }

    /**
     * Own workers that are free come first, then lenders that have such; only then is it given to who cannot begin with it now,
     * again the own workers first.
     */
    private boolean place(long nowNanos, QueuedRequest request) {
        QueueWorker worker = roster.workers.take(request.service().free);
        if (worker == null) {
            if (lenders.lend(nowNanos, request, true)) {
                return true;
            }
            worker = roster.workers.take(request.service().fetchingAhead);
        }
        if (worker == null) {
            return lenders.lend(nowNanos, request, false);
        }
        deliver(nowNanos, request, worker);
        return true;
    }

    private boolean fits(QueuedRequest request) {
        InFlight inFlight = ledger.inFlight;
        return inFlight.count() == 0 || inFlight.bytes() + request.bytes <= settings.inFlightBytesMax();
    }

    private void holdBack(Service service) {
        if (!service.heldBack) {
            service.heldBack = true;
            heldBack.add(service);
        }
    }

    private void deliver(long nowNanos, QueuedRequest request, QueueWorker worker) {
        if (worker.link != null && !worker.link.takes(request)) {
            ledger.giveUpTooLarge(request, clock.fair(nowNanos));
            roster.workers.refresh(worker);
            return;
        }
        ledger.deliver(request, worker, clock.fair(nowNanos));
        if (worker.link != null && worker.link.cut) {
            // It does not read, of which the machine is told at the end of the turn; the request never left.
            ledger.undeliver(request, worker);
            roster.disconnected(nowNanos, worker);
        } else if (worker.link != null) {
            worker.link.deliver(request, nowNanos);
            roster.workers.refresh(worker);
        } else if (!port.deliver(worker.identity, worker.dialect, request.deliveryId, request.body)) {
            // Its connection is gone, which the socket has not told yet; the request never left.
            ledger.undeliver(request, worker);
            roster.forsake(nowNanos, worker, LossCause.DISCONNECTED);
        }
    }
}
