package io.privateer.benchmarks;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** One REQ client that waits for each reply before it asks again. */
@Command(name = "lockstep", description = "One REQ client, one worker: round-trip times against ZMQ.proxy.")
final class Lockstep implements Callable<Integer> {

    @Mixin
    private Windows windows = new Windows();

    @Mixin
    private Report report = new Report();

    @Override
    public Integer call() throws InterruptedException {
        String size = Integer.toString(windows.sizeBytes);
        try (Comparison comparison = new Comparison(
                windows.paths, 1, frontend -> Child.start("req-clients", "--frontend", frontend, "--size", size))) {
            comparison.run(windows);
            report.with("benchmark", "lockstep").with("sizeBytes", windows.sizeBytes);
            comparison.report(report, "p50", Latency::p50Micros);
        }
        return 0;
    }
}
