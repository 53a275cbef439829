package io.privateer.benchmarks;

import io.privateer.core.Settings;
import io.privateer.pipeline.Batch;
import io.privateer.pipeline.PipelineTask;
import io.privateer.pipeline.PipelineWorker;
import io.privateer.pipeline.PipelineWorkerStats;
import io.privateer.pipeline.Sink;
import io.privateer.pipeline.SinkStats;
import io.privateer.pipeline.TaskHandler;
import io.privateer.pipeline.Ventilator;
import io.privateer.pipeline.VentilatorConfig;
import io.privateer.pipeline.VentilatorStats;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A pipeline whose sink takes nothing while tasks are given without end: what do all three hold? */
@Command(
        name = "stopped-sink",
        description =
                "A pipeline with defaults whose sink's handler stands still while tasks are given until no more are"
                        + " taken: what ventilator, worker and sink hold, all in this process.")
final class StoppedSink implements Callable<Integer> {

    private static final long MIB = 1 << 20;

    /** For no task being taken this long, no more will be. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long RETRY_MILLIS = 1;
    private static final int OVERHEAD = 4;

    @Option(
            names = "--bytes",
            defaultValue = "1024",
            description = "length of tasks and results (default ${DEFAULT-VALUE})")
    private int size;

    @Mixin
    private Report report = new Report();

    @Override
    public Integer call() throws InterruptedException {
        Settings.check(size >= 1 && size <= 1 << 20, "--bytes", "from 1 to 1048576", size);
        report.checkWritable();
        CountDownLatch released = new CountDownLatch(1);
        try (Sink sink = Sink.start(Sink.builder(result -> released.await())
                        .endpoint("tcp://127.0.0.1:*")
                        .build());
                Ventilator ventilator = Ventilator.start(Ventilator.builder()
                        .endpoint("tcp://127.0.0.1:*")
                        .sink(sink.endpoint())
                        .build());
                PipelineWorker worker = PipelineWorker.start(PipelineWorker.builder(TaskHandler.of(PipelineTask::bytes))
                        .ventilator(ventilator.endpoint())
                        .sink(sink.endpoint())
                        .build())) {
            long before = heapBytes();
            long taken = giveUntilRefused(ventilator.newBatch());
            boolean pass = report(taken, heapBytes() - before, ventilator.stats(), worker.stats(), sink.stats());
            released.countDown();
            return pass ? 0 : 1;
        }
    }

    private long giveUntilRefused(Batch batch) throws InterruptedException {
        long taken = 0;
        long takenAtNanos = System.nanoTime();
        while (System.nanoTime() - takenAtNanos < QUIET_NANOS) {
            if (batch.tryAdd(new byte[size])) {
                taken++;
                takenAtNanos = System.nanoTime();
            } else {
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            }
        }
        return taken;
    }

    private static long heapBytes() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private boolean report(
            long taken, long heapBytes, VentilatorStats ventilator, PipelineWorkerStats worker, SinkStats sink) {
        report.print(
                List.of(
                        "tasks taken",
                        "at ventilator",
                        "MiB of them",
                        "at worker",
                        "results of these",
                        "at sink",
                        "heap MiB, all"),
                List.of(List.of(
                        Long.toString(taken),
                        Integer.toString(ventilator.unaccepted()),
                        Report.format("%.1f", ventilator.unacceptedBytes() / (double) MIB),
                        Integer.toString(worker.held()),
                        Integer.toString(worker.results()),
                        Integer.toString(sink.untaken()),
                        Report.format("%.1f", heapBytes / (double) MIB))));
        long asked = OVERHEAD * VentilatorConfig.DEFAULT_WINDOW_BYTES;
        boolean pass = ventilator.unacceptedBytes() <= VentilatorConfig.DEFAULT_WINDOW_BYTES && heapBytes <= asked;
        System.out.println((pass ? "PASS" : "FAIL")
                + Report.format(" the window holds, and the heap grows by no more than %d MiB", asked / MIB));
        report.with("benchmark", "stopped-sink")
                .with("bytes", size)
                .with("taken", taken)
                .with("heapBytes", heapBytes)
                .with("pass", pass)
                .write();
        return pass;
    }
}
