package io.privateer.core;

/** Who decides whether a {@link Guarded} service serves, as seen by that service. Thread-safe; no method blocks. */
public interface Guard {

    /** A client asks this copy while it stands by: one of the two signs that it is needed. */
    void voted();

    /** A client or worker knows a newer epoch than this copy was told: another copy serves, or has served. */
    void newerEpoch(long epoch);

    /**
     * This copy drains, or has ended: it can serve no more, and the other one shall.
     *
     * @param why for the log
     */
    void serviceEnded(String why);

    /**
     * This copy stands by: it serves nobody any more, until it is told to.
     *
     * @param newestEpoch as {@link Guarded#standBy} said; or what it served under, where it does so of itself because its time
     *     has ended
     */
    void standsBy(long newestEpoch);

    /**
     * This copy has stood down for a newer epoch, and this is what it had done since it was alone.
     *
     * @param accepted requests taken
     * @param answered requests answered
     */
    void diverged(long accepted, long answered);
}
