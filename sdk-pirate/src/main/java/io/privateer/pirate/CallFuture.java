package io.privateer.pirate;

import io.privateer.core.Message;
import io.privateer.core.PirateException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What a caller holds of a call. Whoever completes it but the client itself takes the call back. Thread-safe. */
final class CallFuture extends CompletableFuture<Message> {

    private final ClientCall call;
    private final Consumer<ClientCall> withdrawal;

    CallFuture(ClientCall call, Consumer<ClientCall> withdrawal) {
        this.call = call;
        this.withdrawal = withdrawal;
    }

    /** Ends the call with its reply; false if the caller was faster. */
    boolean succeed(Message reply) {
        return super.complete(reply);
    }

    /** Ends the call without a reply; false if the caller was faster. */
    boolean fail(PirateException failure) {
        return super.completeExceptionally(failure);
    }

    @Override
    public boolean complete(Message value) {
        return withdrawn(super.complete(value));
    }

    @Override
    public boolean completeExceptionally(Throwable cause) {
        return withdrawn(super.completeExceptionally(cause));
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        boolean wasOpen = !isDone();
        return super.cancel(mayInterrupt) && (!wasOpen || withdrawn(true));
    }

    private boolean withdrawn(boolean byCaller) {
        if (byCaller) {
            withdrawal.accept(call);
        }
        return byCaller;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
