package io.privateer.benchmarks;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.privateer.benchmarks.Result.Micros;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The rounds of one peer under one load, as medians.
 *
 * @param privateerTo our figures divided by this peer's, medians over the rounds; NaN where ours were not measured
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Summary(
        String peer,
        int size,
        int inFlight,
        int workers,
        int rounds,
        double requestsPerSecond,
        Micros latencyMicros,
        PerRole cpuSecondsPerMillion,
        PerRole residentMiB,
        Ratios privateerTo) {

    /** Above 1 is better for requests per second, below 1 for the others. */
    record Ratios(double requestsPerSecond, double p50, double p99, double cpuTotal) {}

    private static final List<String> HEADER = List.of(
            "load",
            "peer",
            "req/s",
            "p50 us",
            "p99 us",
            "max us",
            "cpu s/M client",
            "queue",
            "workers",
            "total",
            "MiB total",
            "ours/peer req/s",
            "p50",
            "p99",
            "cpu");

    /** Returns a summary for each load and peer, in the order in which they first appear. */
    static List<Summary> of(List<Result> results) {
        Map<Cell, Map<String, List<Result>>> byCell = new LinkedHashMap<>();
        for (Result result : results) {
            byCell.computeIfAbsent(result.cell(), unused -> new LinkedHashMap<>())
                    .computeIfAbsent(result.peer(), unused -> new ArrayList<>())
                    .add(result);
        }
        List<Summary> summaries = new ArrayList<>();
        byCell.forEach((cell, byPeer) -> {
            List<Result> ours = byPeer.getOrDefault(Peer.PRIVATEER.toString(), List.of());
            byPeer.forEach((peer, own) -> summaries.add(of(peer, cell, own, ours)));
        });
        return summaries;
    }

    private static Summary of(String peer, Cell cell, List<Result> own, List<Result> ours) {
        return new Summary(
                peer,
                cell.size(),
                cell.inFlight(),
                cell.workers(),
                own.size(),
                Report.median(own, Result::requestsPerSecond),
                new Micros(
                        Report.median(own, result -> result.latencyMicros().p50()),
                        Report.median(own, result -> result.latencyMicros().p99()),
                        Report.median(own, result -> result.latencyMicros().max())),
                medians(own.stream().map(Result::cpuSecondsPerMillion).toList()),
                medians(own.stream().map(Result::residentMiB).toList()),
                new Ratios(
                        ratio(ours, own, Result::requestsPerSecond),
                        ratio(ours, own, result -> result.latencyMicros().p50()),
                        ratio(ours, own, result -> result.latencyMicros().p99()),
                        ratio(ours, own, result -> result.cpuSecondsPerMillion().total())));
    }

    private static PerRole medians(List<PerRole> values) {
        return new PerRole(
                Report.median(values, PerRole::client),
                Report.median(values, PerRole::queue),
                Report.median(values, PerRole::workers),
                Report.median(values, PerRole::total));
    }

    private static double ratio(List<Result> ours, List<Result> own, ToDoubleFunction<Result> value) {
        return Math.round(Report.medianRatio(ours, own, value) * 1_000) / 1_000.0;
    }

    Cell cell() {
        return new Cell(size, inFlight, workers);
    }

    static void print(Report report, List<Summary> summaries) {
        report.print(HEADER, summaries.stream().map(Summary::row).toList());
    }

    private List<String> row() {
        return List.of(
                cell().toString(),
                peer,
                Report.format("%,.0f", requestsPerSecond),
                Report.format("%,.0f", latencyMicros.p50()),
                Report.format("%,.0f", latencyMicros.p99()),
                Report.format("%,.0f", latencyMicros.max()),
                Report.format("%.2f", cpuSecondsPerMillion.client()),
                Report.format("%.2f", cpuSecondsPerMillion.queue()),
                Report.format("%.2f", cpuSecondsPerMillion.workers()),
                Report.format("%.2f", cpuSecondsPerMillion.total()),
                Report.format("%.0f", residentMiB.total()),
                Report.format("%.2f", privateerTo.requestsPerSecond()),
                Report.format("%.2f", privateerTo.p50()),
                Report.format("%.2f", privateerTo.p99()),
                Report.format("%.2f", privateerTo.cpuTotal()));
    }
}
