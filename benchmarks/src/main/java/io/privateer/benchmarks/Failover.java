package io.privateer.benchmarks;

import io.privateer.core.Message;
import io.privateer.core.Settings;
import io.privateer.pirate.CallOptions;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.Request;
import io.privateer.pirate.WorkerHandler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A pair of queues of which the active one is killed, or frozen, again and again: time to the first answer of the other. */
@Command(
        name = "failover",
        description = "SIGKILL or SIGSTOP of the active queue of a pair: time to the first answer of the other.")
final class Failover implements Callable<Integer> {

    private static final int START_SECONDS_MAX = 30;
    private static final int WARM_UP_CALLS = 2_000;
    private static final int DEFAULT_HEARTBEAT_MILLIS = 1_000;

    /** What is asked for. */
    private record Bound(double medianMillisMax, double millisMax) {
        boolean holds(double median, double max) {
            return median <= medianMillisMax && max <= millisMax;
        }

        @Override
        public String toString() {
            String ofMedian = "median " + Report.format("%.0f", medianMillisMax) + " ms";
            String ofMax = "longest " + Report.format("%.0f", millisMax) + " ms";
            return Double.isInfinite(medianMillisMax)
                    ? ofMax
                    : Double.isInfinite(millisMax) ? ofMedian : ofMedian + ", " + ofMax;
        }
    }

    @Option(
            names = "--strikes",
            defaultValue = "50",
            description = "kills of the active one (default ${DEFAULT-VALUE})")
    private int strikes;

    @Option(
            names = "--heartbeat-millis",
            defaultValue = "1000",
            description = "of the pair; the failover time is twice that (default ${DEFAULT-VALUE})")
    private int heartbeatMillis;

    @Option(
            names = "--freeze",
            description = "SIGSTOP, and SIGKILL once the other serves; to others one that is cut off looks the same")
    private boolean freeze;

    @Option(names = "--witness", description = "with a witness")
    private boolean witness;

    @Mixin
    private Report report = new Report();

    @Override
    public Integer call() throws InterruptedException, IOException {
        Settings.check(strikes >= 1 && strikes <= 1_000, "--strikes", "from 1 to 1000", strikes);
        Settings.check(
                heartbeatMillis >= 50 && heartbeatMillis <= 60_000,
                "--heartbeat-millis",
                "from 50 to 60000",
                heartbeatMillis);
        report.checkWritable();
        StarServer[] pair = StarServer.pair();
        if (!witness) {
            return report(measure(pair, "")) ? 0 : 1;
        }
        String endpoint = StarServer.freeEndpoint();
        try (Child third = Child.start("star-witness", "--endpoint=" + endpoint)) {
            third.await(Roles.READY, START_SECONDS_MAX);
            return report(measure(pair, endpoint)) ? 0 : 1;
        }
    }

    /** Nothing is asked of a pair with a witness: it waits for the lease. */
    private Bound bound() {
        if (witness) {
            return new Bound(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
        }
        if (freeze) {
            double attemptMillis = CallOptions.DEFAULT_ATTEMPT_TIMEOUT.toMillis();
            return new Bound(Double.POSITIVE_INFINITY, 2.0 * heartbeatMillis + attemptMillis);
        }
        return heartbeatMillis < DEFAULT_HEARTBEAT_MILLIS
                ? new Bound(150, Double.POSITIVE_INFINITY)
                : new Bound(500, 2_200);
    }

    private List<Double> measure(StarServer[] pair, String witnessEndpoint) throws InterruptedException {
        List<Double> millis = new ArrayList<>();
        pair[0].launch(pair[1], heartbeatMillis, witnessEndpoint);
        pair[1].launch(pair[0], heartbeatMillis, witnessEndpoint);
        PirateWorker worker = PirateWorker.builder(WorkerHandler.of(Request::message))
                .queues(pair[0].backend, pair[1].backend)
                .start();
        try (PirateClient client = PirateClient.connect(pair[0].frontend, pair[1].frontend)) {
            for (int call = 0; call < WARM_UP_CALLS; call++) {
                client.request("warm");
            }
            while (millis.size() < strikes) {
                millis.add(strike(pair, client, witnessEndpoint));
            }
        } finally {
            worker.close();
            pair[0].process.close();
            pair[1].process.close();
        }
        return millis;
    }

    /** Returns how long after the strike the first answer came. */
    private double strike(StarServer[] pair, PirateClient client, String witnessEndpoint) throws InterruptedException {
        int active = StarServer.awaitActive(pair);
        client.request("before");
        long struckNanos = System.nanoTime();
        if (freeze) {
            pair[active].process.signal("STOP");
        } else {
            pair[active].process.kill();
        }
        client.request(Message.of("after"));
        double millis = (System.nanoTime() - struckNanos) / 1e6;
        pair[active].process.kill();
        pair[active].process.close();
        pair[active].launch(pair[1 - active], heartbeatMillis, witnessEndpoint);
        return millis;
    }

    private boolean report(List<Double> millis) {
        double median = Report.median(millis);
        double max = millis.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
        report.print(
                List.of(freeze ? "freezes" : "kills", "heartbeat ms", "first answer after, median ms", "max ms"),
                List.of(List.of(
                        Integer.toString(millis.size()),
                        Integer.toString(heartbeatMillis),
                        Report.format("%.1f", median),
                        Report.format("%.1f", max))));
        Bound bound = bound();
        boolean pass = bound.holds(median, max);
        if (!witness) {
            System.out.println((pass ? "PASS" : "FAIL") + " first answer at most: " + bound);
        }
        report.with("benchmark", freeze ? "failover-freezes" : "failover-kills")
                .with("heartbeatMillis", heartbeatMillis)
                .with("witness", witness)
                .with("firstAnswerMillisMedian", median)
                .with("firstAnswerMillisMax", max)
                .with("firstAnswerMillis", millis)
                .with("pass", pass)
                .write();
        return pass;
    }
}
