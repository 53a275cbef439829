package io.privateer.core;

import java.util.List;

/** The thread that waited for a reply was interrupted. Its interrupt flag is set. */
public final class InterruptedRequestException extends PirateException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception from what happened, in words, and what was tried, oldest first. */
    public InterruptedRequestException(String message, List<Attempt> attempts) {
        super(Reason.INTERRUPTED, message, attempts, null);
    }
}
