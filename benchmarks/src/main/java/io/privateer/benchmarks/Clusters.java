package io.privateer.benchmarks;

import io.privateer.benchmarks.ClusterFleet.BrokerUse;
import io.privateer.benchmarks.ClusterFleet.Join;
import io.privateer.benchmarks.ClusterFleet.Size;
import io.privateer.benchmarks.ClusterFleet.Window;
import io.privateer.core.Settings;
import io.privateer.peering.PeeringConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** As many clusters as are meant to know each other, under a load that is heavy at one and light at the others. */
@Command(
        name = "clusters",
        description = {
            "A dozen clusters of several hundred workers each, half of all clients at the first: answers, what a broker"
                    + " costs, and how soon a cluster that joins has work.",
            "With --sweep, the state that a broker sends against the number of clusters instead."
        })
final class Clusters implements Callable<Integer> {

    /** A window may begin just before a message, and end just after one. */
    private static final double STATE_MESSAGES_MAX = 1e9 / PeeringConfig.DEFAULT_STATE_MIN_INTERVAL.toNanos() + 1.0;

    /** Time for the JVM of a broker to start on a machine that is busy, before its cluster joins. */
    private static final int JOIN_SECONDS_MIN = 20;

    @Option(names = "--clusters", defaultValue = "12", description = "clusters (default ${DEFAULT-VALUE})")
    private int clusters;

    @Option(
            names = "--workers",
            defaultValue = "300",
            description = "workers of each, with a socket each, one job at a time (default ${DEFAULT-VALUE})")
    private int workers;

    @Option(
            names = "--worker-processes",
            defaultValue = "4",
            description = "JVMs that all workers are in (default ${DEFAULT-VALUE})")
    private int workerProcesses;

    @Option(
            names = "--clients",
            defaultValue = "200",
            description = "PirateClients in one JVM: half at the first cluster, the rest evenly at the others"
                    + " (default ${DEFAULT-VALUE})")
    private int clients;

    @Option(
            names = "--in-flight",
            defaultValue = "4",
            description = "requests that each client keeps under way (default ${DEFAULT-VALUE})")
    private int inFlight;

    @Option(
            names = "--work-millis",
            defaultValue = "200",
            description = "mean of the exponentially distributed job lengths (default ${DEFAULT-VALUE})")
    private long workMillis;

    @Option(names = "--seconds", defaultValue = "30", description = "seconds per window (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--rounds", defaultValue = "3", description = "windows (default ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--warm-up",
            defaultValue = "20",
            description = "seconds before the first (default ${DEFAULT-VALUE})")
    private int warmUpSeconds;

    @Option(
            names = "--joins",
            defaultValue = "3",
            description = "how often one more cluster joins, and is killed (default ${DEFAULT-VALUE})")
    private int joins;

    @Option(names = "--sweep", split = ",", paramLabel = "CLUSTERS", description = "numbers of clusters, 2,4,8,12 say")
    private List<Integer> sweep = List.of();

    @Option(
            names = "--heap-mib",
            defaultValue = "" + Cluster.DEFAULT_HEAP_MIB,
            description = "heap of each broker (default ${DEFAULT-VALUE})")
    private int heapMib;

    @Mixin
    private Report report = new Report();

