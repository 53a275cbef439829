package io.privateer.pirate;

import java.util.concurrent.CompletableFuture;

/**
 * One connection under which a {@link PirateWorker} is known to its queue. Not thread-safe: confine to the loop's thread,
 * except {@link #stopped()}.
 */
interface Registration {

    /** Connects and introduces itself. */
    void start();

    /** Takes nothing new, finishes what it holds, and stops. */
    void drain();

    /** Stops at once. Closing twice is harmless. */
    void close();

    /** Completes with whether it drained, rather than being closed. Thread-safe. */
    CompletableFuture<Boolean> stopped();

    /** Returns what was counted. On the loop's thread, or after its end. */
    WorkerStats stats();
}
