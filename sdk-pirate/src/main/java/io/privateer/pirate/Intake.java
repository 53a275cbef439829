package io.privateer.pirate;

import io.privateer.pirate.PirateListener.IntakeCause;
import io.privateer.pirate.PirateListener.IntakeClosed;
import org.jspecify.annotations.Nullable;

/** Decides whether a queue takes another request, and tells the listener once when that changes. */
final class Intake {

    private final QueueSettings settings;
    private final PendingRequests pending;
    private final PirateListener listener;
    private @Nullable IntakeCause closedFor;

    Intake(QueueSettings settings, PendingRequests pending, PirateListener listener) {
        this.settings = settings;
        this.pending = pending;
        this.listener = listener;
    }

    boolean admits(QueuedRequest request) {
        if (isDraining()) {
            return false;
        }
        boolean full = pending.count() >= settings.pendingMax()
                || pending.bytes() + request.bytes > settings.pendingBytesMax();
        if (full) {
            close(IntakeCause.FULL);
        }
        return !full;
    }

    void drain() {
        close(IntakeCause.DRAINING);
    }

    boolean isDraining() {
        return closedFor == IntakeCause.DRAINING;
    }

    /** Tells that there is room once half of it is free again, so that the news does not flutter. */
    void reopen() {
        if (closedFor == IntakeCause.FULL
                && pending.count() <= settings.pendingMax() / 2
                && pending.bytes() <= settings.pendingBytesMax() / 2) {
            closedFor = null;
            listener.onIntakeOpened();
        }
    }

    private void close(IntakeCause cause) {
        if (closedFor != cause) {
            closedFor = cause;
            listener.onIntakeClosed(new IntakeClosed(cause, pending.count(), pending.bytes()));
        }
    }
}