    @Override
    public Integer call() throws InterruptedException {
        Settings.check(clusters >= 1 && clusters <= 64, "--clusters", "from 1 to 64", clusters);
        Settings.check(workers >= 1 && workers <= 10_000, "--workers", "from 1 to 10000", workers);
        Settings.check(
                workerProcesses >= 1 && workerProcesses <= 64, "--worker-processes", "from 1 to 64", workerProcesses);
        Settings.check(clients >= 1 && clients <= 10_000, "--clients", "from 1 to 10000", clients);
        Settings.check(inFlight >= 1 && inFlight <= 1_000, "--in-flight", "from 1 to 1000", inFlight);
        Settings.check(workMillis >= 1 && workMillis <= 10_000, "--work-millis", "from 1 to 10000", workMillis);
        Settings.check(seconds >= 1 && seconds <= 3_600, "--seconds", "from 1 to 3600", seconds);
        Settings.check(rounds >= 1 && rounds <= 1_000, "--rounds", "from 1 to 1000", rounds);
        Settings.check(warmUpSeconds >= 0 && warmUpSeconds <= 3_600, "--warm-up", "from 0 to 3600", warmUpSeconds);
        Settings.check(joins >= 0 && joins <= 100, "--joins", "from 0 to 100", joins);
        Settings.check(heapMib >= 32 && heapMib <= 4_096, "--heap-mib", "from 32 to 4096", heapMib);
        for (int count : sweep) {
            Settings.check(count >= 1 && count <= 64, "--sweep", "from 1 to 64", count);
        }
        report.checkWritable();
        Size size = new Size(clusters, workers, workerProcesses, clients, inFlight, workMillis, heapMib);
        List<Size> sizes = sweep.isEmpty()
                ? List.of(size)
                : sweep.stream().map(size::withClusters).toList();
        long limit = OpenFiles.limit();
        sizes.forEach(each -> each.checkFiles(limit));
        report.with("benchmark", sweep.isEmpty() ? "clusters" : "clusters-sweep")
                .with("size", size);
        boolean pass = sweep.isEmpty() ? scale(size) : sweep(sizes);
        report.with("pass", pass).write();
        return pass ? 0 : 1;
    }

    private boolean scale(Size size) throws InterruptedException {
        List<Window> windows = new ArrayList<>();
        List<Join> joined = new ArrayList<>();
        try (ClusterFleet fleet = new ClusterFleet(size)) {
            fleet.warmUp(warmUpSeconds);
            for (int round = 0; round < rounds; round++) {
                windows.add(fleet.measure(seconds));
            }
            for (int join = 1; join <= joins; join++) {
                joined.add(fleet.join("newcomer" + join, Math.max(JOIN_SECONDS_MIN, seconds)));
            }
        }
        tellBrokers(windows);
        tellLoad(windows);
        List<Double> firstTaskMillis =
                joined.stream().map(Join::firstTaskMillis).toList();
        report.with("windows", windows).with("firstTaskMillis", firstTaskMillis);
        List<JobLoad.Outcome> outcomes = Stream.concat(
                        windows.stream().map(Window::outcome), joined.stream().map(Join::outcome))
                .toList();
        boolean worked = haveWorked(firstTaskMillis);
        boolean complete = isComplete(outcomes);
        return isQuiet(windows) && complete && worked;
    }

