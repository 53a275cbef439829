package io.privateer.pirate;

import io.privateer.core.FairClock;
import io.privateer.core.Guard;
import io.privateer.core.transport.Identity;
import io.privateer.core.wire.Dialect;
import io.privateer.core.wire.EpochFence;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.RecordReader;
import io.privateer.core.wire.Status;
import io.privateer.pirate.PirateListener.LossCause;

/**
 * Decides what a queue does with its requests, clients and workers. Performs no I/O, reads no clock and starts no thread.
 *
 * <p>Call one {@code on…} method per input with the current {@link io.privateer.core.NanoClock} reading, and
 * {@link #onTick} no later than {@link #nextDeadlineNanos()}. Outputs leave through the {@link QueuePort} and the
 * {@link PrvLink}s during the call, changes through the {@link PirateListener}. Readings must not go backwards.
 *
 * <p>{@link RequestLedger} keeps requests, {@link Clientele} clients, {@link Roster} workers; this class puts them together.
 * Not thread-safe: confine it to the sockets' thread.
 */
final class QueueMachine {

    private final QueueSettings settings;
    private final QueuePort port;
    private final QueueCounters counters = new QueueCounters();
    private final FairClock clock;
    private final RequestLedger ledger;
    private final Roster roster;
    private final Clientele clientele;
    private final Dispatcher dispatcher;
    private final QueueReplication replication;
    private final Standing standing;
    final Lenders lenders;
    final LentCapacity capacity;

    private long beatDueNanos;
    private boolean drainedTold;

    /** Makes a queue that peers of PRV/1 know as {@code incarnation}. */
    QueueMachine(QueueSettings settings, PeerId incarnation, QueuePort port, PirateListener listener, long nowNanos) {
        this.settings = settings;
        this.port = port;
        this.clock = new FairClock(nowNanos, settings.sweepNanos(), settings.heartbeatNanos());
        this.ledger = new RequestLedger(settings, port, listener, counters);
        this.clientele = new Clientele(settings, ledger);
        WorkerTable workers = new WorkerTable();
        this.replication = new QueueReplication(
                settings, port, counters, clock, ledger, clientele, workers, this::observe, this::afterChange);
        this.roster = new Roster(settings, port, listener, counters, clock, ledger, workers, replication.inheritance);
        this.standing = new Standing(settings, incarnation, counters, ledger, clientele, roster, replication);
        this.lenders = new Lenders(settings, counters, clock, ledger, this::observe, this::dispatchAll);
        this.dispatcher = new Dispatcher(settings, port, clock, ledger, roster, lenders);
        this.capacity = new LentCapacity(ledger, clientele, standing);
        this.beatDueNanos = nowNanos + settings.heartbeatNanos();
    }

    /** Somebody else decides from here on when the queue serves. */
    void onGuarded(long nowNanos, Guard guard) {
        clock.observe(nowNanos);
        standing.guardedBy(guard);
        afterChange(nowNanos);
    }

    /** The queue is to serve, as {@code newIncarnation} if it stood by. */
    void onActivate(long nowNanos, long epoch, PeerId newIncarnation) {
        clock.observe(nowNanos);
        standing.serve(nowNanos, epoch, newIncarnation);
        afterChange(nowNanos);
    }

    /** The queue is to serve no more. */
    void onStandBy(long nowNanos, long newestEpoch, String activeAddress) {
        clock.observe(nowNanos);
        standing.standBy(newestEpoch, activeAddress);
        afterChange(nowNanos);
    }

    /** The queue may serve until then, unless it is told another time. */
    void onServeUntil(long nanos) {
        standing.serveUntil(nanos);
    }

    /** The other one is out of sight, or in sight again. */
    void onAlone(boolean isAlone) {
        standing.alone(isAlone);
    }

    /** The other queue of the pair follows this one from now on. */
    void onFollowed(long nowNanos, long session) {
        observe(nowNanos);
        if (!standing.isStandby()) {
            replication.onFollowed(nowNanos, session, standing.incarnation());
        }
    }

    /** Returns what else there is to be told of the other queue of the pair, and by it. */
    QueueReplication replication() {
        return replication;
    }

    /** Returns whether a peer's message with this epoch is to be believed. */
    boolean onEpoch(long nowNanos, long epoch) {
        observe(nowNanos);
        return standing.believes(epoch);
    }

    EpochFence epochs() {
        return standing.fence;
    }

    /** Takes a request from a plain client, or refuses it when the queue is full or draining. */
    void onRequest(long nowNanos, Identity client, byte[][] returnAddress, byte[][] body) {
        observe(nowNanos);
        if (standing.isStandby()) {
            counters.rejected++;
            standing.voted();
            ledger.refusePlain(client, returnAddress, Status.NOT_ACTIVE);
        } else if (clientele.plainRequest(client, returnAddress, body, nowNanos)) {
            dispatch(nowNanos, ledger.defaultService);
        } else {
            ledger.refusePlain(client, returnAddress, ledger.intake.isDraining() ? Status.NOT_ACTIVE : Status.BUSY);
        }
    }

