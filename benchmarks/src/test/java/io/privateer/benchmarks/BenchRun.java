package io.privateer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Runs benchmarks as the command does. What their verdict is depends on the machine, and is not tested. */
abstract class BenchRun {

    private final StringWriter err = new StringWriter();

    @TempDir
    Path directory;

    /** Returns what the benchmark has written. */
    final JsonNode run(String args) throws IOException {
        Path json = directory.resolve("bench.json");
        CommandLine command = Bench.commandLine();
        command.setErr(new PrintWriter(err, true));
        int exitCode = command.execute((args + " --json=" + json).split(" "));
        assertThat(err.toString()).isEmpty();
        JsonNode written = new ObjectMapper().readTree(json.toFile());
        assertThat(exitCode).isEqualTo(written.get("pass").asBoolean() ? 0 : 1);
        assertThat(ProcessHandle.current().descendants()).isEmpty();
        return written;
    }
}
