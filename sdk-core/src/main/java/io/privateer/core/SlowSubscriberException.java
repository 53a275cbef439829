package io.privateer.core;

import java.util.List;

/** A subscriber cannot keep up with what is published, and was told to fail rather than to leave something out. */
public final class SlowSubscriberException extends PirateException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception from what happened, in words. */
    public SlowSubscriberException(String message) {
        super(Reason.OVERLOADED, message, List.of(), null);
    }
}