    /** A plain client's connection is gone; under an identity that it made up itself it may come back for its replies. */
    void onClientGone(long nowNanos, Identity identity) {
        observe(nowNanos);
        clientele.plainGone(identity, nowNanos, clock.fair(nowNanos));
        afterChange(nowNanos);
    }

    /** A client of PRV/1 says who it is; it may be known from an earlier connection. */
    void onHello(long nowNanos, PrvLink link, RecordReader hello) {
        observe(nowNanos);
        if (clientele.hello(link, hello, clock.fair(nowNanos))) {
            standing.welcome(link);
            if (standing.isStandby() && hello.isVote()) {
                standing.voted();
            }
        }
    }

    /** A client of PRV/1 gives a sign of life. */
    void onClientHeard(long nowNanos, QueueClient client) {
        observe(nowNanos);
        client.heardAtNanos = clock.fair(nowNanos);
        if (!settings.heartbeats() && client.link != null) {
            client.link.beat();
        }
    }

    /** Takes a request from a client of PRV/1, unless it is known already, or refuses it. */
    void onPrvRequest(long nowNanos, QueueClient client, RecordReader record) {
        observe(nowNanos);
        if (standing.turnsAway(client, record)) {
            return;
        }
        Service service = clientele.request(client, record, nowNanos);
        if (service != null) {
            dispatch(nowNanos, service);
        }
    }

    /** A client of PRV/1 needs nothing any more of its requests below {@code firstOpen}. */
    void onAcknowledge(long nowNanos, QueueClient client, long firstOpen) {
        observe(nowNanos);
        ledger.acknowledge(client, firstOpen, nowNanos, clock.fair(nowNanos));
        afterChange(nowNanos);
    }

    /** A client of PRV/1 no longer waits for a request. */
    void onCancel(long nowNanos, QueueClient client, long clientId) {
        observe(nowNanos);
        ledger.unneeded(client.requests.get(clientId), nowNanos, clock.fair(nowNanos));
        afterChange(nowNanos);
    }

    /** A client of PRV/1 leaves for good. */
    void onClientGoodbye(long nowNanos, QueueClient client) {
        observe(nowNanos);
        clientele.goodbye(client, nowNanos, clock.fair(nowNanos));
        afterChange(nowNanos);
    }

    /** A connection of PRV/1 is gone, or has not read for too long; whoever was behind it may come back on another. */
    void onLinkGone(long nowNanos, PrvLink link) {
        observe(nowNanos);
        if (link.client != null) {
            link.client.heardAtNanos = clock.fair(nowNanos);
            link.client.unlink();
        }
        if (link.worker != null) {
            roster.disconnected(nowNanos, link.worker);
            dispatchAll(nowNanos);
        }
    }

    /** A worker of a pirate dialect says that it holds nothing. */
    void onReady(long nowNanos, Identity identity, Dialect dialect) {
        observe(nowNanos);
        roster.ready(nowNanos, identity, dialect);
        dispatchAll(nowNanos);
    }

    /** A worker of PRV/1 says who it is and what it holds. */
    void onPrvReady(long nowNanos, PrvLink link, RecordReader ready) {
        observe(nowNanos);
        link.limit(ready.messageBytesMax());
        if (ready.isTakeover() && link.worker != null) {
            roster.takenOver(nowNanos, link.worker, ready);
            dispatchAll(nowNanos);
        } else if (roster.prvReady(nowNanos, link, ready) == null) {
            link.goodbye(Status.BUSY);
        } else {
            standing.welcome(link);
            dispatchAll(nowNanos);
        }
    }

    /** A worker gives a sign of life. One that never registered stays a stranger. */
    void onHeartbeat(long nowNanos, Identity identity, boolean whileBusy) {
        observe(nowNanos);
        QueueWorker worker = roster.get(identity);
        if (worker == null) {
            counters.strayHeartbeats++;
            return;
        }
        worker.beatsWhileBusy |= whileBusy && worker.marked;
        roster.hear(nowNanos, worker);
        if (!settings.heartbeats() && worker.takesBeats()) {
            roster.beat(worker);
        }
        dispatch(nowNanos, worker.service);
    }

    /** A worker of PRV/1 has said something; to be called once per message, behind what it said. */
    void onWorkerHeard(long nowNanos, QueueWorker worker) {
        observe(nowNanos);
        roster.hear(nowNanos, worker);
        if (!settings.heartbeats()) {
            roster.beat(worker);
        }
        if (worker.link != null) {
            ledger.log.onRepliesRead(worker.link);
        }
        dispatch(nowNanos, worker.service);
    }

    /** A worker of a pirate dialect replies to a delivery of this queue. */
    void onReply(long nowNanos, Identity identity, long deliveryId, byte[][] body) {
        observe(nowNanos);
        QueueWorker worker = roster.get(identity);
        if (worker == null) {
            counters.lateReplies++;
            return;
        }
        roster.replied(nowNanos, worker, deliveryId, body);
        dispatch(nowNanos, worker.service);
    }

