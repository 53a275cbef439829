package io.privateer.core;

import java.util.List;

/** The component was closed, before the call or while it waited. */
public final class ClosedException extends PirateException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception from what happened, in words, and what was tried, oldest first. */
    public ClosedException(String message, List<Attempt> attempts) {
        super(Reason.CLOSED, message, attempts, null);
    }
}
