package io.privateer.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a queue costs that has many clients and workers and nothing to do. */
@Command(name = "idle", description = "CPU, memory and descriptors of an idle queue with many peers.")
final class Idle implements Callable<Integer> {

    private static final int CONNECT_SECONDS_MAX = 60;

    /** What the queue's process used in one window. */
    record Window(double cpuPercent, long residentKib, long descriptors) {}

    @Option(names = "--clients", defaultValue = "1000", description = "REQ sockets (default ${DEFAULT-VALUE})")
    private int clients;

    @Option(names = "--workers", defaultValue = "500", description = "PirateWorkers (default ${DEFAULT-VALUE})")
    private int workers;

    @Option(names = "--seconds", defaultValue = "20", description = "seconds per window (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--rounds", defaultValue = "3", description = "windows (default ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--settle", defaultValue = "20", description = "seconds before them (default ${DEFAULT-VALUE})")
    private int settleSeconds;

    @Mixin
    private Report report = new Report();

    @Override
    public Integer call() throws InterruptedException {
        try (Broker queue = Broker.queue();
                Child workerProcess =
                        Child.start("idle-workers", "--backend", queue.backend(), "--count", "" + workers);
                Child clientProcess =
                        Child.start("idle-clients", "--frontend", queue.frontend(), "--count", "" + clients)) {
            workerProcess.await(Roles.READY, CONNECT_SECONDS_MAX);
            clientProcess.await(Roles.READY, CONNECT_SECONDS_MAX);
            TimeUnit.SECONDS.sleep(settleSeconds);
            report(watch(queue));
        }
        return 0;
    }

    private List<Window> watch(Broker queue) throws InterruptedException {
        List<Window> windows = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            ProcStat before = queue.stat();
            TimeUnit.SECONDS.sleep(seconds);
            ProcStat after = queue.stat();
            windows.add(new Window(after.cpuPercentSince(before), after.residentKib(), after.descriptors()));
        }
        return windows;
    }

    private void report(List<Window> windows) {
        List<List<String>> rows = new ArrayList<>();
        for (Window window : windows) {
            rows.add(List.of(
                    Report.format("%.2f", window.cpuPercent()),
                    Report.format("%.0f", window.residentKib() / 1024.0),
                    Long.toString(window.descriptors())));
        }
        report.print(List.of("cpu % of a core", "resident MiB", "descriptors"), rows);
        report.with("benchmark", "idle")
                .with("clients", clients)
                .with("workers", workers)
                .with("windows", windows)
                .with(
                        "cpuPercentMedian",
                        Report.median(
                                windows.stream().mapToDouble(Window::cpuPercent).toArray()))
                .write();
    }
}