    /** A worker of PRV/1 replies; {@link #onWorkerHeard} follows at the end of the message. */
    void onPrvReply(long nowNanos, QueueWorker worker, RecordReader record) {
        observe(nowNanos);
        roster.prvReplied(nowNanos, worker, record);
    }

    /** A worker of PRV/1 is still at work on a delivery. */
    void onProgress(long nowNanos, QueueWorker worker, long deliveryId) {
        observe(nowNanos);
        QueuedRequest request = ledger.inFlight.get(deliveryId, worker);
        if (request != null) {
            ledger.inFlight.renew(request, clock.fair(nowNanos));
        }
    }

    /** A worker of PRV/1 will hold so many deliveries from now on. */
    void onCredit(QueueWorker worker, long credit) {
        worker.credit = QueueWorker.creditOf(credit);
    }

    /** A worker of PRV/1 finishes what it has. */
    void onWorkerDrain(QueueWorker worker) {
        roster.drain(worker);
    }

    /** A worker of PRV/1 leaves; what it still holds comes back. */
    void onWorkerGoodbye(long nowNanos, QueueWorker worker) {
        observe(nowNanos);
        roster.forsake(nowNanos, worker, LossCause.GAVE_BACK);
        dispatchAll(nowNanos);
    }

    /** A worker replies to what this queue never delivered: a leftover of an earlier queue at this address. */
    void onStrayReply(long nowNanos, Identity identity) {
        observe(nowNanos);
        counters.strayReplies++;
        QueueWorker worker = roster.get(identity);
        if (worker != null) {
            roster.hear(nowNanos, worker);
            dispatch(nowNanos, worker.service);
        }
    }

    /** The connection of a worker of a pirate dialect is gone. */
    void onWorkerGone(long nowNanos, Identity identity) {
        observe(nowNanos);
        QueueWorker worker = roster.get(identity);
        if (worker != null) {
            roster.disconnected(nowNanos, worker);
            dispatchAll(nowNanos);
        }
    }

    /** Lets deadlines pass. Calling early, late or repeatedly is harmless. */
    void onTick(long nowNanos) {
        observe(nowNanos);
        roster.endGraces(nowNanos);
        roster.endLeases(nowNanos);
        lenders.onTick(nowNanos);
        boolean sweepDue = clock.sweepDue(nowNanos);
        if (settings.heartbeats() && sweepDue) {
            roster.findSilent(nowNanos);
        }
        ledger.expire(nowNanos, clock.fair(nowNanos));
        if (sweepDue) {
            ledger.evict(clock.fair(nowNanos));
            clientele.forget(clock.fair(nowNanos));
        }
        if (settings.heartbeats() && nowNanos - beatDueNanos >= 0) {
            roster.beatAll();
            clientele.beatAll();
            beatDueNanos = nowNanos + settings.heartbeatNanos();
        }
        dispatchAll(nowNanos);
    }

    /** Takes no request any more; {@link QueuePort#drained()} follows once nothing is held. */
    void onDrain(long nowNanos) {
        observe(nowNanos);
        ledger.intake.drain();
        clientele.drainAll();
        standing.end("it drains");
        afterChange(nowNanos);
    }

    /** Its peers of PRV/1 look for another queue at once. */
    void onClose() {
        standing.end("it is closed");
        clientele.goodbyeAll();
        for (QueueWorker worker : roster.workers.all()) {
            if (worker.link != null) {
                worker.link.goodbye(Status.OK);
            }
        }
    }

    /** Returns when {@link #onTick} is due at the latest. */
    long nextDeadlineNanos() {
        long nextNanos = lenders.earlierDeadline(roster.earlierDeadline(clock.nextSweepNanos()));
        return replication.inheritance.earlierDeadline(ledger.earlierDeadline(nextNanos));
    }

    /** The shell adds what it alone knows. */
    QueueStats stats(QueueCounters.OfShell ofShell) {
        return counters.snapshot(ledger, roster.workers, standing, ofShell);
    }

    /** Comes first with every input: the lease under which the queue serves may have ended while the process stood still. */
    private void observe(long nowNanos) {
        clock.observe(nowNanos);
        standing.observe(nowNanos);
    }

    private void dispatchAll(long nowNanos) {
        dispatcher.dispatchAll(nowNanos);
        afterChange(nowNanos);
    }

    private void dispatch(long nowNanos, Service service) {
        dispatcher.dispatch(nowNanos, service);
        afterChange(nowNanos);
    }

    private void afterChange(long nowNanos) {
        if (replication.inheritance.settle(nowNanos)) {
            dispatcher.dispatchAll(nowNanos);
        }
        dispatcher.dispatchHeldBack(nowNanos);
        ledger.intake.reopen();
        if (ledger.intake.isDraining()
                && !drainedTold
                && ledger.intake.waiting() == 0
                && ledger.inFlight.count() == 0) {
            drainedTold = true;
            port.drained();
        }
    }
}
