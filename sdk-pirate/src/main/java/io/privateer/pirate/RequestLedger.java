package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.Refusals;
import io.privateer.core.wire.Status;
import io.privateer.pirate.PirateListener.DropCause;
import io.privateer.pirate.PirateListener.LossCause;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where every accepted request is, and how it ends. It waits in one service, or is in flight, or has ended and is kept for
 * a client that asks again; and it ends through exactly one of {@link #answer}, {@link #deadLetter}, {@link #drop} and
 * {@link #loseForGood}. Belongs to {@link QueueMachine}.
 */
final class RequestLedger {

    /** Objects kept to be used again: about what is in the queue at once when nobody is slow. */
    private static final int SPARE_MAX = 8_192;

    private static final int SERVICES_SWEEP = 1_024;

    final InFlight inFlight = new InFlight();
    final LedgerLog log = new LedgerLog();
    final DedupeWindow dedupe;
    final Intake intake;
    final Service defaultService = new Service("");
    private final QueueSettings settings;
    private final QueuePort port;
    private final QueueEvents events;
    private final QueueCounters counters;
    private final Map<String, Service> services = new HashMap<>();
    private final ArrayDeque<QueuedRequest> spare = new ArrayDeque<>();
    private final ExpiryWatch expiry = new ExpiryWatch();
    private int servicesSweepAt = SERVICES_SWEEP;

    RequestLedger(QueueSettings settings, QueuePort port, PirateListener listener, QueueCounters counters) {
        this.settings = settings;
        this.port = port;
        this.events = new QueueEvents(listener);
        this.counters = counters;
        this.intake = new Intake(settings, listener);
        this.dedupe = new DedupeWindow(settings.dedupe());
        services.put("", defaultService);
    }

    Service service(String name) {
        if (name.isEmpty()) {
            return defaultService;
        }
        if (services.size() >= servicesSweepAt) {
            services.values().removeIf(service -> service != defaultService && service.isUnused());
            servicesSweepAt = Math.max(SERVICES_SWEEP, 2 * services.size());
        }
        return services.computeIfAbsent(name, Service::new);
    }

    Collection<Service> services() {
        return services.values();
    }

    /** Returns an object for a new request, which {@link #accept} or {@link #recycle} follows. */
    QueuedRequest newRequest() {
        QueuedRequest request = spare.pollLast();
        return request == null ? new QueuedRequest() : request;
    }

    /** Takes a request whose fields are set, if there is room; the caller answers for a refusal. */
    boolean accept(QueuedRequest request, long nowNanos) {
        QueueClient client = request.client();
        if (!intake.admits(client, request.bytes)) {
            counters.rejected++;
            recycle(request);
            return false;
        }
        counters.accepted++;
        request.id = counters.accepted;
        request.acceptedAtNanos = nowNanos;
        if (client.isPlain()) {
            request.clientId = request.id;
        }
        client.requests.put(request.clientId, request);
        request.number = log.nextNumber();
        log.accepted(request, nowNanos);
        request.service().addLast(request);
        waits(request);
        return true;
    }

    private void waits(QueuedRequest request) {
        intake.counted(request, 1);
        expiry.waits(request);
    }

    /** Moves the request from its line into the hands of {@code worker}. */
    void deliver(QueuedRequest request, QueueWorker worker, long fairNanos) {
        request.service().removeFirst(request);
        intake.counted(request, -1);
        inFlight.add(request, worker, fairNanos);
        request.service().inFlight++;
        worker.held++;
        request.deliveries++;
        counters.deliveries++;
        if (request.deliveries > 1) {
            counters.redelivered++;
        }
    }

    /** Undoes {@link #deliver}: it never left. */
    void undeliver(QueuedRequest request, QueueWorker worker) {
        release(request, worker);
        counters.deliveries--;
        if (request.deliveries > 1) {
            counters.redelivered--;
        }
        request.deliveries--;
        waitFirst(request);
    }

    /** The worker has it no more, and it waits nowhere. */
    void release(QueuedRequest request, QueueWorker worker) {
        inFlight.remove(request);
        if (worker.lender != null) {
            worker.lender.loans.remove(request);
        }
        request.service().inFlight--;
        worker.held--;
    }

    /** It is to go out again before others. */
    void waitFirst(QueuedRequest request) {
        request.service().addFirst(request);
        waits(request);
    }

    /** A worker no longer has the request: another gets it, if another may. */
    void takeBack(QueuedRequest request, QueueWorker worker, LossCause cause, long nowNanos, long fairNanos) {
        worker.owes = request.deliveryId;
        long heldNanos = fairNanos - request.sinceNanos;
        release(request, worker);
        counters.returned++;
        events.returned(request, worker, cause, heldNanos);
        if (request.abandoned) {
            end(request, DropCause.ABANDONED, nowNanos);
        } else if (request.once) {
            loseForGood(request, fairNanos);
        } else if (request.deliveries >= settings.deliveriesMax()) {
            deadLetter(request, cause, fairNanos);
        } else {
            log.renumber(request);
            waitFirst(request);
        }
    }

    /** Ends what borrowers have waiting for a service: it is for them to find another place. */
    void turnBackBorrowed(Service service) {
        for (RequestList list : service.lists()) {
            QueuedRequest request = list.first();
            while (request != null) {
                QueuedRequest next = request.next;
                if (request.borrowed) {
                    turnBack(request);
                }
                request = next;
            }
        }
    }

    private void turnBack(QueuedRequest request) {
        request.service().remove(request);
        intake.counted(request, -1);
        counters.turnedBack++;
        PrvLink link = request.client().link;
        if (link != null) {
            link.reply(request.clientId, Status.BUSY, request.deliveries, 0, null);
        }
        log.forgotten(request);
        forget(request);
    }

    /** A plain client of ours understands a refusal; others would take it for a reply. */
    void refusePlain(Identity client, byte[][] returnAddress, Status why) {
        if (Refusals.isMarked(client.bytes())) {
            port.reply(client, returnAddress, Refusals.body(why));
        }
    }

    /** A worker has replied. */
    void answer(
            QueuedRequest request, QueueWorker worker, Status status, byte[][] body, long nowNanos, long fairNanos) {
        release(request, worker);
        QueueClient client = request.client();
        if (request.abandoned) {
            end(request, DropCause.ABANDONED, nowNanos);
            return;
        }
        counters.answered++;
        if (client.identity != null) {
            port.reply(client.identity, request.returnAddress, body);
            forget(request);
        } else {
            conclude(request, status, body, fairNanos);
        }
    }

    /** The next worker in line, or every lender, does not take a body of this length, or of so many parts. */
    void giveUpTooLarge(QueuedRequest request, long fairNanos) {
        request.service().removeFirst(request);
        intake.counted(request, -1);
        counters.deadLettered++;
        events.deadLetter(request, LossCause.GAVE_BACK);
        conclude(request, Status.TOO_LARGE, null, fairNanos);
    }

    private void deadLetter(QueuedRequest request, LossCause lastCause, long fairNanos) {
        counters.deadLettered++;
        events.deadLetter(request, lastCause);
        conclude(request, Status.REDELIVERY_EXHAUSTED, null, fairNanos);
    }

    /** Nobody knows whether it has run, and it must not run twice. */
    void loseForGood(QueuedRequest request, long fairNanos) {
        counters.lostOnce++;
        conclude(request, Status.WORKER_LOST, null, fairNanos);
    }

    /** Ends a request that waits. */
    void drop(QueuedRequest request, DropCause cause, long nowNanos, long fairNanos) {
        request.service().remove(request);
        intake.counted(request, -1);
        if (cause == DropCause.EXPIRED) {
            counters.expired++;
            events.dropped(request, cause, nowNanos);
            conclude(request, request.service().workers == 0 ? Status.NO_WORKERS : Status.EXPIRED, null, fairNanos);
        } else {
            end(request, cause, nowNanos);
        }
    }

    /** Ends a request of which nobody is there to be told; but a borrower wants to know of every one that it is over. */
    void end(QueuedRequest request, DropCause cause, long nowNanos) {
        counters.abandoned++;
        events.dropped(request, cause, nowNanos);
        QueueClient client = request.client();
        if (client.borrows && client.link != null) {
            client.link.reply(request.clientId, Status.EXPIRED, request.deliveries, 0, null);
        }
        log.forgotten(request);
        forget(request);
    }

    /** Tells a client of PRV/1, and keeps that for the case that it asks again. */
    private void conclude(QueuedRequest request, Status status, byte @Nullable [][] body, long fairNanos) {
        QueueClient client = request.client();
        if (client.isPlain()) {
            forget(request);
            return;
        }
        if (client.link != null) {
            client.link.reply(request.clientId, status, request.deliveries, 0, body);
        }
        if (dedupe.isOn() && request.clientId - client.acknowledgedBelow >= 0) {
            log.ended(request, status, body);
            keep(request, status, body, fairNanos);
        } else {
            log.forgotten(request);
            forget(request);
        }
    }

    /** Keeps how the request ended, as long as there is room. */
    void keep(QueuedRequest request, Status status, byte @Nullable [][] body, long fairNanos) {
        dedupe.keep(request, status, body, fairNanos);
        evict(fairNanos);
    }

    /** Lets go of what is kept beyond its bounds. */
    void evict(long fairNanos) {
        QueuedRequest surplus = dedupe.surplus(fairNanos);
        while (surplus != null) {
            QueueClient client = surplus.client();
            client.forgottenUpTo = Math.max(client.forgottenUpTo, surplus.clientId);
            forget(surplus);
            surplus = dedupe.surplus(fairNanos);
        }
    }

    /** Returns whether a client's request is known already, having told the client its end if it has ended. */
    boolean isDuplicate(QueueClient client, long clientId) {
        if (clientId - client.acknowledgedBelow < 0) {
            counters.duplicates++;
            return true;
        }
        QueuedRequest known = client.requests.get(clientId);
        if (known == null) {
            return false;
        }
        counters.duplicates++;
        if (known.endedAs != null && client.link != null) {
            counters.replayed++;
            client.link.reply(clientId, known.endedAs, known.deliveries, 0, known.reply);
        }
        return true;
    }

    /** The client needs nothing any more of its requests below {@code firstOpen}. */
    void acknowledge(QueueClient client, long firstOpen, long nowNanos, long fairNanos) {
        if (firstOpen - client.acknowledgedBelow > 0) {
            log.acknowledged(client, firstOpen);
            client.acknowledge(firstOpen, request -> unneeded(request, nowNanos, fairNanos));
        }
    }

    /** Nobody waits for the request any more; it ends now, or when the worker that has it is done. */
    void unneeded(@Nullable QueuedRequest request, long nowNanos, long fairNanos) {
        if (request == null || request.abandoned) {
            return;
        }
        if (request.endedAs != null) {
            dedupe.release(request);
            forget(request);
        } else if (request.mirrored) {
            request.abandoned = true; // A worker may have it, which nobody knows yet.
        } else if (request.worker == null) {
            drop(request, DropCause.ABANDONED, nowNanos, fairNanos);
        } else {
            request.abandoned = true;
            if (request.worker.link != null) {
                request.worker.link.cancel(request.idAtWorker());
            }
        }
    }

    /** Nobody waits for anything of this client any more. */
    void abandonAll(QueueClient client, long nowNanos, long fairNanos) {
        for (QueuedRequest request : new ArrayList<>(client.requests.values())) {
            unneeded(request, nowNanos, fairNanos);
        }
    }

    /** Returns when the next request may have waited too long, if that is before {@code nanos}. */
    long earlierDeadline(long nanos) {
        return expiry.earlier(nanos);
    }

    /** Ends what has waited too long. */
    void expire(long nowNanos, long fairNanos) {
        for (QueuedRequest request : expiry.expired(services.values(), nowNanos)) {
            drop(request, DropCause.EXPIRED, nowNanos, fairNanos);
        }
    }

    /** Tells a client of PRV/1 that another queue is to be asked, and which if that is known. */
    void turnAway(QueueClient client, long clientId, int deliveries, String activeAddress) {
        counters.rejected++;
        if (client.link != null) {
            byte[][] body = {activeAddress.getBytes(StandardCharsets.UTF_8)};
            client.link.reply(clientId, Status.NOT_ACTIVE, deliveries, settings.retryAfterMillis(), body);
        }
    }

    /** Lets go of it, wherever it was. */
    void forget(QueuedRequest request) {
        request.client().requests.remove(request.clientId);
        recycle(request);
    }

    private void recycle(QueuedRequest request) {
        request.clear();
        if (spare.size() < SPARE_MAX) {
            spare.addLast(request);
        }
    }
}
