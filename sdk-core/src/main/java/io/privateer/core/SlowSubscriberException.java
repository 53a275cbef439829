package io.privateer.core;

import java.util.List;

/**
 * A subscriber cannot keep up with what is published, and was told to fail rather than to leave something out. It is over: asking it
 * again never helps. A new one begins with what is published then.
 */
public final class SlowSubscriberException extends PirateException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception from what happened, in words. */
    public SlowSubscriberException(String message) {
        super(Reason.TOO_SLOW, message, List.of(), null);
    }
}
