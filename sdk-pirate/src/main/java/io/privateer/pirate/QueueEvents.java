package io.privateer.pirate;

import io.privateer.core.UnsafeMessages;
import io.privateer.pirate.PirateListener.DeadLetter;
import io.privateer.pirate.PirateListener.DeliveryReturned;
import io.privateer.pirate.PirateListener.DropCause;
import io.privateer.pirate.PirateListener.LossCause;
import io.privateer.pirate.PirateListener.RequestDropped;
import io.privateer.pirate.PirateListener.WorkerJoined;
import io.privateer.pirate.PirateListener.WorkerLost;
import java.time.Duration;

/** Turns what {@link QueueMachine} decides into the listener's events. */
final class QueueEvents {

    private final PirateListener listener;

    QueueEvents(PirateListener listener) {
        this.listener = listener;
    }

    void joined(QueueWorker worker) {
        listener.onWorkerJoined(new WorkerJoined(worker.toString(), dialectOf(worker), worker.service.name));
    }

    private static PirateListener.PeerDialect dialectOf(QueueWorker worker) {
        return switch (worker.dialect) {
            case PRV -> PirateListener.PeerDialect.PRV;
            case PARANOID -> PirateListener.PeerDialect.PPP;
            case SIMPLE -> PirateListener.PeerDialect.SIMPLE;
        };
    }

    void lost(QueueWorker worker, LossCause cause, long fairNanos) {
        long silentNanos = Math.max(0, fairNanos - worker.heardAtNanos);
        listener.onWorkerLost(new WorkerLost(worker.toString(), cause, Duration.ofNanos(silentNanos)));
    }

    void returned(QueuedRequest request, QueueWorker worker, LossCause cause, long heldNanos) {
        listener.onDeliveryReturned(new DeliveryReturned(
                request.id, worker.toString(), cause, request.deliveries, Duration.ofNanos(heldNanos)));
    }

    void deadLetter(QueuedRequest request, LossCause lastCause) {
        listener.onDeadLetter(
                new DeadLetter(request.id, UnsafeMessages.wrap(request.body), request.deliveries, lastCause));
    }

    void dropped(QueuedRequest request, DropCause cause, long nowNanos) {
        Duration age = Duration.ofNanos(nowNanos - request.acceptedAtNanos);
        listener.onRequestDropped(new RequestDropped(request.id, cause, age, request.deliveries));
    }
}
