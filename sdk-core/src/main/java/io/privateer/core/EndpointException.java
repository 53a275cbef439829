package io.privateer.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An endpoint could not be bound or connected: the address is taken, not ours, or does not resolve. */
public final class EndpointException extends PirateException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception from what happened, in words, and its cause. */
    public EndpointException(String message, @Nullable Throwable cause) {
        super(Reason.ENDPOINT_UNUSABLE, message, List.of(), cause);
    }
}
