package io.privateer.pipeline;

import io.privateer.core.wire.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a worker, as its ventilator sees it, and the tasks it holds in the order in which they were delivered.
 *
 * <p>How many it may hold follows its speed, up to its credit: as many as it ends in {@link #PACE_NANOS} or a few times
 * that. So a fast worker never waits for work, and a slow one does not sit on what others could do. Loop thread only.
 */
final class VentWorker {

    /** 20 ms. */
    static final long PACE_NANOS = 20_000_000;

    private static final int SLOWER = 4;
    private static final int PER_HANDLER = 2;

    final PipeLink link;
    final PeerId id;
    final ClientPulse pulse;

    /** It is told to stop, or drains: it gets nothing any more. */
    boolean leaving;

    /** It has said that it has stopped; what it was given just then it does yet. */
    boolean hasStopped;

    /** It held something that was overdue and has ended nothing since: it gets one task, where no other worker is to be had. */
    boolean stuck;

    int held;

    private final int allowedMin;
    private final int credit;
    private final long creditBytes;

    /** The longest task that it takes. */
    final int messageBytesMax;

    private int allowed;
    private int limit = Integer.MAX_VALUE;
    private long heldBytes;
    private int endedSince;
    private long sinceNanos;
    private @Nullable VentTask newest;

    VentWorker(long nowNanos, PipeLink link, PlnReader hello, ClientPulse pulse) {
        this.link = link;
        this.id = hello.peer();
        this.pulse = pulse;
        this.credit = hello.credit();
        this.creditBytes = hello.creditBytes();
        this.messageBytesMax = hello.messageBytesMax();
        this.allowedMin = (int) Math.min(credit, (long) PER_HANDLER * hello.concurrency());
        this.allowed = allowedMin;
        this.sinceNanos = nowNanos;
    }

    /** @param quota as many it may hold with this task, whatever it is allowed otherwise */
    boolean canTake(VentTask task, int quota) {
        return !leaving
                && task.body.length <= messageBytesMax
                && (!stuck || held == 0)
                && held < Math.min(quota, Math.min(allowed, limit))
                && (held == 0 || heldBytes + task.body.length <= creditBytes);
    }

    void hold(long nowNanos, VentTask task, int quota) {
        limit = Math.min(limit, quota);
        held++;
        heldBytes += task.body.length;
        task.holder = this;
        task.deliveredAtNanos = nowNanos;
        task.heldBefore = newest;
        if (newest != null) {
            newest.heldBehind = task;
        }
        newest = task;
    }

    /** It has the task no more. */
    void release(VentTask task) {
        VentTask before = task.heldBefore;
        VentTask behind = task.heldBehind;
        if (before != null) {
            before.heldBehind = behind;
        }
        if (behind == null) {
            newest = before;
        } else {
            behind.heldBefore = before;
        }
        task.heldBefore = null;
        task.heldBehind = null;
        task.holder = null;
        heldBytes -= task.body.length;
        held--;
        if (held == 0) {
            limit = Integer.MAX_VALUE;
        }
    }

    /** One of its tasks has ended: so it is at work, and this fast. */
    void onEnded(long nowNanos) {
        stuck = false;
        endedSince++;
        if (endedSince >= allowed) {
            long tookNanos = nowNanos - sinceNanos;
            if (tookNanos < PACE_NANOS) {
                allowed = (int) Math.min(credit, 2L * allowed);
            } else if (tookNanos > SLOWER * PACE_NANOS) {
                allowed = Math.max(allowedMin, allowed / 2);
            }
            endedSince = 0;
            sinceNanos = nowNanos;
        }
    }

    @Nullable
    VentTask newest() {
        return newest;
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
