package io.privateer.samples.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** Every sample runs, alone and with its twin, and says what it should. */
@Timeout(120)
class PatternsTest {

    private static final int LINES_BELOW = 80;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private List<String> run(String... args) {
        int exitCode = new CommandLine(new SampleCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
        assertThat(exitCode).as("%s%s", out, err).isZero();
        return out.toString().lines().toList();
    }

    @ParameterizedTest
    @EnumSource
    void runsAloneAndSaysWhatItDoes(Pattern pattern) {
        Script.of(pattern).assertPlayed(run(pattern.id()));
    }

    @ParameterizedTest
    @EnumSource
    void runsWithItsTwinAndSaysTheSame(Pattern pattern) {
        boolean isRequired = System.getenv("PRIVATEER_PYTHON_REQUIRED") != null;
        assumeTrue(isRequired || Twins.interpreter().isPresent(), "there is no python3 that can import zmq");
        List<String> lines = run("--twin", pattern.id());
        assertThat(lines).anyMatch(line -> line.contains("/samples/" + pattern.twin()));
        Script.of(pattern).assertPlayed(lines);
    }

    @Test
    void theListIsTheNamesOneALine() {
        assertThat(run("--list"))
                .hasSameSizeAs(Pattern.values())
                .startsWith("request-reply")
                .allMatch(name -> Pattern.named(name).isPresent());
    }

    @ParameterizedTest
    @EnumSource
    void isShortEnoughToBeReadAtOnce(Pattern pattern) throws IOException {
        assertThat(Files.readAllLines(Path.of(source(pattern)))).hasSizeLessThan(LINES_BELOW);
        assertThat(Files.readAllLines(Path.of(pattern.twin()))).hasSizeLessThan(LINES_BELOW);
    }

    @Test
    void theTableInTheReadmeIsTheList() throws IOException {
        List<String> rows = Stream.of(Pattern.values()).map(PatternsTest::row).toList();
        List<String> told = Files.readAllLines(Path.of("README.md")).stream()
                .filter(line -> line.startsWith("| ["))
                .toList();
        assertThat(told).as("expected:%n%s", String.join("\n", rows)).isEqualTo(rows);
    }

    private static String row(Pattern pattern) {
        return "| [%1$s](%2$s) | %3$s | `./privateer sample %1$s` | [%4$s](%4$s) |"
                .formatted(pattern.id(), source(pattern), pattern.idea(), pattern.twin());
    }

    private static String source(Pattern pattern) {
        return "src/main/java/" + pattern.program().getClass().getName().replace('.', '/') + ".java";
    }
}
