package io.privateer.samples.demo;

import java.time.Duration;

/**
 * What is to be done to one process, and when. Immutable.
 *
 * @param kind what
 * @param at when, from the start of the load
 * @param worker to which worker or broker, counted from 0; if that worker is down then, to the next that is up; {@link #ACTIVE}
 *     where it is for neither
 * @param whileBusy whether to wait a moment for it to be at work
 */
record Fault(Kind kind, Duration at, int worker, boolean whileBusy) {

    /** In place of a worker: whichever server is active then. */
    static final int ACTIVE = -1;

    /** The ways in which the demo hurts a process. */
    enum Kind {
        /** SIGKILL: the process is gone at once, its connection a moment later. */
        KILL("SIGKILL", "DISCONNECTED"),
        /** SIGSTOP, and SIGCONT later: the connection stays, so only silence tells. */
        FREEZE("SIGSTOP", "SILENT");

        /** The signal that does it. */
        final String signal;

        /** How the queue finds out that it was a worker. */
        final String cause;

        Kind(String signal, String cause) {
            this.signal = signal;
            this.cause = cause;
        }
    }
}
