package io.privateer.benchmarks;

import io.privateer.benchmarks.Setup.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Measures several kinds of setup in alternating rounds, so that what else the machine does hits all of them. */
final class Comparison implements AutoCloseable {

    private static final int REPEATS_MAX = 10;

    /**
     * One window of one kind.
     *
     * @param brokerCpuMicrosPerRequest processor time of the broker
     * @param cpuMicrosPerRequest processor time of client, broker and workers together
     * @param othersCpuPercent how much of one core everything else on the machine used meanwhile
     */
    record Round(
            Latency latency, double brokerCpuMicrosPerRequest, double cpuMicrosPerRequest, double othersCpuPercent) {}

    private record Lane(Setup setup, Child client, List<Round> rounds) {
        double cpuSeconds() {
            return setup.cpuSeconds() + client.stat().cpuSeconds();
        }
    }

    private final Map<Kind, Lane> lanes = new EnumMap<>(Kind.class);

    /** Starts one setup and one client process per kind; {@code client} makes the latter, given a frontend. */
    Comparison(List<Kind> kinds, int workers, Function<String, Child> client) throws InterruptedException {
        for (Kind kind : kinds) {
            Setup setup = Setup.start(kind, workers);
            lanes.put(kind, new Lane(setup, client.apply(setup.frontend()), new ArrayList<>()));
        }
    }

    void run(Windows windows) throws InterruptedException {
        for (Lane lane : lanes.values()) {
            lane.client().measure(1_000L * windows.warmUpSeconds);
        }
        int kept = 0;
        for (int tried = 0; kept < windows.rounds && tried < REPEATS_MAX * windows.rounds; tried++) {
            if (runOne(windows)) {
                kept++;
            }
        }
        if (kept == 0) {
            throw new IllegalStateException("the machine was never left alone for a whole round");
        }
    }

    /** Returns whether the round counts, because the machine was left alone during all of it. */
    private boolean runOne(Windows windows) throws InterruptedException {
        Map<Kind, List<Round>> results = new EnumMap<>(Kind.class);
        for (Map.Entry<Kind, Lane> entry : lanes.entrySet()) {
            Round result = measure(entry.getValue(), 1_000L * windows.seconds);
            results.put(entry.getKey(), List.of(result));
            System.out.println(Report.format(
                    "%-13s %7.0f req/s  p50 %6.0f  p99 %6.0f  max %7.0f us  cpu us/req: broker %5.1f all %5.1f"
                            + "  others %3.0f %% of a core",
                    entry.getKey(),
                    result.latency().requestsPerSecond(),
                    result.latency().p50Micros(),
                    result.latency().p99Micros(),
                    result.latency().maxMicros(),
                    result.brokerCpuMicrosPerRequest(),
                    result.cpuMicrosPerRequest(),
                    result.othersCpuPercent()));
            if (result.othersCpuPercent() > windows.othersCpuPercentMax) {
                System.out.println("disturbed, again");
                return false;
            }
        }
        lanes.forEach((kind, lane) -> lane.rounds().addAll(results.getOrDefault(kind, List.of())));
        return true;
    }

    private Round measure(Lane lane, long millis) throws InterruptedException {
        double brokerBefore = lane.setup().brokerStat().cpuSeconds();
        double ownBefore = lane.cpuSeconds();
        double allOwnBefore = allOwnCpuSeconds();
        double machineBefore = ProcStat.machineCpuSeconds();
        Latency latency = lane.client().measure(millis);
        double othersSeconds = ProcStat.machineCpuSeconds() - machineBefore - allOwnCpuSeconds() + allOwnBefore;
        double microsPerSecond = 1e6 / Math.max(1, latency.requests());
        return new Round(
                latency,
                (lane.setup().brokerStat().cpuSeconds() - brokerBefore) * microsPerSecond,
                (lane.cpuSeconds() - ownBefore) * microsPerSecond,
                100 * othersSeconds / latency.seconds());
    }

    private double allOwnCpuSeconds() {
        return lanes.values().stream().mapToDouble(Lane::cpuSeconds).sum()
                + ProcStat.of(ProcessHandle.current().pid()).cpuSeconds();
    }

    /** Prints medians over the rounds, and the median of the ratios of each round to the same round of the proxy. */
    void report(Report report, String ratioOf, ToDoubleFunction<Latency> value) {
        List<List<String>> rows = new ArrayList<>();
        Map<Kind, Double> ratios = new EnumMap<>(Kind.class);
        Map<Kind, List<Round>> rounds = new EnumMap<>(Kind.class);
        for (Map.Entry<Kind, Lane> entry : lanes.entrySet()) {
            List<Round> own = entry.getValue().rounds();
            rounds.put(entry.getKey(), own);
            double ratio = ratioToProxy(own, value);
            ratios.put(entry.getKey(), ratio);
            rows.add(List.of(
                    entry.getKey().name(),
                    Report.format("%.0f", median(own, round -> round.latency().requestsPerSecond())),
                    Report.format("%.0f", median(own, round -> round.latency().p50Micros())),
                    Report.format("%.0f", median(own, round -> round.latency().p99Micros())),
                    Report.format("%.0f", median(own, round -> round.latency().maxMicros())),
                    Report.format("%.0f", median(own, Round::brokerCpuMicrosPerRequest)),
                    Report.format("%.0f", median(own, Round::cpuMicrosPerRequest)),
                    Report.format("%.0f", median(own, Round::othersCpuPercent)),
                    Report.format("%.2f", ratio)));
        }
        report.print(
                List.of(
                        "path",
                        "req/s",
                        "p50 us",
                        "p99 us",
                        "max us",
                        "broker cpu us/req",
                        "all cpu us/req",
                        "others %",
                        ratioOf + " / proxy"),
                rows);
        report.with("ratioOf", ratioOf)
                .with("ratios", ratios)
                .with("rounds", rounds)
                .write();
    }

    private double ratioToProxy(List<Round> own, ToDoubleFunction<Latency> value) {
        Lane peer = lanes.get(Kind.PROXY);
        List<Round> proxy = peer == null ? List.of() : peer.rounds();
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < proxy.size(); i++) {
            ratios.add(value.applyAsDouble(own.get(i).latency())
                    / value.applyAsDouble(proxy.get(i).latency()));
        }
        return ratios.isEmpty() ? Double.NaN : Report.median(ratios);
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> value) {
        return Report.median(rounds.stream().mapToDouble(value).toArray());
    }

    @Override
    public void close() {
        for (Lane lane : lanes.values()) {
            lane.client().close();
            lane.setup().close();
        }
    }
}
