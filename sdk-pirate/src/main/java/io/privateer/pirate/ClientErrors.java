package io.privateer.pirate;

import io.privateer.core.Attempt;
import io.privateer.core.CircuitOpenException;
import io.privateer.core.ClosedException;
import io.privateer.core.InterruptedRequestException;
import io.privateer.core.OverloadedException;
import io.privateer.core.PirateException;
import io.privateer.core.Reason;
import io.privateer.core.RequestFailedException;
import io.privateer.core.RequestTimeoutException;
import io.privateer.core.TransportFailedException;
import io.privateer.core.wire.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The words for how calls of a {@link PirateClient} fail. */
final class ClientErrors {

    private ClientErrors() {}

    /** Returns why a call ends that a server has ended with {@code status}. */
    static Reason reasonOf(Status status) {
        return switch (status) {
            case HANDLER_FAILED -> Reason.HANDLER_FAILED;
            case EXPIRED -> Reason.EXPIRED;
            case NO_WORKERS -> Reason.NO_WORKERS;
            case REDELIVERY_EXHAUSTED -> Reason.REDELIVERY_EXHAUSTED;
            case TOO_LARGE -> Reason.TOO_LARGE;
            case UNAUTHORIZED -> Reason.UNAUTHORIZED;
            case WORKER_LOST -> Reason.MAY_HAVE_RUN;
            case OK, BUSY, NOT_ACTIVE, STALE_EPOCH, UNKNOWN_PEER ->
                throw new IllegalStateException("no call fails by that: " + status);
        };
    }

    /**
     * Returns what the caller gets.
     *
     * @param text what the server says, or {@code null}
     * @param loopFailure what ended the client's event loop, or {@code null}
     */
    static PirateException of(
            Reason reason,
            @Nullable String text,
            List<Attempt> attempts,
            PirateClientConfig config,
            @Nullable Throwable loopFailure) {
        String client = "client " + config.name();
        return switch (reason) {
            case TIMED_OUT -> new RequestTimeoutException(client + " got no reply until the deadline", attempts);
            case OVERLOADED -> new OverloadedException(client + " found the server busy until the deadline", attempts);
            case CIRCUIT_OPEN ->
                new CircuitOpenException(
                        client + " sent nothing: the circuit breaker of every endpoint is open " + config.endpoints(),
                        attempts);
            case INTERRUPTED ->
                new InterruptedRequestException(client + " was interrupted while it waited for a reply", attempts);
            case CLOSED -> new ClosedException(client + " is closed", attempts);
            case TRANSPORT_FAILED -> new TransportFailedException(client + " has failed", attempts, loopFailure);
            case ENDPOINT_UNUSABLE, STORAGE_UNUSABLE, TOO_SLOW ->
                throw new IllegalStateException("a request does not end like this: " + reason);
            case NOT_SERVED ->
                new RequestFailedException(
                        reason, client + " found no server that took the request until the deadline", attempts);
            case HANDLER_FAILED, EXPIRED, NO_WORKERS, REDELIVERY_EXHAUSTED, TOO_LARGE, UNAUTHORIZED, MAY_HAVE_RUN ->
                new RequestFailedException(
                        reason,
                        "request of " + client + " ended with " + reason
                                + (text == null || text.isEmpty() ? "" : ": " + text),
                        attempts);
        };
    }

    /** Returns what a caller gets that finds too many calls open. */
    static OverloadedException full(PirateClientConfig config, CallBounds bounds, long bytes) {
        boolean many = bounds.count() >= config.inFlightMax();
        return new OverloadedException(
                "client " + config.name() + " has too much under way: "
                        + (many
                                ? bounds.count() + " open calls reach inFlightMax=" + config.inFlightMax()
                                : bounds.bytes() + " bytes in open calls and " + bytes
                                        + " more exceed inFlightBytesMax=" + config.inFlightBytesMax()),
                List.of());
    }

    static ClosedException closed(PirateClientConfig config) {
        return new ClosedException("client " + config.name() + " is closed", List.of());
    }
}
