package io.privateer.core;

import java.util.List;

/** The server ended the request without a reply; {@link #reason()} says why. */
public final class RequestFailedException extends PirateException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception from why, what happened in words, and what was tried, oldest first. */
    public RequestFailedException(Reason reason, String message, List<Attempt> attempts) {
        super(reason, message, attempts, null);
    }
}
