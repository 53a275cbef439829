package io.privateer.samples.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One line of what a command reports on standard output, for people and programs alike: a name, then {@code key=value}
 * pairs. Neither names nor values hold spaces. Immutable.
 */
public final class EventLine {

    private final String name;
    private final Map<String, String> fields;

    private EventLine(String name, Map<String, String> fields) {
        this.name = name;
        this.fields = fields;
    }

    /** Returns a line with no pairs yet. */
    public static EventLine of(String name) {
        return new EventLine(name, Map.of());
    }

    /** Returns this line with one more pair. */
    public EventLine with(String key, Object value) {
        Map<String, String> more = new LinkedHashMap<>(fields);
        more.put(key, value.toString());
        return new EventLine(name, more);
    }

    /** Reads a line; empty where it is not one, such as a stray message of the JVM. */
    public static Optional<EventLine> parse(String text) {
        String[] words = text.split(" ", -1);
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            if (equals < 1) {
                return Optional.empty();
            }
            fields.put(words[i].substring(0, equals), words[i].substring(equals + 1));
        }
        return words[0].isEmpty() ? Optional.empty() : Optional.of(new EventLine(words[0], fields));
    }

    /** Returns what happened. */
    public String name() {
        return name;
    }

    /**
     * Returns the value of {@code key}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public String text(String key) {
        @Nullable String value = fields.get(key);
        if (value == null) {
            throw new IllegalArgumentException("event " + name + " has no " + key);
        }
        return value;
    }

    /**
     * Returns the value of {@code key} as a number.
     *
     * @throws IllegalArgumentException if there is none
     */
    public long number(String key) {
        return Long.parseLong(text(key));
    }

    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(name);
        fields.forEach((key, value) -> line.append(' ').append(key).append('=').append(value));
        return line.toString();
    }
}
