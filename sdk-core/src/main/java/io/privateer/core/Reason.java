package io.privateer.core;

/** Why an operation failed, for code that decides by it. */
public enum Reason {
    /** No attempt was answered: either the attempts or the deadline ran out. The request may have been executed. */
    TIMED_OUT(true),
    /** The circuit breaker of every endpoint is open, so the request was not sent. */
    CIRCUIT_OPEN(true),
    /** The component was closed, before or during the call. */
    CLOSED(false),
    /** The calling thread was interrupted; its interrupt flag is set again. */
    INTERRUPTED(false),
    /** An endpoint could not be bound or is not one. */
    ENDPOINT_UNUSABLE(false),
    /** The event loop ended by a failure: its I/O thread died, or a bug of ours showed. */
    TRANSPORT_FAILED(false);

    private final boolean retryable;

    Reason(boolean retryable) {
        this.retryable = retryable;
    }

    /** Returns whether the same call may succeed later, on the same component. */
    public boolean isRetryable() {
        return retryable;
    }
}