    /** Says how soon each cluster that joined had a task; NaN is one that had none. */
    static boolean haveWorked(List<Double> firstTaskMillis) {
        List<Double> worked =
                firstTaskMillis.stream().filter(millis -> !millis.isNaN()).toList();
        if (firstTaskMillis.isEmpty()) {
            return true;
        }
        boolean all = worked.size() == firstTaskMillis.size();
        System.out.println((all ? "PASS" : "FAIL")
                + Report.format(
                        " clusters that joined and had a task: %d of %d; after, median %.0f ms, longest %.0f ms",
                        worked.size(),
                        firstTaskMillis.size(),
                        worked.isEmpty() ? Double.NaN : Report.median(worked),
                        worked.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN)));
        return all;
    }

    private boolean sweep(List<Size> sizes) throws InterruptedException {
        Map<Integer, List<Window>> byClusters = new LinkedHashMap<>();
        for (Size size : sizes) {
            List<Window> windows = new ArrayList<>();
            try (ClusterFleet fleet = new ClusterFleet(size)) {
                fleet.warmUp(warmUpSeconds);
                for (int round = 0; round < rounds; round++) {
                    windows.add(fleet.measure(seconds));
                }
            }
            System.out.println(size.clusters() + " clusters");
            tellLoad(windows);
            byClusters.put(size.clusters(), windows);
        }
        List<List<String>> rows = new ArrayList<>();
        byClusters.forEach((count, windows) -> {
            List<BrokerUse> uses = windows.stream()
                    .flatMap(window -> window.brokers().stream())
                    .toList();
            rows.add(List.of(
                    count.toString(),
                    median("%.1f", uses, BrokerUse::stateMessagesPerSecond),
                    max("%.1f", uses, BrokerUse::stateMessagesPerSecond),
                    median("%.0f", uses, BrokerUse::stateBytesPerSecond),
                    median("%.0f", uses, BrokerUse::stateBytesSentPerSecond),
                    max("%.0f", uses, BrokerUse::stateBytesSentPerSecond),
                    median("%.1f", uses, BrokerUse::cpuPercent)));
        });
        report.print(
                List.of(
                        "clusters",
                        "state msg/s a broker",
                        "most",
                        "bytes/s said",
                        "bytes/s sent to all peers",
                        "most",
                        "cpu % of a core"),
                rows);
        report.with("windows", byClusters);
        List<Window> all = byClusters.values().stream().flatMap(List::stream).toList();
        boolean complete = isComplete(all.stream().map(Window::outcome).toList());
        return isQuiet(all) && complete;
    }

    /** Prints each broker's medians over the windows. */
    private void tellBrokers(List<Window> windows) {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < windows.get(0).brokers().size(); i++) {
            int broker = i;
            List<BrokerUse> uses =
                    windows.stream().map(window -> window.brokers().get(broker)).toList();
            rows.add(List.of(
                    uses.get(0).name(),
                    median("%.1f", uses, BrokerUse::cpuPercent),
                    median("%.0f", uses, BrokerUse::residentMiB),
                    median("%.0f", uses, BrokerUse::descriptors),
                    median("%.0f", uses, use -> use.counts().accepted()),
                    median("%.0f", uses, use -> use.counts().forwarded()),
                    median("%.0f", uses, use -> use.counts().refused()),
                    median("%.0f", uses, use -> use.counts().turnedBack()),
                    median("%.1f", uses, BrokerUse::stateMessagesPerSecond),
                    median("%.0f", uses, BrokerUse::stateBytesSentPerSecond)));
        }
        report.print(
                List.of(
                        "broker",
                        "cpu % of a core",
                        "resident MiB",
                        "open files",
                        "requests",
                        "forwarded",
                        "refused by peers",
                        "refused to peers",
                        "state msg/s",
                        "state bytes/s sent"),
                rows);
    }

    private static void tellLoad(List<Window> windows) {
        System.out.println(Report.format(
                "%.0f answers a second, p50 %.1f ms, p99 %.1f ms; beyond the job itself p50 %.1f ms, p99 %.1f ms",
                Report.median(windows, window -> window.outcome().latency().requestsPerSecond()),
                Report.median(windows, window -> window.outcome().latency().p50Micros() / 1e3),
                Report.median(windows, window -> window.outcome().latency().p99Micros() / 1e3),
                Report.median(windows, window -> window.outcome().queueing().p50Micros() / 1e3),
                Report.median(windows, window -> window.outcome().queueing().p99Micros() / 1e3)));
    }

    private static boolean isComplete(List<JobLoad.Outcome> outcomes) {
        long offered = outcomes.stream().mapToLong(JobLoad.Outcome::offered).sum();
        long answered = outcomes.stream().mapToLong(JobLoad.Outcome::answered).sum();
        String failure = outcomes.stream().map(JobLoad.Outcome::lastFailure).reduce("", (a, b) -> b.isEmpty() ? a : b);
        boolean complete = outcomes.stream().allMatch(JobLoad.Outcome::isComplete);
        System.out.println((complete ? "PASS" : "FAIL")
                + Report.format(" every request answered: %,d of %,d %s", answered, offered, failure)
                        .stripTrailing());
        return complete;
    }

    private static boolean isQuiet(List<Window> windows) {
        double most = windows.stream()
                .flatMap(window -> window.brokers().stream())
                .mapToDouble(BrokerUse::stateMessagesPerSecond)
                .max()
                .orElse(Double.NaN);
        boolean quiet = most <= STATE_MESSAGES_MAX;
        System.out.println((quiet ? "PASS" : "FAIL")
                + Report.format(
                        " a broker says how it stands at most every %d ms: %.1f times a second at most",
                        PeeringConfig.DEFAULT_STATE_MIN_INTERVAL.toMillis(), most));
        return quiet;
    }

    private static String median(String format, List<BrokerUse> uses, ToDoubleFunction<BrokerUse> value) {
        return Report.format(format, Report.median(uses, value));
    }

    private static String max(String format, List<BrokerUse> uses, ToDoubleFunction<BrokerUse> value) {
        return Report.format(format, uses.stream().mapToDouble(value).max().orElse(Double.NaN));
    }
}
