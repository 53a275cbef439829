package io.privateer.benchmarks;

import io.privateer.core.Settings;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Many times more requests than the workers can serve, for long. */
@Command(
        name = "overload",
        description = "Clients that ask at a multiple of the measured peak: goodput, rejections, memory of the queue.")
final class Overload implements Callable<Integer> {

    private static final double GOODPUT_MIN = 0.8;

    /** Less than that of the load that was asked for is no overload of that size. */
    private static final double OFFERED_MIN = 0.9;

    private static final double BYTES_PER_MIB = 1 << 20;
    private static final int RESULT_SECONDS_MAX = 60;

    /** The heap of the queue after a collection, in bytes. */
    private record Heap(long beforeBytes, long duringBytes, long afterBytes, long boundBytes) {

        boolean isBounded() {
            return Math.max(duringBytes, afterBytes) <= boundBytes;
        }
    }

    /** What was found. */
    private record Findings(double peakPerSecond, double seconds, OpenLoop.Outcome outcome, Heap heap) {

        double goodputPerSecond() {
            return outcome.answeredInTime() / seconds;
        }

        double ratio() {
            return goodputPerSecond() / peakPerSecond;
        }

        double offeredTimesPeak() {
            return outcome.offered() / seconds / peakPerSecond;
        }
    }

    @Option(names = "--times", defaultValue = "10", description = "times the peak (default ${DEFAULT-VALUE})")
    private double times;

    @Option(names = "--seconds", defaultValue = "60", description = "seconds of overload (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--peak-seconds",
            defaultValue = "10",
            description = "seconds in which the peak is measured, after as many to warm up (default ${DEFAULT-VALUE})")
    private int peakSeconds;

    @Option(names = "--clients", defaultValue = "4", description = "PirateClients (default ${DEFAULT-VALUE})")
    private int clients;

    @Option(
            names = "--deadline-millis",
            defaultValue = "1000",
            description = "how long a call may take (default ${DEFAULT-VALUE})")
    private long deadlineMillis;

    @Mixin
    private PacedSetup paced = new PacedSetup();

    @Mixin
    private Report report = new Report();

    @Override
    public Integer call() throws InterruptedException {
        paced.validate();
        report.checkWritable();
        Settings.check(times > 0 && times <= 1_000, "--times", "more than 0, at most 1000", times);
        Settings.check(seconds >= 1 && seconds <= 3_600, "--seconds", "from 1 to 3600", seconds);
        Settings.check(peakSeconds >= 1 && peakSeconds <= 600, "--peak-seconds", "from 1 to 600", peakSeconds);
        Settings.check(clients >= 1 && clients <= 64, "--clients", "from 1 to 64", clients);
        Settings.check(
                deadlineMillis >= 1 && deadlineMillis <= 60_000,
                "--deadline-millis",
                "from 1 to 60000",
                deadlineMillis);
        try (Setup setup = paced.start()) {
            double peak = peak(setup);
            long beforeBytes = setup.brokerHeapBytes();
            return report(overload(setup, peak, beforeBytes)) ? 0 : 1;
        }
    }

    /** With as many requests under way as keep every handler busy, and no more than the queue takes. */
    private double peak(Setup setup) throws InterruptedException {
        int inFlight = Math.min(3 * paced.handlers(), paced.handlers() + paced.pendingMax);
        try (Child client = paced.client(setup, inFlight)) {
            client.measure(TimeUnit.SECONDS.toMillis(peakSeconds));
            return client.measure(TimeUnit.SECONDS.toMillis(peakSeconds)).requestsPerSecond();
        }
    }

    private Findings overload(Setup setup, double peak, long beforeBytes) throws InterruptedException {
        try (Child client = Child.start(
                "open-loop",
                "--frontend",
                setup.frontend(),
                "--size",
                Integer.toString(paced.sizeBytes),
                "--rate",
                Double.toString(times * peak),
                "--clients",
                Integer.toString(clients),
                "--deadline-millis",
                Long.toString(deadlineMillis))) {
            long millis = TimeUnit.SECONDS.toMillis(seconds);
            client.tell("measure " + millis);
            TimeUnit.MILLISECONDS.sleep(millis * 3 / 4);
            long duringBytes = setup.brokerHeapBytes();
            OpenLoop.Outcome outcome = client.result(OpenLoop.Outcome.class, seconds + RESULT_SECONDS_MAX);
            long boundBytes = beforeBytes + paced.heapGrowthBytesMax(clients);
            Heap heap = new Heap(beforeBytes, duringBytes, setup.brokerHeapBytes(), boundBytes);
            return new Findings(peak, seconds, outcome, heap);
        }
    }

    private boolean report(Findings found) {
        OpenLoop.Outcome outcome = found.outcome();
        Heap heap = found.heap();
        report.print(
                List.of("", "value"),
                List.of(
                        row("peak, req/s", Math.round(found.peakPerSecond())),
                        row("offered, req/s", Math.round(outcome.offered() / found.seconds())),
                        row("goodput, req/s", Math.round(found.goodputPerSecond())),
                        List.of("goodput / peak", Report.format("%.3f", found.ratio())),
                        row("calls", outcome.offered()),
                        row("requests sent, with repetitions", outcome.sent()),
                        row("answered", outcome.answered()),
                        row("refused by the queue", outcome.refusedByQueue()),
                        row("refused by their client", outcome.refusedByClient()),
                        row("ended at their deadline", outcome.timedOut()),
                        row("unexplained", outcome.unexplained()),
                        row("hanging", outcome.hanging()),
                        List.of(
                                "p99 of the answered, ms",
                                Report.format("%.1f", outcome.latency().p99Micros() / 1e3)),
                        mebibytes("heap of the queue after GC, before", heap.beforeBytes()),
                        mebibytes("heap of the queue after GC, under load", heap.duringBytes()),
                        mebibytes("heap of the queue after GC, afterwards", heap.afterBytes()),
                        mebibytes("bound, as configured", heap.boundBytes())));
        boolean loaded = verdict(
                "offered " + Report.format("%.1f", found.offeredTimesPeak()) + " times the peak",
                found.offeredTimesPeak() >= OFFERED_MIN * times);
        boolean good = verdict("goodput at least 80 % of the peak", found.ratio() >= GOODPUT_MIN);
        boolean explicit = verdict(
                "every call ended in so many words " + outcome.lastUnexplained(),
                outcome.unexplained() + outcome.hanging() == 0);
        boolean bounded = verdict("heap within its bound", heap.isBounded());
        report.with("benchmark", "overload")
                .with("peakPerSecond", found.peakPerSecond())
                .with("goodputPerSecond", found.goodputPerSecond())
                .with("goodputToPeak", found.ratio())
                .with("outcome", outcome)
                .with("heap", heap)
                .with("pass", loaded && good && explicit && bounded)
                .write();
        return loaded && good && explicit && bounded;
    }

    private static List<String> row(String name, long value) {
        return List.of(name, Report.format("%,d", value));
    }

    private static List<String> mebibytes(String name, long bytes) {
        return List.of(name + ", MiB", Report.format("%.1f", bytes / BYTES_PER_MIB));
    }

    private static boolean verdict(String what, boolean holds) {
        System.out.println((holds ? "PASS " : "FAIL ") + what.strip());
        return holds;
    }
}
