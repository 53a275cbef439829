package io.privateer.pirate;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Replies of a worker that its queue has not acknowledged: they may have been lost with the connection, or with the queue.
 * A queue without a pair acknowledges nothing, so nothing is kept for it. Belongs to {@link PrvWorkerMachine}.
 */
final class SentReplies {

    /** With what a worker holds besides, READY can list no more. */
    static final int KEPT_MAX = 32_000;

    private final ArrayDeque<PrvDelivery> kept = new ArrayDeque<>();
    private boolean acknowledged;
    private long sent;

    /** Whether the queue acknowledges replies. */
    void acknowledged(boolean byQueue) {
        acknowledged = byQueue;
        if (!acknowledged) {
            kept.clear();
        }
    }

    /** The worker introduces itself: replies are counted anew, and what was sent goes to {@code holder} again. */
    void onIntroduction(Consumer<PrvDelivery> holder) {
        sent = 0;
        takeBack(holder);
    }

    /** A reply leaves; without a delivery where there is nothing to keep. */
    void onSent(@Nullable PrvDelivery delivery) {
        sent++;
        if (acknowledged && delivery != null) {
            delivery.sentAs = sent;
            kept.add(delivery);
            if (kept.size() > KEPT_MAX) {
                kept.remove(); // The queue is far behind; should it end now, this may run again.
            }
        }
    }

    /** The queue acknowledges the first {@code count} replies on this connection. */
    void onAcknowledged(long count) {
        for (PrvDelivery first = kept.peek(); first != null && first.sentAs <= count; first = kept.peek()) {
            kept.remove();
        }
    }

    /** What was sent may have been lost: all of it goes to {@code holder} again, what was sent first in front. */
    void takeBack(Consumer<PrvDelivery> holder) {
        for (PrvDelivery delivery = kept.poll(); delivery != null; delivery = kept.poll()) {
            holder.accept(delivery);
        }
    }

    void clear() {
        kept.clear();
    }
}
