package io.privateer.pirate;

import io.privateer.core.Backoff;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.Status;
import io.privateer.pirate.PrvDelivery.State;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides what one PRV/1 worker does next. Performs no I/O, reads no clock and starts no thread.
 *
 * <p>Call one {@code on…} method per input with the current {@link io.privateer.core.NanoClock} reading, and
 * {@link #onTick} no later than {@link #nextDeadlineNanos()}. Outputs leave through the {@link PrvWorkerPort} during the
 * call.
 *
 * <p>Not thread-safe: confine an instance to the thread that owns the socket.
 */
final class PrvWorkerMachine {

    /*
     * The worker is one, whatever connection it uses: READY names it and what it still holds, so a lost connection costs
     * no work. What it holds belongs to one incarnation of the queue, though, whose delivery ids mean nothing to the next.
     * So replies wait for the WELCOME of a new connection, which tells whether they still have anybody to go to.
     */

    /** A queue that took the worker for lost and meets it again may send as much as it holds already; not more. */
    private static final int CREDITS_HELD_MAX = 2;

    private final int concurrency;
    private final int credit;
    private final Backoff reconnect;
    private final RandomGenerator random;
    private final PrvWorkerPort port;
    private final HeldDeliveries held = new HeldDeliveries();
    private final WorkerPulse pulse;
    private final WorkerDrain drain = new WorkerDrain();
    private final SentReplies sent = new SentReplies();
    private final PrvWorkerCounters counters = new PrvWorkerCounters();

    private WorkerLink link = WorkerLink.CLOSED;
    private @Nullable PeerId incarnation;
    private int running;
    private int reconnects;
    private long readyAtNanos;
    private long openAtNanos;

    /** @param heartbeatNanos until a queue says how often it wants to be heard */
    PrvWorkerMachine(
            int concurrency,
            int credit,
            long heartbeatNanos,
            int liveness,
            Backoff reconnect,
            RandomGenerator random,
            PrvWorkerPort port) {
        this.concurrency = concurrency;
        this.credit = credit;
        this.pulse = new WorkerPulse(heartbeatNanos, liveness);
        this.reconnect = reconnect;
        this.random = random;
        this.port = port;
    }

    /** Connects for the first time. */
    void onStart(long nowNanos) {
        openSocket(nowNanos, 0);
    }

    /**
     * The queue answers READY, or tells that something has changed. If it serves, and is another incarnation than before,
     * nobody waits for what the worker holds.
     *
     * @param flags of {@link Prv}; with TAKEOVER it goes on for another of that incarnation, and asks what is held of that
     */
    void onWelcome(long nowNanos, PeerId queueIncarnation, int heartbeatMillis, int flags) {
        if (!link.isOpen()) {
            return;
        }
        pulse.follow(nowNanos, heartbeatMillis);
        boolean acknowledges = (flags & Prv.ACKNOWLEDGES) != 0;
        boolean another = !queueIncarnation.equals(incarnation);
        link = another && acknowledges && (flags & Prv.STANDBY) != 0 ? WorkerLink.ASIDE : WorkerLink.WELCOME;
        heardFromQueue(nowNanos);
        if (link == WorkerLink.ASIDE) {
            return;
        }
        if (another) {
            incarnation = queueIncarnation;
            sent.clear();
            held.forEach(this::giveUp);
        }
        sent.acknowledged(acknowledges);
        if ((flags & Prv.TAKEOVER) != 0) {
            sent.takeBack(this::hold);
            port.takeOver(queueIncarnation).forEach(this::hold);
            sendReady(true);
        }
        held.forEach(this::sendIfDone);
        startWaiting(nowNanos);
        stopIfDrained(nowNanos);
    }

    /** The queue hands over a request. */
    void onRequest(long nowNanos, PrvDelivery delivery) {
        if (link != WorkerLink.WELCOME || held.size() >= CREDITS_HELD_MAX * credit) {
            counters.droppedJobs++;
            return;
        }
        heardFromQueue(nowNanos);
        hold(delivery);
        startWaiting(nowNanos);
    }

    /** The queue, and the other of its pair, know the first {@code replies} of this connection. */
    void onAcknowledge(long nowNanos, long replies) {
        heardFromQueue(nowNanos);
        sent.onAcknowledged(replies);
    }

    /** Gives up what is held of {@code wanted} to the side of the worker that faces the queue that has taken over. */
    List<PrvDelivery> surrender(PeerId wanted) {
        List<PrvDelivery> surrendered = new ArrayList<>();
        if (wanted.equals(incarnation)) {
            sent.takeBack(this::hold);
            held.forEach(delivery -> {
                held.remove(delivery);
                surrendered.add(delivery);
            });
            surrendered.removeIf(PrvDelivery::isWithdrawn);
        }
        return surrendered;
    }

    /**
     * Nobody waits for a delivery any more. One whose handler is at work keeps its place until that returns; any other is
     * replied to at once, by which the queue learns that its place is free.
     */
    void onCancel(long nowNanos, long deliveryId) {
        heardFromQueue(nowNanos);
        PrvDelivery delivery = held.find(deliveryId);
        if (delivery == null && link == WorkerLink.WELCOME) {
            // It may have been dropped, and the queue gives no other before it has heard of it.
            sent.onSent(null);
            port.sendNotHeld(deliveryId);
        } else if (delivery != null && delivery.state != State.DONE) {
            cancel(delivery);
            if (delivery.state == State.WAITING) {
                delivery.end(Status.EXPIRED, null, false);
                finish(delivery);
            }
            stopIfDrained(nowNanos);
        }
    }

    /** The queue gives a sign of life. */
    void onHeartbeat(long nowNanos) {
        heardFromQueue(nowNanos);
    }

    /** The queue said something that means nothing to a worker: it lives, but that is all. */
    void onMalformed(long nowNanos) {
        if (link.isKnown()) {
            pulse.heard(nowNanos);
        }
    }

    /** The queue leaves or does not want this worker; if it only does not know it, the worker introduces itself again. */
    void onGoodbye(long nowNanos, Status why) {
        if (!link.isOpen()) {
            return;
        }
        if (why != Status.UNKNOWN_PEER) {
            replaceSocket(nowNanos, reconnect.delayNanos(reconnects + 1, random));
        } else if (link.isKnown() && nowNanos - readyAtNanos >= pulse.heartbeatNanos()) {
            link = WorkerLink.GREETING;
            sayReady(nowNanos);
        }
        // Else it answers what was sent before READY; a queue that never says WELCOME falls silent by that, and one
        // that says both in turns is not answered more often than it is beaten to.
    }

    /** The connection is lost. What it had not yet brought, the queue redelivers. */
    void onDisconnected(long nowNanos) {
        if (link.isOpen()) {
            replaceSocket(nowNanos, reconnects == 0 ? 0 : reconnect.delayNanos(reconnects, random));
        }
    }

    /** The handler has ended, and the delivery carries its outcome. */
    void onHandled(long nowNanos, PrvDelivery delivery) {
        running--;
        PrvWorkerMachine holder = delivery.holder;
        if (delivery.state == State.VAIN || holder == null) {
            counters.vainReplies++;
        } else {
            holder.finish(delivery);
            holder.stopIfDrained(nowNanos);
        }
        startWaiting(nowNanos);
        stopIfDrained(nowNanos);
    }

    /** The handler is still at work. */
    void onProgress(PrvDelivery delivery) {
        PrvWorkerMachine holder = delivery.holder;
        if (holder != null && holder.link == WorkerLink.WELCOME && delivery.state == State.RUNNING) {
            holder.port.sendProgress(delivery.id);
        }
    }

    /** Wants nothing new any more; {@link PrvWorkerPort#drained()} follows once everything held has been answered. */
    void onDrain(long nowNanos) {
        if (drain.begin()) {
            if (link.isOpen()) {
                sayDrain(nowNanos);
            }
            stopIfDrained(nowNanos);
        }
    }

    /** The queue has heard DRAIN: nothing is on its way any more. */
    void onDrainHeard(long nowNanos) {
        heardFromQueue(nowNanos);
        drain.answered();
        stopIfDrained(nowNanos);
    }

    /** The worker leaves without finishing: nobody waits for its replies, and the queue redelivers at once. */
    void onClose() {
        held.forEach(PrvDelivery::cancel);
        if (link.isOpen()) {
            port.sendGoodbye();
        }
        link = WorkerLink.STOPPED;
    }

    /** Lets deadlines pass. Calling early, late or repeatedly is harmless. */
    void onTick(long nowNanos) {
        if (link == WorkerLink.STOPPED) {
            return;
        }
        if (link == WorkerLink.CLOSED) {
            if (nowNanos - openAtNanos >= 0) {
                openSocket(nowNanos, 0);
            }
            return;
        }
        if (nowNanos - nextDeadlineNanos() > pulse.heartbeatNanos()) {
            // This process stood still itself; what the queue said meanwhile may not have been read yet.
            pulse.heard(nowNanos);
        }
        stopIfDrained(nowNanos);
        if (link == WorkerLink.STOPPED) {
            return;
        }
        if (pulse.isSilent(nowNanos)) {
            replaceSocket(nowNanos, 0);
        } else if (pulse.takeBeat(nowNanos)) {
            port.sendHeartbeat();
        }
    }

    /** Returns when {@link #onTick} is due at the latest. */
    long nextDeadlineNanos() {
        return link == WorkerLink.CLOSED ? openAtNanos : drain.earlierDeadline(pulse.nextDeadlineNanos());
    }

    /** Returns how many handlers are at work, in vain or not. */
    int running() {
        return running;
    }

    /** Returns how many deliveries the worker holds: those that wait, those at work and the unsent replies. */
    int held() {
        return held.size();
    }

    PrvWorkerCounters counters() {
        return counters;
    }

    private void startWaiting(long nowNanos) {
        while (running < concurrency && link != WorkerLink.STOPPED) { // A handler may close its own worker.
            PrvDelivery next = held.startNext();
            if (next == null) {
                return;
            }
            if (next.isExpired(nowNanos)) {
                counters.expired++;
                next.end(Status.EXPIRED, null, false);
                finish(next);
            } else {
                running++;
                next.state = State.RUNNING;
                port.handle(next);
            }
        }
    }

    private void finish(PrvDelivery delivery) {
        delivery.state = State.DONE;
        if (link == WorkerLink.WELCOME) {
            sendIfDone(delivery);
        }
    }

    private void sendIfDone(PrvDelivery delivery) {
        if (delivery.state == State.DONE) {
            held.remove(delivery);
            sent.onSent(delivery);
            port.sendReply(delivery);
        }
    }

    private void hold(PrvDelivery delivery) {
        delivery.holder = this;
        held.add(delivery);
    }

    private void giveUp(PrvDelivery delivery) {
        held.remove(delivery);
        if (delivery.state == State.DONE) {
            counters.vainReplies++;
            return;
        }
        if (delivery.state == State.RUNNING) {
            delivery.state = State.VAIN;
        }
        cancel(delivery);
    }

    private void cancel(PrvDelivery delivery) {
        if (delivery.cancel()) {
            counters.cancelled++;
        }
    }

    private void stopIfDrained(long nowNanos) {
        boolean expects = link.isOpen() && drain.expectsAnswer(nowNanos);
        boolean mayGo = drain.isBegun() && running == 0 && held.size() == 0 && !expects;
        if (mayGo && link != WorkerLink.STOPPED) {
            if (link.isOpen()) {
                port.sendGoodbye();
                port.closeSocket();
            }
            link = WorkerLink.STOPPED;
            port.drained();
        }
    }

    private void replaceSocket(long nowNanos, long delayNanos) {
        link = WorkerLink.CLOSED;
        port.abandonSocket();
        counters.reopenedSockets++;
        reconnects++;
        if (delayNanos == 0) {
            // The longer the queue is away, the longer the new socket may go on trying by itself.
            openSocket(nowNanos, reconnect.delayNanos(reconnects, random));
        } else {
            openAtNanos = nowNanos + delayNanos;
        }
    }

    private void openSocket(long nowNanos, long patienceNanos) {
        link = WorkerLink.GREETING;
        port.open();
        pulse.begin(nowNanos, patienceNanos);
        sayReady(nowNanos);
    }

    private void sayReady(long nowNanos) {
        readyAtNanos = nowNanos;
        sent.onIntroduction(this::hold);
        sendReady(false);
        if (drain.isBegun()) {
            sayDrain(nowNanos);
        }
    }

    private void sendReady(boolean takenOver) {
        port.sendReady(drain.isBegun() ? 0 : credit, held.ids(), takenOver);
    }

    private void sayDrain(long nowNanos) {
        drain.said(nowNanos + pulse.heartbeatNanos());
        port.sendDrain();
    }

    /** A queue that does not answer READY counts as silent, whatever else it says. */
    private void heardFromQueue(long nowNanos) {
        if (link.isKnown()) {
            reconnects = 0;
            pulse.heard(nowNanos);
        }
    }
}
