package io.privateer.samples.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * What the ends of a sample say: for each end the lines, as regular expressions, that must come in this order among its own. The
 * ends' lines may mix in any way.
 */
record Script(List<String> lines) {

    /** Reads the script of a pattern, a resource of its name. */
    static Script of(Pattern pattern) {
        String name = pattern.id() + ".txt";
        try (InputStream text = Objects.requireNonNull(Script.class.getResourceAsStream(name), name)) {
            return new Script(new String(text.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails unless every end has said what it should, in its order. */
    void assertPlayed(List<String> played) {
        for (String end : ends()) {
            List<String> own =
                    played.stream().filter(line -> line.startsWith(end)).toList();
            int at = 0;
            for (String expected :
                    lines.stream().filter(line -> line.startsWith(end)).toList()) {
                while (at < own.size() && !own.get(at).matches(expected)) {
                    at++;
                }
                assertThat(at)
                        .as("'%s' in its place among%n%s", expected, String.join("\n", played))
                        .isLessThan(own.size());
                at++;
            }
        }
    }

    private List<String> ends() {
        return lines.stream()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .distinct()
                .toList();
    }
}
