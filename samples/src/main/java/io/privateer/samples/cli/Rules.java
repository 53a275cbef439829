package io.privateer.samples.cli;

import io.privateer.core.Settings;
import java.time.Duration;

/**
 * Checks of option values: like the SDK's of settings, an {@link IllegalArgumentException} that names the option, the
 * rule and the value, but in the words of the command line. Each returns what it was given.
 */
public final class Rules {

    private Rules() {}

    /** Checks that {@code value} lies between {@code min} and {@code max}. */
    public static int between(String option, int value, int min, int max) {
        Settings.check(value >= min && value <= max, option, "from " + min + " to " + max, value);
        return value;
    }

    /** Checks that {@code value} lies between {@code min} and {@code max}. */
    public static Duration between(String option, Duration value, Duration min, Duration max) {
        Settings.check(
                value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
                option,
                "from " + Durations.format(min) + " to " + Durations.format(max),
                Durations.format(value));
        return value;
    }
}
