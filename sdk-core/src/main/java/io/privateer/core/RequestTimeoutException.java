package io.privateer.core;

import java.util.List;

/** Every attempt of a request ended without a reply, or its deadline passed. The request may have been executed. */
public final class RequestTimeoutException extends PirateException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception from what happened, in words, and what was tried, oldest first. */
    public RequestTimeoutException(String message, List<Attempt> attempts) {
        super(Reason.TIMED_OUT, message, attempts, null);
    }
}
