package io.privateer.benchmarks;

import io.privateer.benchmarks.Lane.Round;
import io.privateer.core.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What it costs that a cluster has its requests served by another one. */
@Command(
        name = "forwarding",
        description = "Requests that a cluster forwards to another one, against those it serves itself, in turn.")
final class Forwarding implements Callable<Integer> {

    private static final double LATENCY_RATIO_MAX = 2.2;
    private static final double THROUGHPUT_RATIO_MIN = 0.60;
    private static final int LOCKSTEP = 1;

    /** With at least so many requests under way, throughput is what counts. */
    private static final int CROWD = 1_000;

    private static final int DEFAULT_CREDIT = 256;

    /** As a queue has that is compared with the peers. */
    private static final int HEAP_MIB = 512;

    /** What a borrower has in flight it may just not have heard the end of: so much more than that is never short. */
    private static final int CREDIT_PER_REQUEST = 2;

    /** What is compared: the first is what the other is compared with. */
    enum Path {
        /** One broker, which has clients and workers. */
        LOCAL,
        /** Two brokers, one with the clients, the other with the workers. */
        FORWARDED
    }

    /** Both lanes under one load. */
    private record Found(Map<Path, List<Round>> rounds, long forwarded, long refused) {

        double ratio(ToDoubleFunction<Latency> value) {
            return Report.medianRatio(
                    rounds.getOrDefault(Path.FORWARDED, List.of()),
                    rounds.getOrDefault(Path.LOCAL, List.of()),
                    round -> value.applyAsDouble(round.latency()));
        }

        /** Returns these and more rounds of the same. */
        Found and(Found more) {
            Map<Path, List<Round>> all = new EnumMap<>(rounds);
            more.rounds.forEach((path, own) -> all.merge(path, own, (a, b) -> {
                List<Round> both = new ArrayList<>(a);
                both.addAll(b);
                return both;
            }));
            return new Found(all, forwarded + more.forwarded, refused + more.refused);
        }
    }

    @Option(
            names = "--in-flight",
            split = ",",
            defaultValue = "1,64,1000",
            description = "requests under way at a time, each a load of its own (default ${DEFAULT-VALUE})")
    private List<Integer> inFlights = List.of();

    @Option(
            names = "--starts",
            defaultValue = "2",
            description = "how often all processes are started anew (default ${DEFAULT-VALUE})")
    private int starts;

