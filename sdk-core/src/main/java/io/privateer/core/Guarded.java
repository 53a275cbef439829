package io.privateer.core;

import java.util.function.LongConsumer;

/**
 * A service of which two copies run and one serves at a time: a queue, a broker, a server of your own. Whoever guards it
 * decides which copy that is, and tells it.
 *
 * <p>It stands by until {@link #activate} is called for the first time. Calls come one after the other, from the guard's
 * thread, and must not block: a service with a thread of its own hands them over to that, in order.
 */
public interface Guarded {

    /**
     * Returns the {@link Guarded} of a server of your own, which asks {@link GuardedSwitch#admit} at every request.
     *
     * @param onActive called with the epoch before the first request is admitted, and again when that changes; where it throws,
     *     nothing is admitted and the other copy is to serve
     * @param onPassive called once no request is admitted any more
     */
    static GuardedSwitch of(LongConsumer onActive, Runnable onPassive) {
        return new GuardedSwitch(onActive, onPassive, NanoClock.system());
    }

    /** Learns who guards it; called once, before anything else. */
    void guardedBy(Guard guard);

    /**
     * Serves from now on, under {@code epoch}; or goes on serving, under a newer one.
     *
     * @param epoch greater than any that this copy or the other was given before; 0 where epochs are not used
     */
    void activate(long epoch);

    /**
     * May serve until {@code nanoTime} only, as {@link NanoClock#system} counts, unless it is told another time before that: a
     * lease stands behind it. It is told before {@link #activate}, and again whenever that changes. Whoever stands still in the midst of serving finds out by this that it has ended, before the
     * guard does. A service that is never told may serve until it is told to stand by.
     */
    default void serveUntil(long nanoTime) {}

    /**
     * Serves no more: what is under way ends for its clients as not served, so that they turn to the other copy. Once that is
     * so, it is for this copy to say it with {@link Guard#standsBy}. Where leases stand behind the guard, the other copy is
     * let in upon that word, and without it when the lease has ended. While it stands by it is told so again whenever what it is
     * told here has changed.
     *
     * @param newestEpoch the newest epoch known
     * @param activeAddress where clients find the copy that serves; empty if that is not known
     */
    void standBy(long newestEpoch, String activeAddress);

    /**
     * Learns that the other copy is out of sight, or in sight again. Should it turn out to have served meanwhile, both did,
     * and what this copy accepted since is what may have happened twice: {@link Guard#diverged} reports it.
     */
    void alone(boolean isAlone);
}
