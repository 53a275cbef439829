package io.privateer.benchmarks;

import io.privateer.benchmarks.Lane.Round;
import io.privateer.benchmarks.Setup.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Measures several kinds of setup against the proxy, all under the load of one kind of client. */
final class Comparison implements AutoCloseable {

    private final Alternation<Kind> lanes = new Alternation<>(kind -> false);
    private Map<Kind, List<Round>> results = Map.of();

    /** Starts one setup and one client process per kind; {@code client} makes the latter, given a frontend. */
    Comparison(List<Kind> kinds, int workers, Function<String, Child> client) throws InterruptedException {
        for (Kind kind : kinds) {
            lanes.add(kind, () -> {
                Setup setup = kind.start(workers);
                return new Lane(setup, client.apply(setup.frontend()));
            });
        }
    }

    void run(Windows windows) throws InterruptedException {
        results = lanes.run(windows.pace());
    }

    /** Prints medians over the rounds, and the median of the ratios of each round to the same round of the proxy. */
    void report(Report report, String ratioOf, ToDoubleFunction<Latency> value) {
        List<List<String>> rows = new ArrayList<>();
        Map<Kind, Double> ratios = new EnumMap<>(Kind.class);
        results.forEach((kind, own) -> {
            double ratio = Report.medianRatio(
                    own, results.getOrDefault(Kind.PROXY, List.of()), round -> value.applyAsDouble(round.latency()));
            ratios.put(kind, ratio);
            rows.add(List.of(
                    kind.name(),
                    median(own, round -> round.latency().requestsPerSecond()),
                    median(own, round -> round.latency().p50Micros()),
                    median(own, round -> round.latency().p99Micros()),
                    median(own, round -> round.latency().maxMicros()),
                    median(own, round -> round.cpuSecondsPerMillion().queue()),
                    median(own, round -> round.cpuSecondsPerMillion().total()),
                    median(own, Round::othersCpuPercent),
                    Report.format("%.2f", ratio)));
        });
        report.print(
                List.of(
                        "path",
                        "req/s",
                        "p50 us",
                        "p99 us",
                        "max us",
                        "queue cpu us/req",
                        "all cpu us/req",
                        "others %",
                        ratioOf + " / proxy"),
                rows);
        report.with("ratioOf", ratioOf)
                .with("ratios", ratios)
                .with("rounds", results)
                .write();
    }

    private static String median(List<Round> rounds, ToDoubleFunction<Round> value) {
        return Report.format("%.0f", Report.median(rounds, value));
    }

    @Override
    public void close() {
        lanes.close();
    }
}
