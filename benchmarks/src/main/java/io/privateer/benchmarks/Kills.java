package io.privateer.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Requests while busy workers are killed, or frozen, one after the other. */
@Command(name = "kills", description = "Requests under SIGKILL or SIGSTOP of busy workers: lost, and time to recover.")
final class Kills implements Callable<Integer> {

    private static final int RESULT_SECONDS_MAX = 300;

    /** Longer than silence takes to be found, so that the queue and not the client recovers the request. */
    private static final String ATTEMPT_MILLIS_WHEN_FROZEN = "10000";

    @Option(names = "--kills", defaultValue = "50", description = "busy workers to strike (default ${DEFAULT-VALUE})")
    private int kills;

    @Option(names = "--requests", defaultValue = "10000", description = "requests in all (default ${DEFAULT-VALUE})")
    private int requests;

    @Option(names = "--workers", defaultValue = "4", description = "worker processes (default ${DEFAULT-VALUE})")
    private int workers;

    @Option(names = "--clients", defaultValue = "16", description = "Lazy Pirate clients (default ${DEFAULT-VALUE})")
    private int clients;

    @Option(names = "--work-millis", defaultValue = "20", description = "length of a job (default ${DEFAULT-VALUE})")
    private long workMillis;

    @Option(names = "--seed", defaultValue = "1", description = "chooses the victims (default ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--freeze", description = "SIGSTOP, and SIGCONT once the request runs elsewhere")
    private boolean freeze;

    @Mixin
    private Report report = new Report();

    @Override
    public Integer call() throws InterruptedException {
        System.out.println("seed " + seed);
        try (Broker queue = Broker.queue();
                Crew crew = new Crew(queue.backend(), workers, workMillis);
                Child client = Child.start(
                        "lazy-clients",
                        "--frontend",
                        queue.frontend(),
                        "--clients",
                        "" + clients,
                        "--requests",
                        "" + requests,
                        "--attempt-millis",
                        freeze ? ATTEMPT_MILLIS_WHEN_FROZEN : "2500")) {
            List<Double> recoveryMillis = strike(crew);
            report(crew, recoveryMillis, client.result(LazyClients.Outcome.class, RESULT_SECONDS_MAX));
        }
        return 0;
    }

    /** Spreads the strikes over the requests, and returns the times from each to the request running elsewhere. */
    private List<Double> strike(Crew crew) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        List<Double> recoveryMillis = new ArrayList<>();
        while (recoveryMillis.size() < kills) {
            crew.awaitBegun((recoveryMillis.size() + 1) * requests / (kills + 1));
            double millis = crew.strike(random.nextInt(workers), freeze);
            if (!Double.isNaN(millis)) {
                recoveryMillis.add(millis);
            }
        }
        return recoveryMillis;
    }

    private void report(Crew crew, List<Double> recoveryMillis, LazyClients.Outcome outcome) {
        double max =
                recoveryMillis.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
        double median = Report.median(recoveryMillis);
        report.print(
                List.of(
                        freeze ? "freezes" : "kills",
                        "too late",
                        "answered",
                        "lost",
                        "wrong",
                        "attempts timed out",
                        "recovery median ms",
                        "recovery max ms",
                        "client p50 ms",
                        "client max ms"),
                List.of(List.of(
                        Integer.toString(recoveryMillis.size()),
                        Integer.toString(crew.strikesTooLate()),
                        Integer.toString(outcome.answered()),
                        Integer.toString(outcome.lost()),
                        Integer.toString(outcome.wrong()),
                        Long.toString(outcome.retries()),
                        Report.format("%.1f", median),
                        Report.format("%.1f", max),
                        Report.format("%.1f", outcome.latency().p50Micros() / 1e3),
                        Report.format("%.1f", outcome.latency().maxMicros() / 1e3))));
        report.with("benchmark", freeze ? "freezes" : "kills")
                .with("seed", seed)
                .with("strikes", recoveryMillis.size())
                .with("strikesTooLate", crew.strikesTooLate())
                .with("outcome", outcome)
                .with("recoveryMillisMedian", median)
                .with("recoveryMillisMax", max)
                .with("recoveryMillis", recoveryMillis)
                .write();
    }
}
