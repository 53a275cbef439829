package io.privateer.pirate;

import io.privateer.core.Message;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a {@link WorkerHandler} on its executor and turns whatever it does into one outcome. Thread-safe. */
final class HandlerRunner {

    private static final Logger log = LoggerFactory.getLogger(WorkerHandler.class);

    private final String worker;
    private final WorkerHandler handler;
    private final Executor executor;

    HandlerRunner(String worker, WorkerHandler handler, Executor executor) {
        this.worker = worker;
        this.handler = handler;
        this.executor = executor;
    }

    /**
     * Handles {@code request} and then, on whatever thread that ends, calls {@code outcome} once: with the reply, or with
     * {@code null} and the failure, or with both where the handler made a reply of the failure.
     */
    void handle(Request request, BiConsumer<@Nullable Message, @Nullable Throwable> outcome) {
        try {
            executor.execute(() -> handleNow(request, outcome));
        } catch (
                Throwable
                        e) { // No thread to be had, or an executor that rejects: this request fails, the loop goes on.
            log.warn("handler refused by its executor worker={}", worker, e);
            outcome.accept(null, e);
        }
    }

    private void handleNow(Request request, BiConsumer<@Nullable Message, @Nullable Throwable> outcome) {
        CompletionStage<Message> stage;
        try {
            stage = Objects.requireNonNull(handler.invoke(request), "handler returned no stage");
        } catch (Throwable e) { // An Error too ends this request only: the worker has others to serve.
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            outcome.accept(replyTo(request, e), e);
            return;
        }
        stage.whenComplete((reply, failure) -> {
            if (failure != null) {
                Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
                outcome.accept(replyTo(request, cause), cause);
            } else if (reply == null) {
                Throwable mistake = new NullPointerException("handler returned no reply: null");
                outcome.accept(replyTo(request, mistake), mistake);
            } else {
                outcome.accept(reply, null);
            }
        });
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
