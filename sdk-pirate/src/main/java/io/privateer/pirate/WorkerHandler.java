package io.privateer.pirate;

import io.privateer.core.Message;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Serves requests: subclass it and implement {@link #handle}, or use {@link #of} with a lambda. Handlers that complete
 * later extend {@link AsyncWorkerHandler}, or use {@link #ofAsync}.
 *
 * <p>A request may be handled more than once, here or in another worker: after a crash, a lost connection or an expired
 * lease. Make handling idempotent, or de-duplicate by something in the request.
 *
 * <p>One handler may serve several requests at once, on several threads, if its workers' concurrency is above 1 or it is
 * given to several workers. None of its methods runs on the thread that owns the socket, so all may block; but see
 * {@link PirateQueueConfig.Builder#lease}.
 */
public abstract class WorkerHandler {

    /** For subclasses. */
    protected WorkerHandler() {}

    /** A handler as a function; see {@link WorkerHandler#handle}. */
    @FunctionalInterface
    public interface Function {

        /** Returns the reply to a request. */
        Message handle(Request request) throws Exception;
    }

    /** A handler as a function that completes later; see {@link AsyncWorkerHandler#handleAsync}. */
    @FunctionalInterface
    public interface AsyncFunction {

        /** Returns the reply to come. */
        CompletionStage<Message> handle(Request request) throws Exception;
    }

    /** Returns a handler that calls {@code function}. */
    public static WorkerHandler of(Function function) {
        Objects.requireNonNull(function, "function");
        return new WorkerHandler() {
            @Override
            protected Message handle(Request request) throws Exception {
                return function.handle(request);
            }
        };
    }

    /** Returns a handler that calls {@code function}, whose reply may come later and from any thread. */
    public static WorkerHandler ofAsync(AsyncFunction function) {
        Objects.requireNonNull(function, "function");
        return new AsyncWorkerHandler() {
            @Override
            protected CompletionStage<Message> handleAsync(Request request) throws Exception {
                return function.handle(request);
            }
        };
    }

    /**
     * Returns the reply to {@code request}.
     *
     * @throws Exception if the request cannot be served; see {@link #onError} for what happens then
     */
    protected abstract Message handle(Request request) throws Exception;

    /** Called once before the first request, on the thread that starts the worker; what it throws fails that start. */
    protected void onStart() {}

    /**
     * Called when handling failed, unless the request was cancelled before: then nobody waits for a reply. Return a reply that your clients understand as an error, and they get it as any other.
     * Return empty, as this method does, and what happens depends on the worker's dialect:
     * <ul>
     *   <li>{@link WorkerDialect#PRV} has a word for "failed": the client is told at once, with the failure's message, and
     *       the request is not delivered again;
     *   <li>{@link WorkerDialect#PPP} has none: the request goes back to the queue, which delivers it again and, after
     *       {@code deliveriesMax} times, makes it a dead letter.
     * </ul>
     */
    protected Optional<Message> onError(Request request, Throwable failure) {
        return Optional.empty();
    }

    /** Called once when the worker begins to drain, on the thread that asks: it takes no new request and finishes its own. */
    protected void onDrain() {}

    /**
     * Called once when the worker has stopped, after the last request. A handler that ignores its interrupt, or runs on an
     * executor of yours, may still be at work after a {@link PirateWorker#close()} that did not wait for it.
     */
    protected void onStop() {}
}
