package io.privateer.pirate;

import io.privateer.core.FrameBytes;
import io.privateer.core.wire.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of requests that have ended, for clients that ask again: at most so many, of at most so many bytes, for at
 * most so long. A client that acknowledges replies frees them earlier, which is the rule; the bounds are for those that do
 * not.
 */
final class DedupeWindow {

    /** What one kept request holds besides its reply. */
    private static final int OVERHEAD_BYTES = 256;

    private final QueueSettings.Dedupe settings;
    private final RequestList kept = new RequestList();
    private long evicted;

    DedupeWindow(QueueSettings.Dedupe settings) {
        this.settings = settings;
    }

    boolean isOn() {
        return settings.countMax() > 0;
    }

    /** Keeps how the request ended; the caller asks {@link #surplus} afterwards. */
    void keep(QueuedRequest request, Status status, byte @Nullable [][] reply, long fairNanos) {
        request.endedAs = status;
        request.reply = reply;
        request.sinceNanos = fairNanos;
        request.bytes = OVERHEAD_BYTES + (reply == null ? 0 : FrameBytes.sum(reply));
        request.dropContent();
        kept.addLast(request);
    }

    /** Takes out a request that its client needs no more. */
    void release(QueuedRequest request) {
        kept.remove(request);
    }

    /** Takes out and returns a request that there is no room or no time for, or returns {@code null}. */
    @Nullable
    QueuedRequest surplus(long fairNanos) {
        QueuedRequest oldest = kept.first();
        if (oldest == null
                || (kept.count() <= settings.countMax()
                        && kept.bytes() <= settings.bytesMax()
                        && fairNanos - oldest.sinceNanos < settings.windowNanos())) {
            return null;
        }
        kept.remove(oldest);
        evicted++;
        return oldest;
    }

    /** Takes out and returns the request that ended the longest ago, or returns {@code null} when none is kept. */
    @Nullable
    QueuedRequest takeOldest() {
        QueuedRequest oldest = kept.first();
        if (oldest != null) {
            kept.remove(oldest);
        }
        return oldest;
    }

    /** Shows all that is kept, what ended the longest ago first. */
    void forEach(Consumer<QueuedRequest> action) {
        for (QueuedRequest request = kept.first(); request != null; request = request.next) {
            action.accept(request);
        }
    }

    int count() {
        return kept.count();
    }

    long bytes() {
        return kept.bytes();
    }

    long evicted() {
        return evicted;
    }
}
