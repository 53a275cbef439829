package io.privateer.benchmarks;

import io.privateer.benchmarks.Lane.Round;
import io.privateer.core.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The comparison that {@code bench} makes when no other benchmark is named. */
final class PeerBench {

    static final int IN_FLIGHT_MAX = 10_000;

    private static final int SIZE_MIN = Integer.BYTES;
    private static final int SIZE_MAX = 1 << 20;
    private static final int WORKERS_MAX = 64;
    private static final int SECONDS_MAX = 3_600;

    /** Each process has to hold all of them, more than once. */
    private static final long BYTES_IN_FLIGHT_MAX = 100L << 20;

    @Option(
            names = "--peers",
            split = ",",
            defaultValue = "raw,nats",
            description = "what Privateer is compared with, any of raw, nats, unreliable, or privateer for itself alone"
                    + " (default ${DEFAULT-VALUE})")
    private List<Peer> peers = List.of();

    @Option(
            names = "--sizes",
            split = ",",
            defaultValue = "64,1024,65536",
            description = "bytes per request (default ${DEFAULT-VALUE})")
    private List<Integer> sizes = List.of();

    @Option(
            names = "--in-flight",
            split = ",",
            defaultValue = "1,64,1000",
            description = "requests under way at a time (default ${DEFAULT-VALUE})")
    private List<Integer> inFlight = List.of();

    @Option(
            names = "--workers",
            split = ",",
            defaultValue = "1,4",
            description = "worker processes (default ${DEFAULT-VALUE})")
    private List<Integer> workers = List.of();

    @Option(names = "--seconds", defaultValue = "10", description = "seconds per window (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--rounds",
            defaultValue = "3",
            description = "windows of each peer, in turn (default ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--warm-up",
            defaultValue = "3",
            description = "seconds before each window (default ${DEFAULT-VALUE})")
    private int warmUpSeconds;

    @Option(names = "--others-max", defaultValue = "Infinity", paramLabel = "PERCENT", description = Windows.OTHERS_MAX)
    private double othersCpuPercentMax;

    @Mixin
    private Tuning tuning = new Tuning();

    @Mixin
    private Report report = new Report();

    int run() throws InterruptedException {
        validate();
        Set<Peer> chosen = available(peers, NatsPeer.SEARCH_PATH, System.out::println);
        List<Result> results = new ArrayList<>();
        report.with("settings", settings());
        for (Cell cell : Cell.all(sizes, inFlight, workers)) {
            System.out.println(cell);
            results.addAll(measure(cell, chosen));
            report.with("results", results).with("summary", Summary.of(results)).write();
        }
        Summary.print(report, Summary.of(results));
        return 0;
    }

    private void validate() {
        sizes.forEach(size -> between("--sizes", size, SIZE_MIN, SIZE_MAX));
        inFlight.forEach(count -> between("--in-flight", count, 1, IN_FLIGHT_MAX));
        workers.forEach(count -> between("--workers", count, 1, WORKERS_MAX));
        between("--seconds", seconds, 1, SECONDS_MAX);
        between("--rounds", rounds, 1, 1_000);
        between("--warm-up", warmUpSeconds, 0, SECONDS_MAX);
        for (Cell cell : Cell.all(sizes, inFlight, workers)) {
            long bytes = (long) cell.size() * cell.inFlight();
            Settings.check(
                    bytes <= BYTES_IN_FLIGHT_MAX,
                    "--sizes times --in-flight",
                    "at most " + BYTES_IN_FLIGHT_MAX + " bytes",
                    bytes);
        }
        tuning.validate();
        report.checkWritable();
    }

    private static void between(String option, int value, int min, int max) {
        Settings.check(value >= min && value <= max, option, "from " + min + " to " + max, value);
    }

    /** Returns Privateer and those of {@code peers} that can be measured here, and tells why others cannot. */
    static Set<Peer> available(List<Peer> peers, String searchPath, Consumer<String> news) {
        Set<Peer> available = new LinkedHashSet<>(Set.of(Peer.PRIVATEER));
        for (Peer peer : peers) {
            peer.whySkipped(searchPath).ifPresentOrElse(news, () -> available.add(peer));
        }
        return available;
    }

    Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("peers", peers.stream().map(Peer::toString).toList());
        settings.put("sizes", sizes);
        settings.put("inFlight", inFlight);
        settings.put("workers", workers);
        settings.put("seconds", seconds);
        settings.put("rounds", rounds);
        settings.put("warmUp", warmUpSeconds);
        settings.put("client", tuning.clientOptions());
        settings.put("queue", tuning.queueOptions(tuning.isReliable()));
        settings.put("worker", tuning.workerOptions());
        return settings;
    }

    private List<Result> measure(Cell cell, Set<Peer> chosen) throws InterruptedException {
        List<Result> results = new ArrayList<>();
        try (Alternation<Peer> lanes = new Alternation<>(peer -> peer != Peer.PRIVATEER)) {
            for (Peer peer : chosen) {
                lanes.add(peer, () -> start(peer, cell));
            }
            Map<Peer, List<Round>> rounds = lanes.run(pace());
            rounds.forEach((peer, own) -> {
                for (int i = 0; i < own.size(); i++) {
                    results.add(Result.of(peer, cell, i + 1, own.get(i)));
                }
            });
        }
        return results;
    }

    private Pace pace() {
        return new Pace(rounds, seconds, warmUpSeconds, true, othersCpuPercentMax);
    }

    private Lane start(Peer peer, Cell cell) throws InterruptedException {
        Setup setup = peer.start(cell.workers(), tuning);
        List<String> options = new ArrayList<>(List.of("--peer", peer.toString(), "--frontend", setup.frontend()));
        options.addAll(List.of("--size", "" + cell.size(), "--in-flight", "" + cell.inFlight()));
        options.addAll(tuning.clientOptions());
        return new Lane(setup, Child.start("peer-client", options.toArray(String[]::new)));
    }
}
