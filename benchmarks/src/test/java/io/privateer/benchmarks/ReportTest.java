package io.privateer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReportTest {

    @TempDir
    Path folder;

    @Test
    void numbersAreWrittenAsFarAsTheyWereMeasured() throws IOException {
        // given the medians of two rounds
        List<Result> results =
                List.of(Results.of(Peer.PRIVATEER, 64, 1, 30_000), Results.of(Peer.PRIVATEER, 64, 2, 30_001.5));
        // when
        JsonNode written =
                write(new Report().with("summary", Summary.of(results)).with("ratio", 2.0 / 3));
        // then
        JsonNode summary = written.at("/summary/0");
        assertThat(summary.get("requestsPerSecond").asText()).isEqualTo("30000.8");
        assertThat(summary.at("/latencyMicros/p50").asText()).isEqualTo("33.3");
        assertThat(summary.at("/latencyMicros/max").asText()).isEqualTo("100.0");
        assertThat(written.get("ratio").asText()).isEqualTo("0.667");
    }

    @Test
    void theSettingsNameEveryLoad() throws IOException {
        PeerBench bench = new PeerBench();
        new CommandLine(bench).parseArgs("--peers", "raw", "--sizes", "64,128", "--in-flight", "7", "--workers", "2");
        JsonNode settings =
                write(new Report().with("settings", bench.settings())).get("settings");
        assertThat(settings.get("peers")).hasToString("[\"raw\"]");
        assertThat(settings.get("sizes")).hasToString("[64,128]");
        assertThat(settings.get("inFlight")).hasToString("[7]");
        assertThat(settings.get("workers")).hasToString("[2]");
    }

    private JsonNode write(Report report) throws IOException {
        Path file = folder.resolve("report.json");
        new CommandLine(report).parseArgs("--json", file.toString());
        report.write();
        return new ObjectMapper().readTree(file.toFile());
    }
}
