package io.privateer.core;

import java.util.List;

/**
 * Too much is under way: a bound of the client's own was reached, or the server was busy until the deadline. The request
 * was not executed.
 */
public final class OverloadedException extends PirateException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception from what happened, in words, and what was tried, oldest first. */
    public OverloadedException(String message, List<Attempt> attempts) {
        super(Reason.OVERLOADED, message, attempts, null);
    }
}
