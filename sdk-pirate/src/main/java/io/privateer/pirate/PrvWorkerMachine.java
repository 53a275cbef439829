package io.privateer.pirate;

import io.privateer.core.Backoff;
import io.privateer.core.Settings;
import io.privateer.core.internal.Deadlines;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Status;
import io.privateer.pirate.PrvDelivery.State;
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

    /** The connection to the queue. */
    enum Link {
        /** Lost; the next one waits for its time. */
        CLOSED,
        /** READY was said, and not yet answered. */
        GREETING,
        /** The queue has said WELCOME. */
        WELCOME,
        /** Drained; nothing happens any more. */
        STOPPED
    }

    /** A queue that took the worker for lost and meets it again may send as much as it holds already; not more. */
    private static final int CREDITS_HELD_MAX = 2;

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int HEARTBEAT_MILLIS_MIN = 10;
    private static final int HEARTBEAT_MILLIS_MAX = 3_600_000;
    private static final long SILENCE_NANOS_MAX = Settings.DURATION_MAX.toNanos();

    private final int concurrency;
    private final int credit;
    private final int liveness;
    private final Backoff reconnect;
    private final RandomGenerator random;
    private final PrvWorkerPort port;
    private final HeldDeliveries held = new HeldDeliveries();
    private final PrvWorkerCounters counters = new PrvWorkerCounters();

    private Link link = Link.CLOSED;
    private boolean draining;
    private boolean drainHeard;
    private long drainEndsNanos;
    private @Nullable PeerId incarnation;
    private long heartbeatNanos;
    private int running;
    private int reconnects;
    private long readyAtNanos;
    private long beatDueNanos;
    private long silentAtNanos;
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
        this.heartbeatNanos = heartbeatNanos;
        this.liveness = liveness;
        this.reconnect = reconnect;
        this.random = random;
        this.port = port;
    }

    /** Connects for the first time. */
    void onStart(long nowNanos) {
        openSocket(nowNanos, 0);
    }

    /** The queue answers READY. If it is another than before, nobody waits for what the worker holds. */
    void onWelcome(long nowNanos, PeerId queueIncarnation, int heartbeatMillis) {
        if (!isOpen()) {
            return;
        }
        long millis = Math.max(HEARTBEAT_MILLIS_MIN, Math.min(HEARTBEAT_MILLIS_MAX, heartbeatMillis));
        heartbeatNanos = millis * NANOS_PER_MILLI;
        beatDueNanos = nowNanos + heartbeatNanos;
        link = Link.WELCOME;
        heardFromQueue(nowNanos);
        if (!queueIncarnation.equals(incarnation)) {
            incarnation = queueIncarnation;
            held.forEach(this::giveUp);
        }
        held.forEach(this::sendIfDone);
        stopIfDrained(nowNanos);
    }

    /** The queue hands over a request. */
    void onRequest(long nowNanos, PrvDelivery delivery) {
        if (link != Link.WELCOME || held.size() >= CREDITS_HELD_MAX * credit) {
            counters.droppedJobs++;
            return;
        }
        heardFromQueue(nowNanos);
        held.add(delivery);
        startWaiting(nowNanos);
    }

    /**
     * Nobody waits for a delivery any more. One whose handler is at work keeps its place until that returns; any other is
     * replied to at once, by which the queue learns that its place is free.
     */
    void onCancel(long nowNanos, long deliveryId) {
        heardFromQueue(nowNanos);
        PrvDelivery delivery = held.find(deliveryId);
        if (delivery == null && link == Link.WELCOME) {
            // It may have been dropped, and the queue gives no other before it has heard of it.
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
        if (link == Link.WELCOME) {
            silentAtNanos = nowNanos + silenceNanos();
        }
    }

    /** The queue leaves or does not want this worker; if it only does not know it, the worker introduces itself again. */
    void onGoodbye(long nowNanos, Status why) {
        if (!isOpen()) {
            return;
        }
        if (why != Status.UNKNOWN_PEER) {
            replaceSocket(nowNanos, reconnect.delayNanos(reconnects + 1, random));
        } else if (link == Link.WELCOME && nowNanos - readyAtNanos >= heartbeatNanos) {
            link = Link.GREETING;
            sayReady(nowNanos);
        }
        // Else it answers what was sent before READY; a queue that never says WELCOME falls silent by that, and one
        // that
        // says both in turns is not answered more often than it is beaten to.
    }

    /** The connection is lost. What it had not yet brought, the queue redelivers. */
    void onDisconnected(long nowNanos) {
        if (isOpen()) {
            replaceSocket(nowNanos, reconnects == 0 ? 0 : reconnect.delayNanos(reconnects, random));
        }
    }

    /** The handler has ended, and the delivery carries its outcome. */
    void onHandled(long nowNanos, PrvDelivery delivery) {
        running--;
        if (delivery.state == State.VAIN) {
            counters.vainReplies++;
        } else {
            finish(delivery);
        }
        startWaiting(nowNanos);
        stopIfDrained(nowNanos);
    }

    /** The handler is still at work. */
    void onProgress(PrvDelivery delivery) {
        if (link == Link.WELCOME && delivery.state == State.RUNNING) {
            port.sendProgress(delivery.id);
        }
    }

    /** Wants nothing new any more; {@link PrvWorkerPort#drained()} follows once everything held has been answered. */
    void onDrain(long nowNanos) {
        if (draining) {
            return;
        }
        draining = true;
        if (isOpen()) {
            sayDrain(nowNanos);
        }
        stopIfDrained(nowNanos);
    }

    /** The queue has heard DRAIN: nothing is on its way any more. */
    void onDrainHeard(long nowNanos) {
        heardFromQueue(nowNanos);
        drainHeard = true;
        stopIfDrained(nowNanos);
    }

    /** The worker leaves without finishing: nobody waits for its replies, and the queue redelivers at once. */
    void onClose() {
        held.forEach(PrvDelivery::cancel);
        if (isOpen()) {
            port.sendGoodbye();
        }
        link = Link.STOPPED;
    }

    /** Lets deadlines pass. Calling early, late or repeatedly is harmless. */
    void onTick(long nowNanos) {
        if (link == Link.STOPPED) {
            return;
        }
        if (link == Link.CLOSED) {
            if (nowNanos - openAtNanos >= 0) {
                openSocket(nowNanos, 0);
            }
            return;
        }
        if (nowNanos - nextDeadlineNanos() > heartbeatNanos) {
            // This process stood still itself; what the queue said meanwhile may not have been read yet.
            silentAtNanos = nowNanos + silenceNanos();
        }
        stopIfDrained(nowNanos);
        if (link == Link.STOPPED) {
            return;
        }
        if (nowNanos - silentAtNanos >= 0) {
            replaceSocket(nowNanos, 0);
        } else if (nowNanos - beatDueNanos >= 0) {
            beatDueNanos = nowNanos + heartbeatNanos;
            port.sendHeartbeat();
        }
    }

    /** Returns when {@link #onTick} is due at the latest. */
    long nextDeadlineNanos() {
        if (link == Link.CLOSED) {
            return openAtNanos;
        }
        long due = Deadlines.earlier(beatDueNanos, silentAtNanos);
        return draining && !drainHeard ? Deadlines.earlier(due, drainEndsNanos) : due;
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

    private boolean isOpen() {
        return link == Link.GREETING || link == Link.WELCOME;
    }

    private void startWaiting(long nowNanos) {
        while (running < concurrency && link != Link.STOPPED) { // A handler may close its own worker.
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
        if (link == Link.WELCOME) {
            sendIfDone(delivery);
        }
    }

    private void sendIfDone(PrvDelivery delivery) {
        if (delivery.state == State.DONE) {
            held.remove(delivery);
            port.sendReply(delivery);
        }
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
        boolean mayGo = draining && running == 0 && held.size() == 0 && !expectsDrain(nowNanos);
        if (mayGo && link != Link.STOPPED) {
            if (isOpen()) {
                port.sendGoodbye();
                port.closeSocket();
            }
            link = Link.STOPPED;
            port.drained();
        }
    }

    private void replaceSocket(long nowNanos, long delayNanos) {
        link = Link.CLOSED;
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
        link = Link.GREETING;
        port.open();
        silentAtNanos = nowNanos + silenceNanos() + patienceNanos;
        beatDueNanos = nowNanos + heartbeatNanos;
        sayReady(nowNanos);
    }

    private void sayReady(long nowNanos) {
        readyAtNanos = nowNanos;
        port.sendReady(draining ? 0 : credit, held.ids());
        if (draining) {
            sayDrain(nowNanos);
        }
    }

    private void sayDrain(long nowNanos) {
        drainHeard = false;
        drainEndsNanos = nowNanos + heartbeatNanos;
        port.sendDrain();
    }

    /** Whether a delivery may still be on its way: the queue has not answered DRAIN, and has had less than an interval. */
    private boolean expectsDrain(long nowNanos) {
        return isOpen() && !drainHeard && nowNanos - drainEndsNanos < 0;
    }

    /** A queue that does not answer READY counts as silent, whatever else it says. */
    private void heardFromQueue(long nowNanos) {
        if (link == Link.WELCOME) {
            reconnects = 0;
            silentAtNanos = nowNanos + silenceNanos();
        }
    }

    private long silenceNanos() {
        return Math.min(liveness, SILENCE_NANOS_MAX / heartbeatNanos) * heartbeatNanos;
    }
}
