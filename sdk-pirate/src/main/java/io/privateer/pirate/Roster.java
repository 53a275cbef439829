package io.privateer.pirate;

import io.privateer.core.FairClock;
import io.privateer.core.internal.Deadlines;
import io.privateer.core.transport.Identity;
import io.privateer.core.wire.Dialect;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.RecordReader;
import io.privateer.core.wire.Status;
import io.privateer.pirate.PirateListener.LossCause;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which workers there are, which of them are trusted with work, and what becomes of what a lost one held. Deadlines of
 * peers are kept in fair time, see {@link FairClock}. Belongs to {@link QueueMachine}.
 */
final class Roster {

    private final QueueSettings settings;
    private final QueuePort port;
    private final QueueEvents events;
    private final QueueCounters counters;
    private final FairClock clock;
    private final RequestLedger ledger;
    private final Inheritance inheritance;
    final WorkerTable workers;

    /** Workers whose connection is gone while they hold something, the longest gone first. */
    private final ArrayDeque<QueueWorker> inGrace = new ArrayDeque<>();

    Roster(
            QueueSettings settings,
            QueuePort port,
            PirateListener listener,
            QueueCounters counters,
            FairClock clock,
            RequestLedger ledger,
            WorkerTable workers,
            Inheritance inheritance) {
        this.settings = settings;
        this.port = port;
        this.events = new QueueEvents(listener);
        this.counters = counters;
        this.clock = clock;
        this.ledger = ledger;
        this.workers = workers;
        this.inheritance = inheritance;
    }

    @Nullable
    QueueWorker get(Identity identity) {
        return workers.get(identity);
    }

    /** A worker of a pirate dialect says that it holds nothing. */
    void ready(long nowNanos, Identity identity, Dialect dialect) {
        QueueWorker worker = workers.get(identity);
        if (worker != null && worker.dialect != dialect) {
            lose(nowNanos, worker, LossCause.GAVE_BACK);
            remove(worker);
            worker = null;
        }
        if (worker == null) {
            worker = register(nowNanos, identity, dialect, ledger.defaultService);
            if (worker != null && dialect == Dialect.PARANOID) {
                port.beat(identity, worker.marked);
            }
        } else {
            takeBackAll(nowNanos, worker, LossCause.GAVE_BACK, Set.of());
            worker.owes = QueueWorker.NONE;
            hear(nowNanos, worker);
        }
    }

    /** A worker of PRV/1 says who it is and what it holds; it may be known from an earlier connection. */
    @Nullable
    QueueWorker prvReady(long nowNanos, PrvLink link, RecordReader ready) {
        PeerId peer = ready.peer();
        Service service = ledger.service(ready.service());
        QueueWorker worker = workers.get(QueueWorker.nameOf(peer));
        if (link.worker != null && link.worker != worker) {
            disconnected(nowNanos, link.worker);
        }
        if (worker == null) {
            worker = register(nowNanos, QueueWorker.nameOf(peer), Dialect.PRV, service);
            if (worker == null) {
                return null;
            }
        } else {
            if (worker.link != null && worker.link != link) {
                worker.link.worker = null;
            }
            takeBackAll(nowNanos, worker, LossCause.GAVE_BACK, heldOf(ready));
            worker.owes = QueueWorker.NONE;
            if (worker.service != service) {
                workers.moveTo(service, worker);
            }
        }
        worker.link = link;
        ledger.log.onIntroduction(link);
        worker.draining = false;
        worker.introduced(ready);
        link.worker = worker;
        inheritance.onReady(worker);
        hear(nowNanos, worker);
        return worker;
    }

    /** A worker of PRV/1 answers the question of a queue that has taken over. */
    void takenOver(long nowNanos, QueueWorker worker, RecordReader ready) {
        for (int i = 0; i < ready.heldCount(); i++) {
            inheritance.onHeld(worker, ready.heldId(i), nowNanos);
        }
        worker.introduced(ready);
        inheritance.onTold(worker);
        hear(nowNanos, worker);
    }

    private static Set<Long> heldOf(RecordReader ready) {
        Set<Long> held = new HashSet<>();
        for (int i = 0; i < ready.heldCount(); i++) {
            held.add(ready.heldId(i));
        }
        return held;
    }

    private @Nullable QueueWorker register(long nowNanos, Identity identity, Dialect dialect, Service service) {
        if (workers.count() >= settings.workersMax()) {
            counters.workersRefused++;
            return null;
        }
        QueueWorker worker = new QueueWorker(identity, dialect, service, clock.fair(nowNanos));
        workers.add(worker);
        workers.refresh(worker);
        events.joined(worker);
        return worker;
    }

