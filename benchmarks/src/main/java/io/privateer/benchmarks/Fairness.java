package io.privateer.benchmarks;

import io.privateer.core.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A polite client, alone and beside one that floods the queue. */
@Command(name = "fairness", description = "The p99 of a polite client, alone and beside one that floods the queue.")
final class Fairness implements Callable<Integer> {

    private static final double RATIO_MAX = 3;
    private static final long LEAD_MILLIS = 1_000;

    /** One window without the flood and one with it. */
    record Round(Latency alone, Latency beside, Latency flood) {

        double ratio() {
            return beside.p99Micros() / alone.p99Micros();
        }
    }

    @Option(names = "--rounds", defaultValue = "5", description = "rounds (default ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "5", description = "seconds per window (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--in-flight",
            defaultValue = "4",
            description = "requests of the polite client under way (default ${DEFAULT-VALUE})")
    private int inFlight;

    @Option(
            names = "--flood",
            defaultValue = "5000",
            description = "requests of the other client under way (default ${DEFAULT-VALUE})")
    private int flood;

    @Mixin
    private PacedSetup paced = new PacedSetup();

    @Mixin
    private Report report = new Report();

    @Override
    public Integer call() throws InterruptedException {
        paced.pendingMax = Math.max(paced.pendingMax, 2 * (flood + inFlight)); // One client may not fill it alone.
        paced.validate();
        report.checkWritable();
        Settings.check(rounds >= 1 && rounds <= 1_000, "--rounds", "from 1 to 1000", rounds);
        Settings.check(seconds >= 1 && seconds <= 3_600, "--seconds", "from 1 to 3600", seconds);
        Settings.check(inFlight >= 1 && inFlight <= 10_000, "--in-flight", "from 1 to 10000", inFlight);
        Settings.check(flood >= 1 && flood <= 10_000, "--flood", "from 1 to 10000", flood);
        List<Round> measured = new ArrayList<>();
        try (Setup setup = paced.start();
                Child polite = paced.client(setup, inFlight);
                Child flooding = paced.client(setup, flood)) {
            polite.measure(TimeUnit.SECONDS.toMillis(seconds));
            flooding.measure(TimeUnit.SECONDS.toMillis(seconds));
            for (int round = 0; round < rounds; round++) {
                measured.add(measure(polite, flooding));
            }
        }
        return report(measured) ? 0 : 1;
    }

    private Round measure(Child polite, Child flooding) throws InterruptedException {
        long millis = TimeUnit.SECONDS.toMillis(seconds);
        Latency alone = polite.measure(millis);
        flooding.tell("measure " + (millis + 2 * LEAD_MILLIS));
        TimeUnit.MILLISECONDS.sleep(LEAD_MILLIS);
        Latency beside = polite.measure(millis);
        return new Round(alone, beside, flooding.result(Latency.class, seconds + 60));
    }

    private boolean report(List<Round> measured) {
        List<List<String>> rows = new ArrayList<>();
        for (Round round : measured) {
            rows.add(List.of(
                    millis(round.alone().p50Micros()),
                    millis(round.alone().p99Micros()),
                    millis(round.beside().p50Micros()),
                    millis(round.beside().p99Micros()),
                    millis(round.flood().p50Micros()),
                    Report.format("%,.0f", round.flood().requestsPerSecond()),
                    Report.format("%.2f", round.ratio())));
        }
        report.print(
                List.of(
                        "alone p50 ms",
                        "alone p99 ms",
                        "beside p50 ms",
                        "beside p99 ms",
                        "flood p50 ms",
                        "flood req/s",
                        "p99 ratio"),
                rows);
        double ratio = Report.median(measured, Round::ratio);
        boolean fair = ratio <= RATIO_MAX;
        System.out.println(
                (fair ? "PASS" : "FAIL") + " median ratio of the p99 at most 3: " + Report.format("%.2f", ratio));
        report.with("benchmark", "fairness")
                .with("inFlight", inFlight)
                .with("flood", flood)
                .with("rounds", measured)
                .with("p99RatioMedian", ratio)
                .with("pass", fair)
                .write();
        return fair;
    }

    private static String millis(double micros) {
        return Report.format("%.2f", micros / 1e3);
    }
}
