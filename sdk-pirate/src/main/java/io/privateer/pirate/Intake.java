package io.privateer.pirate;

import io.privateer.pirate.PirateListener.IntakeCause;
import io.privateer.pirate.PirateListener.IntakeClosed;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a queue takes another request, and tells the listener once when that changes. Counts what waits.
 *
 * <p>One client may have at most four times as much waiting as there is room left, in requests and in bytes. So a flood of one ends at
 * four fifths of the room, and others still get in.
 */
final class Intake {

    private static final int SHARE_OF_ROOM = 4;

    private final QueueSettings settings;
    private final PirateListener listener;
    private @Nullable IntakeCause closedFor;
    private int waiting;
    private long waitingBytes;

    Intake(QueueSettings settings, PirateListener listener) {
        this.settings = settings;
        this.listener = listener;
    }

    boolean admits(QueueClient client, long bytes) {
        if (isDraining()) {
            return false;
        }
        long room = (long) settings.pendingMax() - waiting;
        long roomBytes = settings.pendingBytesMax() - waitingBytes;
        boolean full = room <= 0
                || bytes > roomBytes
                || client.waiting >= SHARE_OF_ROOM * room
                || client.waitingBytes > SHARE_OF_ROOM * roomBytes;
        if (full) {
            close(IntakeCause.FULL);
        }
        return !full;
    }

    void counted(QueuedRequest request, int change) {
        waiting += change;
        waitingBytes += change * request.bytes;
    }

    void drain() {
        close(IntakeCause.DRAINING);
    }

    boolean isDraining() {
        return closedFor == IntakeCause.DRAINING;
    }

    int waiting() {
        return waiting;
    }

    long waitingBytes() {
        return waitingBytes;
    }

    /** Tells that there is room once half of it is free again, so that the news does not flutter. */
    void reopen() {
        if (closedFor == IntakeCause.FULL
                && waiting <= settings.pendingMax() / 2
                && waitingBytes <= settings.pendingBytesMax() / 2) {
            closedFor = null;
            listener.onIntakeOpened();
        }
    }

    private void close(IntakeCause cause) {
        if (closedFor != cause) {
            closedFor = cause;
            listener.onIntakeClosed(new IntakeClosed(cause, waiting, waitingBytes));
        }
    }
}
