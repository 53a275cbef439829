package io.privateer.pirate;

import io.privateer.core.FairClock;
import io.privateer.core.internal.Deadlines;
import org.jspecify.annotations.Nullable;

/**
 * What a queue does with the open requests of the one that it has taken over from: each may be running, or have been
 * answered to that one just before its end. So every worker of PRV/1 is asked what it holds, gets nothing before it has
 * said so, and keeps that. What none of them has is given out anew when all have answered, or were lost; a worker that is
 * there and does not answer is waited for as long as for one that is silent. Belongs to {@link QueueMachine}.
 */
final class Inheritance {

    private final QueueSettings settings;
    private final FairClock clock;
    private final Handover handover;
    private final LedgerMirror mirror;
    private final WorkerTable workers;

    /** This queue goes on with what another began, so each worker is asked once. */
    private boolean inherited;

    private boolean settled = true;
    private long endsAtNanos;

    Inheritance(QueueSettings settings, FairClock clock, Handover handover, LedgerMirror mirror, WorkerTable workers) {
        this.settings = settings;
        this.clock = clock;
        this.handover = handover;
        this.mirror = mirror;
        this.workers = workers;
    }

    void begin(long nowNanos) {
        inherited = true;
        settled = false;
        endsAtNanos = clock.fair(nowNanos) + settings.silenceNanos();
        for (QueueWorker worker : workers.all()) {
            worker.toldHeld = false;
            await(worker);
        }
    }

    /** The queue serves no more, or not on behalf of another. */
    void end() {
        inherited = false;
        settled = true;
        workers.all().forEach(this::awaitNoMore);
    }

    /** Returns whether the worker, which is about to be welcomed, has to be asked what it holds. */
    boolean asks(@Nullable QueueWorker worker) {
        return inherited && worker != null && worker.isPrv() && !worker.toldHeld;
    }

    /** The worker has introduced itself, and what it held of this queue's is known; it may hold more. */
    void onReady(QueueWorker worker) {
        if (asks(worker) && !settled) {
            await(worker);
        }
    }

    private void await(QueueWorker worker) {
        if (worker.isPrv() && worker.link != null && !worker.silent) {
            worker.awaited = true;
            workers.refresh(worker);
        }
    }

    private void awaitNoMore(QueueWorker worker) {
        worker.awaited = false;
        workers.refresh(worker);
    }

    /** The worker holds the delivery; if that is an open request of the queue before, it keeps it. */
    void onHeld(QueueWorker worker, long deliveryId, long nowNanos) {
        QueuedRequest request = inherited ? mirror.take(deliveryId) : null;
        if (request != null) {
            handover.adopt(request, worker, clock.fair(nowNanos));
        }
        boolean wanted = request == null ? handover.isHeldBy(worker, deliveryId) : !request.abandoned;
        if (!wanted && worker.link != null) {
            worker.link.cancel(deliveryId); // Somebody else has it, has had it, or nobody waits for it.
        }
    }

    /** The worker has said all that it holds. */
    void onTold(QueueWorker worker) {
        worker.toldHeld = true;
        awaitNoMore(worker);
    }

    /** Gives out anew what nobody has, once that is certain; returns whether it has now become so. */
    boolean settle(long nowNanos) {
        if (settled || (clock.fair(nowNanos) - endsAtNanos < 0 && isAnyAwaited())) {
            return false;
        }
        settled = true;
        workers.all().forEach(this::awaitNoMore);
        for (QueuedRequest request = mirror.takeNewest(); request != null; request = mirror.takeNewest()) {
            handover.resume(request, nowNanos, clock.fair(nowNanos));
        }
        return true;
    }

    private boolean isAnyAwaited() {
        for (QueueWorker worker : workers.all()) {
            if (worker.awaited && !worker.gone && !worker.silent) {
                return true;
            }
        }
        return false;
    }

    /** Returns when {@link #settle} is due at the latest, if that is before {@code nanos}. */
    long earlierDeadline(long nanos) {
        return settled ? nanos : Deadlines.earlier(nanos, clock.unfair(endsAtNanos));
    }
}
