package io.privateer.pirate;

/** How the connection of a {@link PrvWorkerMachine} to its queue stands. */
enum WorkerLink {
    /** Lost; the next one waits for its time. */
    CLOSED,
    /** READY was said, and not yet answered. */
    GREETING,
    /** The queue has said WELCOME, but stands by, and is not the one that what is held came from: that may have an heir. */
    ASIDE,
    /** The queue has said WELCOME. */
    WELCOME,
    /** Drained; nothing happens any more. */
    STOPPED;

    /** Whether there is a connection, or one is being made. */
    boolean isOpen() {
        return this == GREETING || isKnown();
    }

    /** Whether the queue knows the worker. */
    boolean isKnown() {
        return this == ASIDE || this == WELCOME;
    }
}
