package io.privateer.benchmarks;

import io.privateer.benchmarks.Lane.Round;
import io.privateer.core.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What it costs in throughput that a queue is one of a pair. */
@Command(
        name = "guarded",
        description = "Throughput of a queue that a pair guards, against the same queue on its own, in turn.")
final class Guarded implements Callable<Integer> {

    private static final double RATIO_MIN = 0.97;
    private static final int HEARTBEAT_MILLIS = 1_000;

    /** What is compared: the first is what the others are compared with. */
    enum Guarding {
        NONE {
            @Override
            Setup start(int workers, Tuning tuning) throws InterruptedException {
                return new Setup(
                        Broker.queue(tuning.queueOptions(true)), workers, "pirate-worker", tuning.workerOptions());
            }
        },
        PAIR {
            @Override
            Setup start(int workers, Tuning tuning) throws InterruptedException, IOException {
                return new Setup(Broker.pair(HEARTBEAT_MILLIS), workers, "pirate-worker", tuning.workerOptions());
            }
        },
        REPLICATED_PAIR {
            @Override
            Setup start(int workers, Tuning tuning) throws InterruptedException, IOException {
                return new Setup(
                        Broker.replicatedPair(HEARTBEAT_MILLIS), workers, "pirate-worker", tuning.workerOptions());
            }
        };

        /** Starts the queue, or queues, and workers. */
        abstract Setup start(int workers, Tuning tuning) throws InterruptedException, IOException;

        /** As in results. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    @Option(
            names = "--starts",
            defaultValue = "4",
            description = "how often all processes are started anew; two JVMs that do the same differ by more than is"
                    + " looked for here (default ${DEFAULT-VALUE})")
    private int starts;

    @Option(names = "--rounds", defaultValue = "5", description = "rounds per start (default ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "5", description = "seconds per window (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "6",
            description = "seconds before the first (default ${DEFAULT-VALUE})")
    private int warmUpSeconds;

    @Option(names = "--workers", defaultValue = "2", description = "worker processes (default ${DEFAULT-VALUE})")
    private int workers;

    @Option(names = "--size", defaultValue = "64", description = "bytes per request (default ${DEFAULT-VALUE})")
    private int sizeBytes;

    @Option(
            names = "--in-flight",
            defaultValue = "64",
            description = "requests under way at a time (default ${DEFAULT-VALUE})")
    private int inFlight;

    @Option(
            names = "--replication",
            description =
                    "also measures a pair whose servers tell each other of every request; the verdict is not about it")
    private boolean replication;

    @Option(names = "--others-max", defaultValue = "Infinity", paramLabel = "PERCENT", description = Windows.OTHERS_MAX)
    private double othersCpuPercentMax;

    private final Tuning tuning = Tuning.ofInlineWorkers();

    @Mixin
    private Report report = new Report();

    @Override
    public Integer call() throws InterruptedException {
        Settings.check(starts >= 1 && starts <= 100, "--starts", "from 1 to 100", starts);
        Settings.check(rounds >= 1 && rounds <= 1_000, "--rounds", "from 1 to 1000", rounds);
        Settings.check(seconds >= 1 && seconds <= 3_600, "--seconds", "from 1 to 3600", seconds);
        Settings.check(warmUpSeconds >= 0 && warmUpSeconds <= 3_600, "--warm-up", "from 0 to 3600", warmUpSeconds);
        Settings.check(workers >= 1 && workers <= 64, "--workers", "from 1 to 64", workers);
        Settings.check(sizeBytes >= 4 && sizeBytes <= 1 << 20, "--size", "from 4 to 1048576", sizeBytes);
        Settings.check(inFlight >= 1 && inFlight <= 10_000, "--in-flight", "from 1 to 10000", inFlight);
        report.checkWritable();
        Map<Guarding, List<Round>> results = new EnumMap<>(Guarding.class);
        List<Guarding> order = new ArrayList<>(List.of(Guarding.NONE, Guarding.PAIR));
        if (replication) {
            order.add(Guarding.REPLICATED_PAIR);
        }
        for (int start = 0; start < starts; start++) {
            measure(order).forEach((guarding, own) -> results.computeIfAbsent(guarding, absent -> new ArrayList<>())
                    .addAll(own));
            Collections.reverse(order); // So that none is always the first.
        }
        return report(results) ? 0 : 1;
    }

    private Map<Guarding, List<Round>> measure(List<Guarding> order) throws InterruptedException {
        try (Alternation<Guarding> lanes = new Alternation<>(guarding -> false)) {
            for (Guarding guarding : order) {
                lanes.add(guarding, () -> start(guarding));
            }
            return lanes.run(new Pace(rounds, seconds, warmUpSeconds, false, othersCpuPercentMax));
        }
    }

    private Lane start(Guarding guarding) throws InterruptedException {
        Setup setup;
        try {
            setup = guarding.start(workers, tuning);
        } catch (IOException e) {
            throw new IllegalStateException("the pair cannot be set up", e);
        }
        Child client = Child.start(
                "peer-client",
                "--peer=privateer",
                "--frontend=" + setup.frontend(),
                "--size=" + sizeBytes,
                "--in-flight=" + inFlight);
        return new Lane(setup, client);
    }

    private boolean report(Map<Guarding, List<Round>> results) {
        List<List<String>> rows = new ArrayList<>();
        Map<Guarding, Double> ratios = new EnumMap<>(Guarding.class);
        List<Round> alone = results.getOrDefault(Guarding.NONE, List.of());
        results.forEach((guarding, own) -> {
            double ratio =
                    Report.medianRatio(own, alone, round -> round.latency().requestsPerSecond());
            ratios.put(guarding, ratio);
            rows.add(List.of(
                    guarding.toString(),
                    median(own, round -> round.latency().requestsPerSecond()),
                    median(own, round -> round.latency().p50Micros()),
                    median(own, round -> round.latency().p99Micros()),
                    median(own, round -> round.cpuSecondsPerMillion().queue()),
                    median(own, Round::othersCpuPercent),
                    Report.format("%.3f", ratio)));
        });
        report.print(
                List.of(
                        "guarded by",
                        "req/s",
                        "p50 us",
                        "p99 us",
                        "active queue cpu us/req",
                        "others %",
                        "req/s to none"),
                rows);
        double ratio = ratios.getOrDefault(Guarding.PAIR, Double.NaN);
        boolean cheap = ratio >= RATIO_MIN;
        System.out.println((cheap ? "PASS" : "FAIL") + " a pair costs at most 3 % of the throughput: median ratio "
                + Report.format("%.3f", ratio));
        report.with("benchmark", "guarded")
                .with("workers", workers)
                .with("size", sizeBytes)
                .with("inFlight", inFlight)
                .with("ratios", ratios)
                .with("rounds", results)
                .with("pass", cheap)
                .write();
        return cheap;
    }

    private static String median(List<Round> rounds, ToDoubleFunction<Round> value) {
        return Report.format("%.0f", Report.median(rounds, value));
    }
}
