package io.privateer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The benchmarks with a verdict run; what the verdict is depends on the machine, and is not tested. */
class PacedBenchTest {

    private static final String SMALL = " --workers=1 --threads=2 --work-millis=5 --json=";

    private final StringWriter err = new StringWriter();

    @TempDir
    Path directory;

    private JsonNode run(String args) throws IOException {
        Path json = directory.resolve("bench.json");
        CommandLine command = Bench.commandLine();
        command.setErr(new PrintWriter(err, true));
        int exitCode = command.execute((args + SMALL + json).split(" "));
        assertThat(err.toString()).isEmpty();
        JsonNode written = new ObjectMapper().readTree(json.toFile());
        assertThat(exitCode).isEqualTo(written.get("pass").asBoolean() ? 0 : 1);
        assertThat(ProcessHandle.current().descendants()).isEmpty();
        return written;
    }

    @Test
    @Timeout(120)
    void overloadTellsWhatBecameOfEveryCall() throws IOException {
        JsonNode written =
                run("overload --seconds=1 --peak-seconds=1 --times=3 --deadline-millis=300 --pending-max=50");
        JsonNode outcome = written.get("outcome");
        assertThat(written.get("peakPerSecond").asDouble()).isPositive();
        assertThat(written.get("heap").get("duringBytes").asLong()).isPositive();
        assertThat(outcome.get("offered").asLong()).isPositive();
        assertThat(outcome.get("answered").asLong()
                        + outcome.get("refusedByQueue").asLong()
                        + outcome.get("refusedByClient").asLong()
                        + outcome.get("timedOut").asLong()
                        + outcome.get("unexplained").asLong()
                        + outcome.get("hanging").asLong())
                .isEqualTo(outcome.get("offered").asLong());
        assertThat(outcome.get("unexplained").asLong()).isZero();
        assertThat(outcome.get("hanging").asLong()).isZero();
    }

    @Test
    @Timeout(120)
    void fairnessComparesAWindowAloneWithOneBesideAFlood() throws IOException {
        JsonNode written = run("fairness --rounds=1 --seconds=1 --in-flight=1 --flood=50");
        JsonNode round = written.get("rounds").get(0);
        assertThat(round.get("alone").get("requests").asLong()).isPositive();
        assertThat(round.get("beside").get("requests").asLong()).isPositive();
        assertThat(round.get("flood").get("requests").asLong()).isPositive();
        assertThat(written.get("p99RatioMedian").asDouble()).isPositive();
    }
}
