package io.privateer.core;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link Guarded} of a server of your own, made by {@link Guarded#of}: the server asks it at every request whether the
 * request is its own to answer.
 *
 * <pre>{@code
 * if (ours.admit()) {
 *     reply(handle(request));
 * } else {
 *     refuse(request); // Or be silent. The client asks the other server.
 * }
 * }</pre>
 *
 * <p>Thread-safe; no method blocks.
 */
public final class GuardedSwitch implements Guarded {

    private static final Logger log = LoggerFactory.getLogger(GuardedSwitch.class);
    private static final Standing NEVER = new Standing(false, 0, false, 0, "");

    private final LongConsumer onActive;
    private final Runnable onPassive;
    private final NanoClock clock;
    private final AtomicLong admitted = new AtomicLong();
    private volatile @Nullable Guard guard;

    /** Changed by the guard's thread only. */
    private volatile Standing standing = NEVER;

    private boolean alone;
    private long admittedBefore;

    /** What the guard has said last. */
    private record Standing(boolean active, long epoch, boolean leased, long untilNanos, String activeAddress) {}

    GuardedSwitch(LongConsumer onActive, Runnable onPassive, NanoClock clock) {
        this.onActive = Objects.requireNonNull(onActive, "onActive");
        this.onPassive = Objects.requireNonNull(onPassive, "onPassive");
        this.clock = clock;
    }

    /**
     * Returns whether a request that came is this server's to answer. If it is not, it counts as a client's vote: should the
     * other server be gone, this one takes over, and admits what the client sends next.
     */
    public boolean admit() {
        if (isServing()) {
            admitted.incrementAndGet();
            return true;
        }
        Guard by = guard;
        if (by != null) {
            by.voted();
        }
        return false;
    }

    /**
     * Returns whether this server serves now. Worth asking again before an effect that only one of the two may have, when
     * much time has passed since {@link #admit}; some always passes after the last question.
     */
    public boolean isServing() {
        Standing now = standing;
        return now.active && !(now.leased && clock.nanoTime() - now.untilNanos >= 0);
    }

    /** Returns the epoch that it serves under, or has served under last; 0 for none. Whoever is asked by both may compare it. */
    public long epoch() {
        return standing.epoch;
    }

    /** Returns where clients find the other server if that serves; empty if that is not known. */
    public String activeAddress() {
        return standing.activeAddress;
    }

    /** A client, or whoever else knows both servers, has seen {@code epoch}; if it is newer, this one must not go on. */
    public void seen(long epoch) {
        Guard by = guard;
        if (by != null) {
            by.newerEpoch(epoch);
        }
    }

    /**
     * This server can serve no more, whatever is decided; the other one shall.
     *
     * @param why for the log
     */
    public void end(String why) {
        Guard by = guard;
        if (by != null) {
            by.serviceEnded(why);
        }
    }

    @Override
    public void guardedBy(Guard by) {
        guard = Objects.requireNonNull(by, "guard");
    }

    @Override
    public void activate(long epoch) {
        try {
            onActive.accept(epoch);
        } catch (RuntimeException e) {
            log.error("onActive failed, does not serve epoch={}", epoch, e);
            end("onActive failed: " + e);
            return;
        }
        Standing before = standing;
        standing = new Standing(true, epoch, before.leased, before.untilNanos, "");
    }

    @Override
    public void serveUntil(long nanoTime) {
        Standing now = standing;
        standing = new Standing(now.active, now.epoch, true, nanoTime, now.activeAddress);
    }

    @Override
    public void standBy(long newestEpoch, String activeAddress) {
        Standing before = standing;
        standing = new Standing(false, before.epoch, false, 0, activeAddress);
        Guard by = guard;
        if (before.active) {
            ceased(before, newestEpoch);
        }
        if (by != null) {
            by.standsBy(newestEpoch);
        }
    }

    private void ceased(Standing before, long newestEpoch) {
        Guard by = guard;
        if (by != null && alone && Long.compareUnsigned(newestEpoch, before.epoch) > 0) {
            long since = admitted.get() - admittedBefore;
            by.diverged(since, since);
        }
        try {
            onPassive.run();
        } catch (RuntimeException e) {
            log.error("onPassive failed", e);
        }
    }

    @Override
    public void alone(boolean isAlone) {
        if (isAlone && !alone) {
            admittedBefore = admitted.get();
        }
        alone = isAlone;
    }
}
