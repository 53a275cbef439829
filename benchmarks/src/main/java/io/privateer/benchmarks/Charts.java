package io.privateer.benchmarks;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.privateer.benchmarks.BarChart.Bar;
import io.privateer.benchmarks.BarChart.Group;
import io.privateer.core.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Pictures of what {@code bench --json} has written. */
@Command(name = "charts", description = "Draws the JSON of a comparison as SVG files: the same JSON, the same bytes.")
final class Charts implements Callable<Integer> {

    /** What is needed of the file. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Content(@Nullable List<Result> results) {}

    /** One picture. */
    private record Metric(
            String file, String title, String direction, String format, ToDoubleFunction<Summary> value) {}

    private static final List<Metric> METRICS = List.of(
            new Metric("throughput", "Requests per second", "longer is better", "%,.0f", Summary::requestsPerSecond),
            new Metric(
                    "latency-p50",
                    "Latency, median, microseconds",
                    "shorter is better",
                    "%,.0f",
                    summary -> summary.latencyMicros().p50()),
            new Metric(
                    "latency-p99",
                    "Latency, 99th percentile, microseconds",
                    "shorter is better",
                    "%,.0f",
                    summary -> summary.latencyMicros().p99()),
            new Metric(
                    "cpu",
                    "CPU seconds per million requests, all processes",
                    "shorter is better",
                    "%,.1f",
                    summary -> summary.cpuSecondsPerMillion().total()),
            new Metric(
                    "memory",
                    "Resident memory of all processes, MiB",
                    "shorter is better",
                    "%,.0f",
                    summary -> summary.residentMiB().total()));

    @Parameters(index = "0", paramLabel = "FROM.json", description = "what bench --json has written")
    private Path from = Path.of("");

    @Parameters(index = "1", paramLabel = "DIRECTORY", description = "where the files go, such as docs/charts")
    private Path directory = Path.of("");

    @Override
    public Integer call() {
        List<Summary> summaries = Summary.of(read());
        try {
            Files.createDirectories(directory);
            for (Metric metric : METRICS) {
                Path file = directory.resolve(metric.file() + ".svg");
                Files.writeString(file, chart(metric, summaries).svg());
                System.out.println(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return 0;
    }

    private List<Result> read() {
        try {
            List<Result> results =
                    new ObjectMapper().readValue(from.toFile(), Content.class).results();
            Settings.check(results != null && !results.isEmpty(), "FROM.json", "a file with results", from);
            return results == null ? List.of() : results;
        } catch (IOException e) {
            throw new IllegalArgumentException("FROM.json must be what bench --json has written: " + from, e);
        }
    }

    private static BarChart chart(Metric metric, List<Summary> summaries) {
        Map<Cell, List<Bar>> bars = new LinkedHashMap<>();
        for (Summary summary : summaries) {
            double value = metric.value().applyAsDouble(summary);
            bars.computeIfAbsent(summary.cell(), unused -> new ArrayList<>())
                    .add(new Bar(summary.peer(), value, Report.format(metric.format(), value)));
        }
        List<Group> groups = new ArrayList<>();
        bars.forEach((cell, own) -> groups.add(new Group(cell.toString(), own)));
        int rounds = summaries.stream().mapToInt(Summary::rounds).min().orElse(0);
        String subtitle = metric.direction() + "; medians of " + rounds + " rounds; each group has a scale of its own";
        return new BarChart(metric.title(), subtitle, groups);
    }
}
