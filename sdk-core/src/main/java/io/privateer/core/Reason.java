package io.privateer.core;

/** Why an operation failed, for code that decides by it. */
public enum Reason {
    /** No attempt was answered: either the attempts or the deadline ran out. The request may have been executed. */
    TIMED_OUT(true),
    /** Until the deadline no server took the request: none was reached, or each turned it away. It was not executed. */
    NOT_SERVED(true),
    /** The circuit breaker of every endpoint is open, so the request was not sent. */
    CIRCUIT_OPEN(true),
    /** The component was closed, before or during the call. */
    CLOSED(false),
    /** The calling thread was interrupted; its interrupt flag is set again. */
    INTERRUPTED(false),
    /** An endpoint could not be bound or is not one. */
    ENDPOINT_UNUSABLE(false),
    /** A file that a component depends on is missing, damaged, somebody else's, or cannot be written. */
    STORAGE_UNUSABLE(false),
    /** The event loop ended by a failure: its I/O thread died, or a bug of ours showed. */
    TRANSPORT_FAILED(false),
    /** Too much is under way, here or at the server; the request was not executed. */
    OVERLOADED(true),
    /** A subscriber could not keep up and was told to fail rather than to leave something out: it is over. */
    TOO_SLOW(false),
    /** The handler failed; the message is its own. */
    HANDLER_FAILED(false),
    /** The time to live ran out at the queue before a worker took the request. */
    EXPIRED(true),
    /** The time to live ran out at the queue while no worker of the service was there. */
    NO_WORKERS(true),
    /** As many workers as are allowed have lost the request. */
    REDELIVERY_EXHAUSTED(false),
    /** The request or its reply is longer than the other side takes. */
    TOO_LARGE(false),
    /** The server does not allow it. */
    UNAUTHORIZED(false),
    /** An at-most-once request was lost, or not answered in time, after it was sent: it may have been executed. */
    MAY_HAVE_RUN(false);

    private final boolean retryable;

    Reason(boolean retryable) {
        this.retryable = retryable;
    }

    /** Returns whether the same call may succeed later, on the same component. */
    public boolean isRetryable() {
        return retryable;
    }
}