    @Option(names = "--rounds", defaultValue = "3", description = "rounds per start (default ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "5", description = "seconds per window (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "6",
            description = "seconds before the first (default ${DEFAULT-VALUE})")
    private int warmUpSeconds;

    @Option(names = "--workers", defaultValue = "4", description = "worker processes (default ${DEFAULT-VALUE})")
    private int workers;

    @Option(names = "--size", defaultValue = "64", description = "bytes per request (default ${DEFAULT-VALUE})")
    private int sizeBytes;

    @Option(names = "--others-max", defaultValue = "Infinity", paramLabel = "PERCENT", description = Windows.OTHERS_MAX)
    private double othersCpuPercentMax;

    @Mixin
    private Report report = new Report();

    @Override
    public Integer call() throws InterruptedException {
        Settings.check(!inFlights.isEmpty(), "--in-flight", "at least one", inFlights);
        for (int inFlight : inFlights) {
            Settings.check(inFlight >= 1 && inFlight <= 10_000, "--in-flight", "from 1 to 10000", inFlight);
        }
        Settings.check(starts >= 1 && starts <= 100, "--starts", "from 1 to 100", starts);
        Settings.check(rounds >= 1 && rounds <= 1_000, "--rounds", "from 1 to 1000", rounds);
        Settings.check(seconds >= 1 && seconds <= 3_600, "--seconds", "from 1 to 3600", seconds);
        Settings.check(warmUpSeconds >= 0 && warmUpSeconds <= 3_600, "--warm-up", "from 0 to 3600", warmUpSeconds);
        Settings.check(workers >= 1 && workers <= 64, "--workers", "from 1 to 64", workers);
        Settings.check(sizeBytes >= 4 && sizeBytes <= 1 << 20, "--size", "from 4 to 1048576", sizeBytes);
        report.checkWritable();
        Map<Integer, Found> results = new TreeMap<>();
        List<Path> order = new ArrayList<>(List.of(Path.values()));
        for (int start = 0; start < starts; start++) {
            for (int inFlight : inFlights) {
                System.out.println(inFlight + " in flight");
                results.merge(inFlight, measure(inFlight, order), Found::and);
            }
            Collections.reverse(order); // So that neither is always the first.
        }
        return report(results) ? 0 : 1;
    }

    private Found measure(int inFlight, List<Path> order) throws InterruptedException {
        Map<Path, Cluster> firsts = new EnumMap<>(Path.class);
        try (Alternation<Path> lanes = new Alternation<>(path -> false)) {
            for (Path path : order) {
                lanes.add(path, () -> start(path, inFlight, firsts));
            }
            Map<Path, List<Round>> own =
                    lanes.run(new Pace(rounds, seconds, warmUpSeconds, false, othersCpuPercentMax));
            ClusterStats stats =
                    Objects.requireNonNull(firsts.get(Path.FORWARDED)).stats();
            return new Found(own, stats.forwarded(), stats.refused());
        }
    }

    /** Starts a lane, and puts the broker that its client is of into {@code firsts}. */
    private Lane start(Path path, int inFlight, Map<Path, Cluster> firsts) throws InterruptedException {
        int credit = Math.max(DEFAULT_CREDIT, (CREDIT_PER_REQUEST * inFlight + workers - 1) / workers);
        Cluster first = Cluster.start("west", HEAP_MIB, List.of());
        firsts.put(path, first);
        Child process = first.process();
        Broker broker = path == Path.LOCAL
                ? new Broker(process, process.pid(), first.frontend(), first.backend())
                : Broker.forwarding(first, Cluster.start("east", HEAP_MIB, List.of(first)));
        Setup setup = new Setup(broker, workers, "pirate-worker", "--inline", "--credit=" + credit);
        first.await(
                "have all workers",
                stats -> path == Path.LOCAL ? stats.workers() == workers : stats.credit() == workers * credit);
        Child client = Child.start(
                "peer-client",
                "--peer=privateer",
                "--frontend=" + setup.frontend(),
                "--size=" + sizeBytes,
                "--in-flight=" + inFlight);
        return new Lane(setup, client);
    }

    private boolean report(Map<Integer, Found> results) {
        List<List<String>> rows = new ArrayList<>();
        results.forEach((inFlight, found) -> found.rounds()
                .forEach((path, own) -> rows.add(List.of(
                        inFlight.toString(),
                        path.name(),
                        median("%.0f", own, round -> round.latency().requestsPerSecond()),
                        median("%.0f", own, round -> round.latency().p50Micros()),
                        median("%.0f", own, round -> round.latency().p99Micros()),
                        median(
                                "%.1f",
                                own, round -> round.cpuSecondsPerMillion().queue()),
                        median(
                                "%.1f",
                                own, round -> round.cpuSecondsPerMillion().total()),
                        median("%.0f", own, Round::othersCpuPercent),
                        path == Path.LOCAL ? "1.00" : Report.format("%.2f", found.ratio(Latency::p50Micros)),
                        path == Path.LOCAL
                                ? "1.00"
                                : Report.format("%.2f", found.ratio(Latency::requestsPerSecond))))));
        report.print(
                List.of(
                        "in flight",
                        "path",
                        "req/s",
                        "p50 us",
                        "p99 us",
                        "brokers cpu us/req",
                        "all cpu us/req",
                        "others %",
                        "p50 to local",
                        "req/s to local"),
                rows);
        boolean pass = verdicts(results);
        Map<Integer, Map<String, Object>> loads = new LinkedHashMap<>();
        results.forEach((inFlight, found) -> loads.put(
                inFlight,
                Map.of(
                        "p50Ratio", found.ratio(Latency::p50Micros),
                        "requestsPerSecondRatio", found.ratio(Latency::requestsPerSecond),
                        "forwarded", found.forwarded(),
                        "refused", found.refused(),
                        "rounds", found.rounds())));
        report.with("benchmark", "forwarding")
                .with("workers", workers)
                .with("size", sizeBytes)
                .with("loads", loads)
                .with("pass", pass)
                .write();
        return pass;
    }

    /** Says of each load that a figure was asked for whether it is met, and of each that it was forwarded. */
    static boolean isMet(int inFlight, double p50Ratio, double throughputRatio) {
        return inFlight == LOCKSTEP
                ? p50Ratio <= LATENCY_RATIO_MAX
                : inFlight < CROWD || throughputRatio >= THROUGHPUT_RATIO_MIN;
    }

    private static boolean verdicts(Map<Integer, Found> results) {
        boolean pass = true;
        for (Map.Entry<Integer, Found> load : results.entrySet()) {
            int inFlight = load.getKey();
            Found found = load.getValue();
            double p50Ratio = found.ratio(Latency::p50Micros);
            double throughputRatio = found.ratio(Latency::requestsPerSecond);
            boolean met = isMet(inFlight, p50Ratio, throughputRatio);
            if (inFlight == LOCKSTEP) {
                tell(met, "one at a time: p50 at most 2.2 of the local one: median ratio %.2f", p50Ratio);
            } else if (inFlight >= CROWD) {
                tell(met, inFlight + " in flight: throughput at least 0.60 of the local one: %.2f", throughputRatio);
            }
            long measured = found.rounds().getOrDefault(Path.FORWARDED, List.of()).stream()
                    .mapToLong(round -> round.latency().requests())
                    .sum();
            boolean forwarded = found.forwarded() >= measured;
            tell(
                    forwarded,
                    inFlight + " in flight: all forwarded: %d, measured %d, refused by the peer %d",
                    found.forwarded(),
                    measured,
                    found.refused());
            pass &= met && forwarded;
        }
        return pass;
    }

    private static void tell(boolean holds, String what, Object... values) {
        System.out.println((holds ? "PASS " : "FAIL ") + Report.format(what, values));
    }

    private static String median(String format, List<Round> rounds, ToDoubleFunction<Round> value) {
        return Report.format(format, Report.median(rounds, value));
    }
}
