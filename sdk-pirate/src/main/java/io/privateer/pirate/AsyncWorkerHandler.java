package io.privateer.pirate;

import io.privateer.core.Message;
import java.util.concurrent.CompletionStage;

/** A {@link WorkerHandler} whose replies come later, and from any thread. */
public abstract class AsyncWorkerHandler extends WorkerHandler {

    /** For subclasses. */
    protected AsyncWorkerHandler() {}

    /**
     * Begins to serve {@code request} and returns the reply to come. The worker counts as busy until the stage
     * completes; one that never does is noticed by the queue's lease.
     *
     * @throws Exception if the request cannot be served, as if the stage had completed with it
     */
    protected abstract CompletionStage<Message> handleAsync(Request request) throws Exception;

    /** Not called by workers, which use {@link #handleAsync}; waits for its result. */
    @Override
    protected final Message handle(Request request) throws Exception {
        return handleAsync(request).toCompletableFuture().get();
    }
}