    /** Notes that the worker is alive and where it stands now. */
    void hear(long nowNanos, QueueWorker worker) {
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

    /** A worker of a pirate dialect replies to a delivery of this queue. */
    void replied(long nowNanos, QueueWorker worker, long deliveryId, byte[][] body) {
        QueuedRequest request = ledger.inFlight.get(deliveryId, worker);
        if (request != null) {
            ledger.answer(request, worker, Status.OK, body, nowNanos, clock.fair(nowNanos));
        } else {
            counters.lateReplies++;
            if (worker.owes == deliveryId) {
                worker.owes = QueueWorker.NONE;
            }
        }
        hear(nowNanos, worker);
    }

    /** A worker of PRV/1 replies. */
    void prvReplied(long nowNanos, QueueWorker worker, RecordReader record) {
        worker.owes = QueueWorker.NONE;
        if (worker.link != null) {
            worker.link.repliesRead++;
        }
        QueuedRequest request = ledger.inFlight.get(record.id(), worker);
        if (request == null) {
            counters.lateReplies++;
            return;
        }
        long fairNanos = clock.fair(nowNanos);
        Status status = record.status();
        if (status != Status.OK && request.client().isPlain()) {
            // The pirate dialects have no word for failure: another worker may do better.
            ledger.takeBack(request, worker, LossCause.GAVE_BACK, nowNanos, fairNanos);
            worker.owes = QueueWorker.NONE;
        } else {
            ledger.answer(request, worker, status, record.body(), nowNanos, fairNanos);
        }
    }

    /** A worker of PRV/1 finishes what it has. */
    void drain(QueueWorker worker) {
        worker.draining = true;
        workers.refresh(worker);
        if (worker.link != null) {
            worker.link.drain(); // Behind this the worker knows that nothing is on its way to it any more.
        }
    }

    /** The worker's connection is gone. */
    void disconnected(long nowNanos, QueueWorker worker) {
        if (worker.gone) {
            return;
        }
        worker.unlink();
        if (worker.held > 0 && worker.mayResume()) {
            worker.gone = true;
            worker.heardAtNanos = clock.fair(nowNanos);
            inGrace.add(worker);
            workers.refresh(worker);
        } else {
            forsake(nowNanos, worker, LossCause.DISCONNECTED);
        }
    }

    /** Ends the trust in a worker, takes back what it holds, and knows it no more. */
    void forsake(long nowNanos, QueueWorker worker, LossCause cause) {
        lose(nowNanos, worker, cause);
        remove(worker);
    }

    private void remove(QueueWorker worker) {
        if (worker.gone) {
            inGrace.remove(worker);
        }
        worker.unlink();
        workers.remove(worker);
    }

    private void lose(long nowNanos, QueueWorker worker, LossCause cause) {
        distrust(nowNanos, worker, cause);
        takeBackAll(nowNanos, worker, cause, Set.of());
        workers.refresh(worker);
    }

    /** Tells of the loss once: whoever counts workers up and down must not be told of one loss twice. */
    private void distrust(long nowNanos, QueueWorker worker, LossCause cause) {
        if (!worker.lost) {
            worker.lost = true;
            events.lost(worker, cause, clock.fair(nowNanos));
        }
    }

    /** Takes back what the worker holds but for {@code kept}, the newest first, so that the oldest is again in front. */
    private void takeBackAll(long nowNanos, QueueWorker worker, LossCause cause, Set<Long> kept) {
        QueuedRequest request = ledger.inFlight.newest();
        int left = worker.held;
        while (request != null && left > 0) {
            QueuedRequest before = request.previous;
            if (request.worker == worker) {
                left--;
                if (!kept.contains(request.deliveryId)) {
                    if (worker.link != null && cause == LossCause.SILENT) {
                        worker.link.cancel(
                                request.idAtWorker()); // It may only have been frozen, and would run it later.
                    }
                    ledger.takeBack(request, worker, cause, nowNanos, clock.fair(nowNanos));
                }
            }
            request = before;
        }
    }

    /** Takes back what was held for longer than the lease. A worker that holds more keeps the rest, but gets nothing new. */
    void endLeases(long nowNanos) {
        QueuedRequest oldest = ledger.inFlight.oldest();
        while (oldest != null && clock.fair(nowNanos) - oldest.sinceNanos >= settings.leaseNanos()) {
            QueueWorker worker = oldest.worker;
            if (worker == null) {
                throw new IllegalStateException("in flight without a worker: request " + oldest.id);
            }
            distrust(nowNanos, worker, LossCause.LEASE_EXPIRED);
            if (worker.link != null) {
                worker.link.cancel(oldest.idAtWorker());
            }
            ledger.takeBack(oldest, worker, LossCause.LEASE_EXPIRED, nowNanos, clock.fair(nowNanos));
            workers.refresh(worker);
            oldest = ledger.inFlight.oldest();
        }
    }

    void endGraces(long nowNanos) {
        QueueWorker worker = inGrace.peekFirst();
        while (worker != null && clock.fair(nowNanos) - worker.heardAtNanos >= settings.disconnectGraceNanos()) {
            inGrace.removeFirst();
            forsake(nowNanos, worker, LossCause.DISCONNECTED);
            worker = inGrace.peekFirst();
        }
    }

    void findSilent(long nowNanos) {
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
        forgotten.forEach(this::remove);
    }

    /** A new incarnation begins: no worker of PRV/1 owes it anything, for they forget what they had of the one before. */
    void beginAnew() {
        for (QueueWorker worker : workers.all()) {
            if (worker.isPrv()) {
                worker.owes = QueueWorker.NONE;
            }
            workers.refresh(worker);
        }
    }

    void beatAll() {
        for (QueueWorker worker : workers.all()) {
            if (worker.takesBeats()) {
                beat(worker);
            }
        }
    }

    void beat(QueueWorker worker) {
        if (worker.link != null) {
            worker.link.beat();
        } else if (!worker.isPrv()) {
            port.beat(worker.identity, worker.marked);
        }
    }

    /** Returns when the next grace or lease ends, if that is before {@code nanos}. */
    long earlierDeadline(long nanos) {
        long next = nanos;
        QueueWorker longestGone = inGrace.peekFirst();
        if (longestGone != null) {
            next = Deadlines.earlier(next, clock.unfair(longestGone.heardAtNanos + settings.disconnectGraceNanos()));
        }
        QueuedRequest oldest = ledger.inFlight.oldest();
        if (oldest != null) {
            next = Deadlines.earlier(next, clock.unfair(oldest.sinceNanos + settings.leaseNanos()));
        }
        return next;
    }
}
