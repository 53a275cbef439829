package io.privateer.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The event loop under a component ended by a failure: JeroMQ's I/O thread died, or a bug of ours showed. Everything on
 * that loop has stopped; close it and build it anew, or let a supervisor restart the process.
 */
public final class TransportFailedException extends PirateException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception from what happened, in words, what was tried, and the failure of the loop. */
    public TransportFailedException(String message, List<Attempt> attempts, @Nullable Throwable cause) {
        super(Reason.TRANSPORT_FAILED, message, attempts, cause);
    }
}
