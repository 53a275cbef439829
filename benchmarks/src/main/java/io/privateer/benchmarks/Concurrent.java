package io.privateer.benchmarks;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Many REQ clients at once, a few workers. */
@Command(name = "concurrent", description = "Many REQ clients, a few workers: requests per second against ZMQ.proxy.")
final class Concurrent implements Callable<Integer> {

    @Mixin
    private Windows windows = new Windows();

    @Option(names = "--clients", defaultValue = "64", description = "REQ sockets (default ${DEFAULT-VALUE})")
    private int clients;

    @Option(names = "--workers", defaultValue = "4", description = "worker processes (default ${DEFAULT-VALUE})")
    private int workers;

    @Mixin
    private Report report = new Report();

    @Override
    public Integer call() throws InterruptedException {
        String size = Integer.toString(windows.sizeBytes);
        String count = Integer.toString(clients);
        try (Comparison comparison = new Comparison(
                windows.paths,
                workers,
                frontend -> Child.start("req-clients", "--frontend", frontend, "--size", size, "--clients", count))) {
            comparison.run(windows);
            report.with("benchmark", "concurrent").with("clients", clients).with("workers", workers);
            comparison.report(report, "req/s", Latency::requestsPerSecond);
        }
        return 0;
    }
}
