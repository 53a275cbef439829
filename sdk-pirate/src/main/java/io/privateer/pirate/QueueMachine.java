package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.Dialect;
import io.privateer.pirate.PirateListener.DropCause;
import io.privateer.pirate.PirateListener.LossCause;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides what a queue does with its requests and workers. Performs no I/O, reads no clock and starts no thread.
 *
 * <p>Call one {@code on…} method per input with the current {@link io.privateer.core.NanoClock} reading, and
 * {@link #onTick} no later than {@link #nextDeadlineNanos()}. Outputs leave through the {@link QueuePort} during the
 * call, changes through the {@link PirateListener}. Readings must not go backwards between calls.
 *
 * <p>Not thread-safe: confine an instance to the thread that owns the sockets.
 */
final class QueueMachine {

    /*
     * Every accepted request is in exactly one place: the pending list, or one delivery in `deliveries`. It leaves
     * through exactly one of answer(), deadLetter(), drop(). A worker holds at most one delivery, because a Simple or
     * Paranoid Pirate takes one job at a time.
     *
     * A worker whose delivery was taken back may still be working on it: it `owes` a reply, which will be discarded,
     * and gets nothing new until it has said that, or that it is ready.
     *
     * Deadlines of peers are kept in fair time, see FairClock.
     */

    private final QueueSettings settings;
    private final QueuePort port;
    private final QueueEvents events;
    private final PendingRequests pending = new PendingRequests();
    private final WorkerTable workers = new WorkerTable();

    /** By id, which is also by age, so the lease that ends first is the first. */
    private final Map<Long, Delivery> deliveries = new LinkedHashMap<>();

    /** Workers whose connection is gone while they hold something, the longest gone first. */
    private final ArrayDeque<QueueWorker> inGrace = new ArrayDeque<>();

    private final QueueCounters counters = new QueueCounters();
    private final FairClock clock;
    private final Intake intake;

    private long lastDeliveryId = QueueWorker.NONE;
    private long beatDueNanos;
    private boolean drainedTold;

    QueueMachine(QueueSettings settings, QueuePort port, PirateListener listener, long nowNanos) {
        this.settings = settings;
        this.port = port;
        this.events = new QueueEvents(listener);
        this.clock = new FairClock(nowNanos, settings.sweepNanos(), settings.heartbeatNanos());
        this.intake = new Intake(settings, pending, listener);
        this.beatDueNanos = nowNanos + settings.heartbeatNanos();
    }

    /** Takes a request from a client, or refuses it when the queue is full or draining. */
    void onRequest(long nowNanos, Identity client, byte[][] returnAddress, byte[][] body) {
        clock.observe(nowNanos);
        QueuedRequest request = new QueuedRequest(counters.accepted + 1, client, returnAddress, body, nowNanos);
        if (!intake.admits(request)) {
            counters.rejected++;
            return;
        }
        counters.accepted++;
        pending.accepted(request);
        pending.addLast(request);
        dispatch(nowNanos);
    }

    /** A client's connection is gone; under an identity that it made up itself it may come back for its replies. */
    void onClientGone(long nowNanos, Identity client) {
        clock.observe(nowNanos);
        for (QueuedRequest request : pending.takeAllOf(client)) {
            request.abandoned = true;
            if (request.waiting) {
                pending.remove(request);
                drop(nowNanos, request, DropCause.ABANDONED);
            }
        }
        afterChange();
    }

    /** A worker says that it holds nothing. */
    void onReady(long nowNanos, Identity identity, Dialect dialect) {
        clock.observe(nowNanos);
        QueueWorker worker = workers.get(identity);
        if (worker != null && worker.dialect != dialect) {
            lose(nowNanos, worker, LossCause.GAVE_BACK);
            workers.remove(worker);
            worker = null;
        }
        if (worker == null) {
            register(nowNanos, identity, dialect);
        } else {
            takeBack(nowNanos, worker, LossCause.GAVE_BACK);
            worker.owes = QueueWorker.NONE;
            hear(nowNanos, worker);
        }
        dispatch(nowNanos);
    }

    /** A worker gives a sign of life. One that never registered stays a stranger. */
    void onHeartbeat(long nowNanos, Identity identity, boolean whileBusy) {
        clock.observe(nowNanos);
        QueueWorker worker = workers.get(identity);
        if (worker == null) {
            counters.strayHeartbeats++;
            return;
        }
        worker.beatsWhileBusy |= whileBusy && worker.marked;
        hear(nowNanos, worker);
        if (!settings.heartbeats() && worker.takesBeats()) {
            port.beat(identity, worker.marked);
        }
        dispatch(nowNanos);
    }

    /** A worker replies to a delivery of this queue. */
    void onReply(long nowNanos, Identity identity, long deliveryId, byte[][] body) {
        clock.observe(nowNanos);
        QueueWorker worker = workers.get(identity);
        if (worker == null) {
            counters.lateReplies++;
            return;
        }
        Delivery delivery = worker.delivery;
        if (delivery != null && delivery.id() == deliveryId) {
            deliveries.remove(deliveryId);
            worker.delivery = null;
            answer(nowNanos, delivery.request(), body);
        } else {
            counters.lateReplies++;
            if (worker.owes == deliveryId) {
                worker.owes = QueueWorker.NONE;
            }
        }
        hear(nowNanos, worker);
        dispatch(nowNanos);
    }

    /** A worker replies to what this queue never delivered: a leftover of an earlier queue at this address. */
    void onStrayReply(long nowNanos, Identity identity) {
        clock.observe(nowNanos);
        counters.strayReplies++;
        QueueWorker worker = workers.get(identity);
        if (worker != null) {
            hear(nowNanos, worker);
            dispatch(nowNanos);
        }
    }

    /** A worker's connection is gone. */
    void onWorkerGone(long nowNanos, Identity identity) {
        clock.observe(nowNanos);
        QueueWorker worker = workers.get(identity);
        if (worker == null || worker.gone) {
            return;
        }
        if (worker.delivery != null && worker.mayResume()) {
            worker.gone = true;
            worker.heardAtNanos = clock.fair(nowNanos);
            inGrace.add(worker);
            workers.refresh(worker);
        } else {
            lose(nowNanos, worker, LossCause.DISCONNECTED);
            workers.remove(worker);
        }
        dispatch(nowNanos);
    }

    /** Lets deadlines pass. Calling early, late or repeatedly is harmless. */
    void onTick(long nowNanos) {
        clock.observe(nowNanos);
        endGraces(nowNanos);
        endLeases(nowNanos);
        boolean sweepDue = clock.sweepDue(nowNanos);
        if (settings.heartbeats() && sweepDue) {
            findSilent(nowNanos);
        }
        if (settings.heartbeats() && nowNanos - beatDueNanos >= 0) {
            beatAll();
            beatDueNanos = nowNanos + settings.heartbeatNanos();
        }
        expire(nowNanos);
        dispatch(nowNanos);
    }

    /** Takes no request any more; {@link QueuePort#drained()} follows once nothing is held. */
    void onDrain(long nowNanos) {
        clock.observe(nowNanos);
        intake.drain();
        afterChange();
    }

    /** Returns when {@link #onTick} is due at the latest. */
    long nextDeadlineNanos() {
        long next = clock.nextSweepNanos();
        QueueWorker longestGone = inGrace.peekFirst();
        if (longestGone != null) {
            next = Deadlines.earlier(next, clock.unfair(longestGone.heardAtNanos + settings.disconnectGraceNanos()));
        }
        if (!deliveries.isEmpty()) {
            long oldest = deliveries.values().iterator().next().deliveredAtNanos();
            next = Deadlines.earlier(next, clock.unfair(oldest + settings.leaseNanos()));
        }
        return next;
    }

    /** Returns what was counted and is held; the shell adds what it alone knows. */
    QueueStats stats(QueueCounters.OfShell ofShell) {
        return counters.snapshot(pending, deliveries.size(), workers, ofShell);
    }

    private void register(long nowNanos, Identity identity, Dialect dialect) {
        if (workers.count() >= settings.workersMax()) {
            counters.workersRefused++;
            return;
        }
        QueueWorker worker = new QueueWorker(identity, dialect, clock.fair(nowNanos));
        workers.add(worker);
        workers.refresh(worker);
        events.joined(worker);
        if (dialect == Dialect.PARANOID) {
            port.beat(identity, worker.marked);
        }
    }

    /** Notes that the worker is alive and where it stands now. */
    private void hear(long nowNanos, QueueWorker worker) {
        worker.heardAtNanos = clock.fair(nowNanos);
        if (worker.gone) {
            worker.gone = false;
            inGrace.remove(worker);
        }
        worker.silent = false;
        if (worker.lost && worker.mayTakeWork()) {
            worker.lost = false;
            events.joined(worker);
        }
        workers.refresh(worker);
    }

    /** Ends the trust in a worker and takes back what it holds. */
    private void lose(long nowNanos, QueueWorker worker, LossCause cause) {
        if (!worker.lost) {
            // Once: whoever counts workers up and down must not be told of one loss twice.
            worker.lost = true;
            events.lost(worker, cause, clock.fair(nowNanos));
        }
        takeBack(nowNanos, worker, cause);
        workers.refresh(worker);
    }

    private void takeBack(long nowNanos, QueueWorker worker, LossCause cause) {
        Delivery delivery = worker.delivery;
        if (delivery == null) {
            return;
        }
        deliveries.remove(delivery.id());
        worker.delivery = null;
        worker.owes = delivery.id();
        counters.returned++;
        QueuedRequest request = delivery.request();
        events.returned(delivery, cause, clock.fair(nowNanos));
        if (request.abandoned) {
            drop(nowNanos, request, DropCause.ABANDONED);
        } else if (request.deliveries >= settings.deliveriesMax()) {
            deadLetter(request, cause);
        } else {
            pending.addFirst(request);
        }
    }

    private void dispatch(long nowNanos) {
        expire(nowNanos);
        QueuedRequest request = pending.first();
        while (request != null) {
            QueueWorker worker = workers.takeIdle();
            if (worker == null) {
                break;
            }
            deliver(nowNanos, request, worker);
            expire(nowNanos);
            request = pending.first();
        }
        afterChange();
    }

    private void deliver(long nowNanos, QueuedRequest request, QueueWorker worker) {
        long deliveryId = ++lastDeliveryId;
        if (!port.deliver(worker.identity, worker.dialect, deliveryId, request.body)) {
            // Its connection is gone, which the socket has not told yet; the request never left.
            lose(nowNanos, worker, LossCause.DISCONNECTED);
            workers.remove(worker);
            return;
        }
        pending.remove(request);
        request.deliveries++;
        counters.deliveries++;
        if (request.deliveries > 1) {
            counters.redelivered++;
        }
        Delivery delivery = new Delivery(deliveryId, request, worker, clock.fair(nowNanos));
        worker.delivery = delivery;
        deliveries.put(deliveryId, delivery);
    }

    private void answer(long nowNanos, QueuedRequest request, byte[][] body) {
        if (request.abandoned) {
            drop(nowNanos, request, DropCause.ABANDONED);
            return;
        }
        pending.ended(request);
        counters.answered++;
        port.reply(request.client, request.returnAddress, body);
    }

    private void deadLetter(QueuedRequest request, LossCause lastCause) {
        pending.ended(request);
        counters.deadLettered++;
        events.deadLetter(request, lastCause);
    }

    private void drop(long nowNanos, QueuedRequest request, DropCause cause) {
        pending.ended(request);
        switch (cause) {
            case EXPIRED -> counters.expired++;
            case ABANDONED -> counters.abandoned++;
        }
        events.dropped(request, cause, nowNanos);
    }

    /** The front is the oldest, unless it came back later than an older one: that one's turn is when it is in front. */
    private void expire(long nowNanos) {
        QueuedRequest oldest = pending.first();
        while (oldest != null && nowNanos - oldest.acceptedAtNanos >= settings.requestTtlNanos()) {
            pending.remove(oldest);
            drop(nowNanos, oldest, DropCause.EXPIRED);
            oldest = pending.first();
        }
    }

    private void endGraces(long nowNanos) {
        QueueWorker worker = inGrace.peekFirst();
        while (worker != null && clock.fair(nowNanos) - worker.heardAtNanos >= settings.disconnectGraceNanos()) {
            inGrace.removeFirst();
            lose(nowNanos, worker, LossCause.DISCONNECTED);
            workers.remove(worker);
            worker = inGrace.peekFirst();
        }
    }

    private void endLeases(long nowNanos) {
        while (!deliveries.isEmpty()) {
            Delivery oldest = deliveries.values().iterator().next();
            if (clock.fair(nowNanos) - oldest.deliveredAtNanos() < settings.leaseNanos()) {
                return;
            }
            lose(nowNanos, oldest.worker(), LossCause.LEASE_EXPIRED);
        }
    }

    private void findSilent(long nowNanos) {
        List<QueueWorker> forgotten = new ArrayList<>(0);
        for (QueueWorker worker : workers.all()) {
            long silentNanos = clock.fair(nowNanos) - worker.heardAtNanos;
            if (worker.silent && silentNanos >= settings.forgetNanos()) {
                forgotten.add(worker);
            } else if (!worker.silent && worker.silenceCounts() && silentNanos >= settings.silenceNanos()) {
                worker.silent = true;
                lose(nowNanos, worker, LossCause.SILENT);
            }
        }
        forgotten.forEach(workers::remove);
    }

    private void beatAll() {
        for (QueueWorker worker : workers.all()) {
            if (worker.takesBeats()) {
                port.beat(worker.identity, worker.marked);
            }
        }
    }

    private void afterChange() {
        intake.reopen();
        if (intake.isDraining() && !drainedTold && pending.count() == 0 && deliveries.isEmpty()) {
            drainedTold = true;
            port.drained();
        }
    }
}
