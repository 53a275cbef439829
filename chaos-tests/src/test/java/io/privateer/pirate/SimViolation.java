package io.privateer.pirate;

import org.jspecify.annotations.Nullable;

/** A promise was broken in a simulated world. */
final class SimViolation extends AssertionError {

    private static final long serialVersionUID = 1L;

    SimViolation(String message) {
        super(message);
    }

    static void check(boolean kept, String promise, @Nullable Object... details) {
        if (!kept) {
            StringBuilder message = new StringBuilder(promise);
            for (@Nullable Object detail : details) {
                message.append(' ').append(detail);
            }
            throw new SimViolation(message.toString());
        }
    }
}
