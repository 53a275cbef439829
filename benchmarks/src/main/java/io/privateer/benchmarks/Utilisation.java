package io.privateer.benchmarks;

import io.privateer.core.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Load for most workers of all clusters, all of which comes to one of them: does it wait while others are idle? */
@Command(
        name = "utilisation",
        description = "Load for 80 %% of the workers of four clusters, all of it entering one: who has to wait?")
final class Utilisation implements Callable<Integer> {

    private static final double PROMPT_MIN = 0.95;
    private static final int CLIENTS = 8;
    private static final int START_SECONDS_MAX = 60;

    /** One window. */
    private record Round(
            JobLoad.Outcome outcome,
            double promptShare,
            double forwardedShare,
            long refused,
            long returned,
            long turnedBack) {}

    @Option(names = "--clusters", defaultValue = "4", description = "clusters (default ${DEFAULT-VALUE})")
    private int clusters;

    @Option(
            names = "--workers",
            defaultValue = "25",
            description = "workers of each, one job at a time (default ${DEFAULT-VALUE})")
    private int workers;

    @Option(
            names = "--work-millis",
            defaultValue = "20",
            description = "mean of the exponentially distributed job lengths (default ${DEFAULT-VALUE})")
    private long workMillis;

    @Option(
            names = "--load",
            paramLabel = "PERCENT",
            defaultValue = "80",
            description = "of what all workers together can do (default ${DEFAULT-VALUE})")
    private int loadPercent;

    @Option(names = "--rounds", defaultValue = "3", description = "windows (default ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "20", description = "seconds per window (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "10",
            description = "seconds before the first (default ${DEFAULT-VALUE})")
    private int warmUpSeconds;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "of arrivals and job lengths (default ${DEFAULT-VALUE})")
    private long seed;

    @Mixin
    private Report report = new Report();

    @Override
    public Integer call() throws InterruptedException {
        Settings.check(clusters >= 1 && clusters <= 32, "--clusters", "from 1 to 32", clusters);
        Settings.check(workers >= 1 && workers <= 1_000, "--workers", "from 1 to 1000", workers);
        Settings.check(workMillis >= 1 && workMillis <= 10_000, "--work-millis", "from 1 to 10000", workMillis);
        Settings.check(loadPercent >= 1 && loadPercent <= 200, "--load", "from 1 to 200", loadPercent);
        Settings.check(rounds >= 1 && rounds <= 1_000, "--rounds", "from 1 to 1000", rounds);
        Settings.check(seconds >= 1 && seconds <= 3_600, "--seconds", "from 1 to 3600", seconds);
        Settings.check(warmUpSeconds >= 0 && warmUpSeconds <= 3_600, "--warm-up", "from 0 to 3600", warmUpSeconds);
        report.checkWritable();
        double rate = requestsPerSecond(clusters * workers, workMillis, loadPercent);
        System.out.println(Report.format("seed %d, %.0f requests a second to c1", seed, rate));
        List<Cluster> brokers = Cluster.startAll(clusters, Cluster.DEFAULT_HEAP_MIB);
        try (Child crew = crew(brokers);
                Child client = Child.start(
                        "job-clients",
                        "--clients=" + CLIENTS + "@" + brokers.get(0).frontend(),
                        "--work-millis=" + workMillis,
                        "--exponential",
                        "--rate=" + rate,
                        "--seed=" + seed)) {
            crew.await(Roles.READY, START_SECONDS_MAX);
            client.await(Roles.READY, START_SECONDS_MAX);
            brokers.get(0)
                    .await(
                            "know all workers",
                            stats -> stats.workers() == workers
                                    && stats.credit() == ClusterWorkers.CREDIT * (clusters - 1) * workers);
            return report(rate, measure(brokers.get(0), client)) ? 0 : 1;
        } finally {
            brokers.forEach(Cluster::close);
        }
    }

    /** Returns the load that keeps so much of all workers busy. */
    static double requestsPerSecond(int workers, long workMillis, int percent) {
        return workers * 1e3 / workMillis * percent / 100;
    }

    private Child crew(List<Cluster> brokers) {
        List<String> options = new ArrayList<>(List.of("--count=" + workers));
        brokers.forEach(broker -> options.add("--cluster=" + broker.name() + "@" + broker.backend()));
        return Child.start("cluster-workers", options.toArray(String[]::new));
    }

    private List<Round> measure(Cluster entry, Child client) throws InterruptedException {
        if (warmUpSeconds > 0) {
            JobClients.measure(client, TimeUnit.SECONDS.toMillis(warmUpSeconds));
        }
        List<Round> all = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            ClusterStats before = entry.stats();
            JobLoad.Outcome outcome = JobClients.measure(client, TimeUnit.SECONDS.toMillis(seconds));
            ClusterStats stats = entry.stats().since(before);
            all.add(new Round(
                    outcome,
                    outcome.promptShare(),
                    (double) stats.forwarded() / Math.max(1, stats.accepted()),
                    stats.refused(),
                    stats.returned(),
                    stats.turnedBack()));
        }
        return all;
    }

    private boolean report(double rate, List<Round> all) {
        List<List<String>> rows = new ArrayList<>();
        for (Round round : all) {
            JobLoad.Outcome outcome = round.outcome();
            rows.add(List.of(
                    Report.format("%.0f", outcome.offered() / (double) seconds),
                    Report.format("%.0f", outcome.latency().requestsPerSecond()),
                    Report.format("%.2f", 100 * round.promptShare()),
                    Report.format("%.1f", outcome.queueing().p50Micros() / 1e3),
                    Report.format("%.1f", outcome.queueing().p99Micros() / 1e3),
                    Report.format("%.1f", 100 * round.forwardedShare()),
                    Long.toString(round.refused()),
                    Long.toString(round.returned()),
                    Long.toString(outcome.offered() - outcome.answered())));
        }
        report.print(
                List.of(
                        "offered/s",
                        "answered/s",
                        "queued below a job %",
                        "queueing p50 ms",
                        "p99 ms",
                        "forwarded %",
                        "refused by peers",
                        "returned",
                        "not answered"),
                rows);
        double share = median(all, Round::promptShare);
        boolean prompt = share >= PROMPT_MIN;
        System.out.println((prompt ? "PASS" : "FAIL")
                + Report.format(" at least 95 %% queue for less than a mean job time: median %.2f %%", 100 * share));
        boolean complete = all.stream().allMatch(round -> round.outcome().isComplete());
        System.out.println((complete ? "PASS" : "FAIL") + " every request answered");
        report.with("benchmark", "utilisation")
                .with("clusters", clusters)
                .with("workers", workers)
                .with("workMillis", workMillis)
                .with("loadPercent", loadPercent)
                .with("requestsPerSecond", rate)
                .with("seed", seed)
                .with("promptShareMedian", share)
                .with("rounds", all)
                .with("pass", prompt && complete)
                .write();
        return prompt && complete;
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> value) {
        return Report.median(rounds, value);
    }
}
