package io.privateer.samples.demo;

import java.time.Duration;

/**
 * What is to be done to one worker, and when. Immutable.
 *
 * @param kind what
 * @param at when, from the start of the load
 * @param worker to whom, counted from 0; if that one is down then, to the next that is up
 * @param whileBusy whether to wait a moment for it to be at work
 */
record Fault(Kind kind, Duration at, int worker, boolean whileBusy) {

    /** The ways in which the demo hurts a worker. */
    enum Kind {
        /** SIGKILL: the process is gone at once, its connection a moment later. */
        KILL("SIGKILL", "DISCONNECTED"),
        /** SIGSTOP, and SIGCONT later: the connection stays, so only silence tells. */
        FREEZE("SIGSTOP", "SILENT");

        /** The signal that does it. */
        final String signal;

        /** How the queue finds out. */
        final String cause;

        Kind(String signal, String cause) {
            this.signal = signal;
            this.cause = cause;
        }
    }
}
