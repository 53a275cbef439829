package io.privateer.samples.cli;

import io.privateer.core.PirateException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for the end of a command that runs until it is told to end. */
final class Ends {

    private Ends() {}

    /** Returns the exit code that {@code ended} completes with, or throws the SDK's exception that ended it. */
    static int await(CompletableFuture<Integer> ended) throws InterruptedException, ExecutionException {
        try {
            return ended.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PirateException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
