package io.privateer.pirate;

import io.privateer.core.Message;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a {@link WorkerHandler} on its executor and turns whatever it does into one outcome. Thread-safe. */
final class HandlerRunner {

    private static final Logger log = LoggerFactory.getLogger(WorkerHandler.class);
    private static final String NO_REPLY = "handler returned no reply: null";

    private final String worker;
    private final WorkerHandler handler;
    private final Executor executor;

    /** Hears how the handling of a request ended. */
    @FunctionalInterface
    interface Outcome<R extends Request> {

        /** Called once: with the reply, or with the failure, or with both where the handler made a reply of it. */
        void ended(R request, @Nullable Message reply, @Nullable Throwable failure);
    }

    HandlerRunner(String worker, WorkerHandler handler, Executor executor) {
        this.worker = worker;
        this.handler = handler;
        this.executor = executor;
    }

    /** Handles {@code request} and then, on whatever thread that ends, perhaps this one, tells {@code outcome} once. */
    <R extends Request> void handle(R request, Outcome<R> outcome) {
        try {
            executor.execute(() -> handleNow(request, outcome));
        } catch (
                Throwable
                        e) { // No thread to be had, or an executor that rejects: this request fails, the loop goes on.
            log.warn("handler refused by its executor worker={}", worker, e);
            outcome.ended(request, null, e);
        }
    }

    private <R extends Request> void handleNow(R request, Outcome<R> outcome) {
        if (handler instanceof AsyncWorkerHandler async) {
            handleLater(async, request, outcome);
            return;
        }
        Message reply;
        try {
            reply = Objects.requireNonNull(handler.handle(request), NO_REPLY);
        } catch (Throwable e) { // An Error too ends this request only: the worker has others to serve.
            fail(request, e, outcome);
            return;
        }
        outcome.ended(request, reply, null);
    }

    private <R extends Request> void handleLater(AsyncWorkerHandler async, R request, Outcome<R> outcome) {
        CompletionStage<Message> stage;
        try {
            stage = Objects.requireNonNull(async.handleAsync(request), "handler returned no stage");
        } catch (Throwable e) {
            fail(request, e, outcome);
            return;
        }
        stage.whenComplete((reply, failure) -> {
            if (failure instanceof CompletionException && failure.getCause() != null) {
                fail(request, failure.getCause(), outcome);
            } else if (failure != null) {
                fail(request, failure, outcome);
            } else if (reply == null) {
                fail(request, new NullPointerException(NO_REPLY), outcome);
            } else {
                outcome.ended(request, reply, null);
            }
        });
    }

    private <R extends Request> void fail(R request, Throwable failure, Outcome<R> outcome) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        if (request.isCancelled()) { // To stop is what it was told to, and nobody waits for a reply.
            log.debug("cancelled handler stopped worker={} request={}", worker, request, failure);
            outcome.ended(request, null, failure);
            return;
        }
        outcome.ended(request, replyTo(request, failure), failure);
    }

    private @Nullable Message replyTo(Request request, Throwable failure) {
        log.warn("handler failed worker={} request={}", worker, request, failure);
        try {
            Optional<Message> reply = handler.onError(request, failure);
            return reply.orElse(null);
        } catch (Throwable e) {
            log.error("onError failed worker={}", worker, e);
            return null;
        }
    }
}
