package io.privateer.core;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The root of everything the SDK throws for what can go wrong outside the caller's code.
 *
 * <p>Catch a subclass to act on one failure, or this class and switch over {@link #reason()}.
 */
public abstract class PirateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final transient List<Attempt> attempts;

    PirateException(Reason reason, String message, List<Attempt> attempts, @Nullable Throwable cause) {
        super(message + describe(attempts), cause);
        this.reason = reason;
        this.attempts = List.copyOf(attempts);
    }

    /** Returns why the operation failed. */
    public Reason reason() {
        return reason;
    }

    /** Returns what was tried, oldest first; empty where nothing was. Not kept by Java serialization. */
    @SuppressWarnings("NullAway") // A deserialized instance has lost its transient field.
    public List<Attempt> attempts() {
        return attempts == null ? List.of() : attempts;
    }

    private static String describe(List<Attempt> attempts) {
        return attempts.isEmpty()
                ? ""
                : attempts.stream().map(Attempt::toString).collect(Collectors.joining("; ", " [", "]"));
    }
}
