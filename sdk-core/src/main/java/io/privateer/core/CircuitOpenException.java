package io.privateer.core;

import java.util.List;

/** No endpoint may be tried now: the circuit breaker of each is open. */
public final class CircuitOpenException extends PirateException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception from what happened, in words, and what was tried, oldest first. */
    public CircuitOpenException(String message, List<Attempt> attempts) {
        super(Reason.CIRCUIT_OPEN, message, attempts, null);
    }
}
