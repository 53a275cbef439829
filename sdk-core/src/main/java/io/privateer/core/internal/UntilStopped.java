package io.privateer.core.internal;

import io.privateer.core.TransportFailedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** How a main program waits for the end of the component that it runs. */
public final class UntilStopped {

    /** How long a component may take to drain when its process is told to end. */
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private UntilStopped() {}

    /**
     * Waits until {@code stopped} completes; when the process is told to end before, drains.
     *
     * @param name what the draining thread is named after
     * @throws TransportFailedException if that is what {@code stopped} completes with
     */
    public static void await(
            String name, CompletableFuture<Boolean> stopped, Function<Duration, CompletableFuture<Boolean>> drain) {
        Thread drainer = new Thread(() -> drain.apply(DRAIN).join(), "privateer-drain-" + name);
        Runtime.getRuntime().addShutdownHook(drainer);
        try {
            stopped.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof TransportFailedException failure ? failure : e;
        } finally {
            forget(drainer);
        }
    }

    private static void forget(Thread drainer) {
        try {
            Runtime.getRuntime().removeShutdownHook(drainer);
        } catch (IllegalStateException e) {
            // The process is ending, and that thread may be why.
        }
    }
}
