package io.privateer.samples.cli;

import io.privateer.core.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Checks of option values: like the SDK's of settings, an {@link IllegalArgumentException} that names the option, the
 * rule and the value, but in the words of the command line. Each returns what it was given.
 */
public final class Rules {

    private Rules() {}

    /**
     * Makes something of settings that come from options. What is wrong with a setting is said of its option.
     *
     * @param options by the names of the settings
     */
    public static <T> T inOptions(Map<String, String> options, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            String said = String.valueOf(e.getMessage());
            for (Map.Entry<String, String> option : options.entrySet()) {
                // An error begins with the name of its setting; further on a name that is plain English may be just
                // that.
                boolean isPlain = option.getKey().chars().allMatch(Character::isLowerCase);
                String name = (isPlain ? "^" : "\\b") + option.getKey() + "(?= )";
                said = said.replaceFirst(name, option.getValue());
            }
            throw new IllegalArgumentException(said, e);
        }
    }

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
