package io.privateer.pirate;

/** How the connection of a {@link PrvWorkerMachine} to its queue stands. */
enum WorkerLink {
    /** Lost; the next one waits for its time. */
    CLOSED,
    /** READY was said, and not yet answered. */
    GREETING,
    /** The queue has said WELCOME. */
    WELCOME,
    /** Drained; nothing happens any more. */
    STOPPED
}
