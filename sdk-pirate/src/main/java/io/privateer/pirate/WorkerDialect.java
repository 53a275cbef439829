package io.privateer.pirate;

/** How a {@link PirateWorker} talks to its queue. */
public enum WorkerDialect {
    /**
     * Privateer's own, PRV/1: one connection for any concurrency, several deliveries held at once, failures and deadlines
     * told, deliveries that survive a lost connection. Needs a {@link PirateQueue}.
     */
    PRV,
    /**
     * The Paranoid Pirate Protocol (RFC 6), which the Guide's queues and {@link PirateQueue} speak: one connection for
     * each request handled at once, and nothing but the request itself.
     */
    PPP
}
