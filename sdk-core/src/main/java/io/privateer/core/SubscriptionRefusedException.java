package io.privateer.core;

import java.util.List;

/** The publisher does not take this subscriber: another that lives has its name, or there are too many. */
public final class SubscriptionRefusedException extends PirateException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception from what happened, in words. */
    public SubscriptionRefusedException(String message) {
        super(Reason.UNAUTHORIZED, message, List.of(), null);
    }
}
