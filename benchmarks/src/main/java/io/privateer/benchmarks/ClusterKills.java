package io.privateer.benchmarks;

import io.privateer.core.Settings;
import io.privateer.pirate.PirateClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Three clusters of which a broker is killed again and again: the one that lends, then the client's own. */
@Command(
        name = "cluster-kills",
        description = "SIGKILL of the broker of a cluster that lends, and of the client's own: time to the answers.")
final class ClusterKills implements Callable<Integer> {

    private static final double MEDIAN_MILLIS_MAX = 500;

    /** A strike that hits nothing is repeated, up to as often. */
    private static final int TRIES_PER_STRIKE = 3;

    @Option(
            names = "--strikes",
            defaultValue = "30",
            description = "kills of a broker that lends, and as many of the client's own (default ${DEFAULT-VALUE})")
    private int strikes;

    @Option(
            names = "--workers",
            defaultValue = "8",
            description = "workers of each cluster, one job at a time (default ${DEFAULT-VALUE})")
    private int workers;

    @Option(names = "--work-millis", defaultValue = "50", description = "length of a job (default ${DEFAULT-VALUE})")
    private long workMillis;

    @Option(
            names = "--heap-mib",
            defaultValue = "" + Cluster.DEFAULT_HEAP_MIB,
            description = "heap of each broker (default ${DEFAULT-VALUE})")
    private int heapMib;

    @Mixin
    private Report report = new Report();

    /**
     * All that was measured, in milliseconds from a kill.
     *
     * @param lentAgain to the answer of each request that the broker that lends had
     * @param ownFirst to the first answer of another cluster than the client's own
     * @param ownAgain to the answer of each request that the client's own cluster had
     */
    private record Found(
            List<Double> lentAgain,
            List<Double> ownFirst,
            List<Double> ownAgain,
            int tooLate,
            long failures,
            long lentRetries) {}

    @Override
    public Integer call() throws InterruptedException {
        Settings.check(strikes >= 1 && strikes <= 1_000, "--strikes", "from 1 to 1000", strikes);
        Settings.check(workers >= 2 && workers <= 1_000, "--workers", "from 2 to 1000", workers);
        Settings.check(workMillis >= 1 && workMillis <= 10_000, "--work-millis", "from 1 to 10000", workMillis);
        Settings.check(heapMib >= 32 && heapMib <= 4_096, "--heap-mib", "from 32 to 4096", heapMib);
        report.checkWritable();
        try (ClusterTrial trial = new ClusterTrial(workers, heapMib)) {
            return report(measure(trial)) ? 0 : 1;
        }
    }

    private Found measure(ClusterTrial trial) throws InterruptedException {
        List<Double> lentAgain = new ArrayList<>();
        long failures;
        long lentRetries;
        // Two thirds of all workers are busy, so that what is left after a kill has room for what was lost.
        try (EndlessJobs load = new EndlessJobs(trial.frontend(), workMillis, 2 * workers)) {
            int hits = 0;
            for (int turn = 0; hits < strikes && turn < TRIES_PER_STRIKE * strikes; turn++) {
                List<Double> millis = trial.strikeLender(turn, load);
                lentAgain.addAll(millis);
                hits += millis.isEmpty() ? 0 : 1;
            }
            failures = load.failures();
            lentRetries = load.retries();
        }
        List<Double> ownFirst = new ArrayList<>();
        List<Double> ownAgain = new ArrayList<>();
        try (PirateClient client = PirateClient.connect(trial.frontends())) {
            for (int strike = 0; strike < strikes; strike++) {
                ClusterTrial.OwnStrike found = trial.strikeOwn("s" + strike, client, workers, workMillis);
                ownFirst.add(found.firstMillis());
                ownAgain.addAll(found.againMillis());
            }
        }
        return new Found(lentAgain, ownFirst, ownAgain, trial.strikesTooLate(), failures, lentRetries);
    }

    private boolean report(Found found) {
        report.print(
                List.of("killed", "until", "cases", "median ms", "longest ms"),
                List.of(
                        row("the broker that lends", "each request it had is answered", found.lentAgain()),
                        row("the client's own broker", "the first answer", found.ownFirst()),
                        row("", "each request it had is answered", found.ownAgain())));
        System.out.println(Report.format(
                "answered by the victim just before its death: %d, asked again by the client of the first: %d",
                found.tooLate(), found.lentRetries()));
        boolean lent = verdict("requests lent to a killed cluster are answered: median", found.lentAgain());
        boolean first = verdict("a client that knows two clusters has an answer: median", found.ownFirst());
        boolean again = verdict("what it had asked before is answered: median", found.ownAgain());
        boolean kept = found.failures() == 0;
        System.out.println((kept ? "PASS" : "FAIL") + " no request failed: " + found.failures());
        boolean pass = lent && first && again && kept;
        report.with("benchmark", "cluster-kills")
                .with("strikes", strikes)
                .with("workers", workers)
                .with("workMillis", workMillis)
                .with("lentAnsweredMillisMedian", median(found.lentAgain()))
                .with("lentAnsweredMillisMax", max(found.lentAgain()))
                .with("ownFirstAnswerMillisMedian", median(found.ownFirst()))
                .with("ownFirstAnswerMillisMax", max(found.ownFirst()))
                .with("ownAnsweredMillisMedian", median(found.ownAgain()))
                .with("ownAnsweredMillisMax", max(found.ownAgain()))
                .with("found", found)
                .with("pass", pass)
                .write();
        return pass;
    }

    private static List<String> row(String killed, String until, List<Double> millis) {
        return List.of(
                killed,
                until,
                Integer.toString(millis.size()),
                Report.format("%.1f", median(millis)),
                Report.format("%.1f", max(millis)));
    }

    private static boolean verdict(String what, List<Double> millis) {
        boolean holds = isMet(millis);
        System.out.println(
                (holds ? "PASS " : "FAIL ") + what + Report.format(" %.1f ms, at most 500 asked", median(millis)));
        return holds;
    }

    /** Returns whether the median is what was asked; without a single case it is not. */
    static boolean isMet(List<Double> millis) {
        return median(millis) <= MEDIAN_MILLIS_MAX;
    }

    private static double median(List<Double> millis) {
        return millis.isEmpty() ? Double.NaN : Report.median(millis);
    }

    private static double max(List<Double> millis) {
        return millis.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    }
}
