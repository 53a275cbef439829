package io.privateer.benchmarks;

import io.privateer.core.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The reliable pipeline beside plain PUSH-PULL-PUSH, in turns, in this process and over TCP. */
@Command(
        name = "pipeline",
        description =
                "Ventilator, one worker and sink against plain PUSH-PULL-PUSH: tasks a second from the first that is"
                        + " given to the last whose result has come. The worker returns what it is given.")
final class PipelineBench implements Callable<Integer> {

    private static final double RATIO_MIN = 0.70;

    /** Both, one after the other. */
    private record Round(double raw, double reliable) {

        double ratio() {
            return reliable / raw;
        }
    }

    @Option(
            names = "--bytes",
            split = ",",
            defaultValue = "64,1024",
            description = "lengths of tasks and results (default ${DEFAULT-VALUE})")
    private List<Integer> sizes = List.of();

    @Option(names = "--tasks", defaultValue = "1000000", description = "tasks of a round (default ${DEFAULT-VALUE})")
    private int tasks;

    @Option(names = "--journal", description = "let the sink keep a journal, in the folder for temporary files")
    private boolean journal;

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "rounds of each, after one to warm up (default ${DEFAULT-VALUE})")
    private int rounds;

    @Mixin
    private Report report = new Report();

    @Override
    public Integer call() throws Exception {
        Settings.check(tasks >= 1_000 && tasks <= 100_000_000, "--tasks", "from 1000 to 100000000", tasks);
        Settings.check(rounds >= 1 && rounds <= 1_000, "--rounds", "from 1 to 1000", rounds);
        for (int size : sizes) {
            Settings.check(size >= 1 && size <= 1 << 20, "--bytes", "from 1 to 1048576", size);
        }
        report.checkWritable();
        List<List<String>> rows = new ArrayList<>();
        boolean pass = true;
        for (int size : sizes) {
            List<Round> all = measure(size);
            double ratio = Report.median(all, Round::ratio);
            pass &= journal || ratio >= RATIO_MIN;
            rows.add(List.of(
                    Integer.toString(size),
                    Report.format("%.0f", Report.median(all, Round::raw)),
                    Report.format("%.0f", Report.median(all, Round::reliable)),
                    Report.format("%.2f", ratio)));
            report.with("bytes" + size, all);
        }
        report.print(List.of("bytes", "plain/s", "reliable/s", "ratio"), rows);
        String asked = Report.format("at least %.2f of plain PUSH-PULL-PUSH", RATIO_MIN);
        if (journal) {
            System.out.println("no verdict: " + asked + " is asked without a journal");
        } else {
            System.out.println((pass ? "PASS " : "FAIL ") + asked);
        }
        report.with("benchmark", "pipeline")
                .with("tasks", tasks)
                .with("journal", journal)
                .with("pass", pass)
                .write();
        return pass ? 0 : 1;
    }

    private List<Round> measure(int size) throws Exception {
        List<Round> all = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            double raw;
            double reliable;
            try (RawPipeline plain = new RawPipeline()) {
                raw = perSecond(() -> plain.run(tasks, size));
            }
            try (ReliablePipeline ours = new ReliablePipeline(journal)) {
                reliable = perSecond(() -> ours.run(tasks, size));
            }
            if (round > 0) {
                all.add(new Round(raw, reliable));
            }
        }
        return all;
    }

    private double perSecond(Callable<Long> run) throws Exception {
        long beganNanos = System.nanoTime();
        long done = run.call();
        long tookNanos = System.nanoTime() - beganNanos;
        if (done != tasks) {
            throw new IllegalStateException("of " + tasks + " tasks " + done + " came back");
        }
        return done * (double) TimeUnit.SECONDS.toNanos(1) / tookNanos;
    }

    /** Runs {@code task} on a thread of its own. */
    static void onThread(Runnable task) {
        Thread thread = new Thread(task, "pipeline-bench");
        thread.setDaemon(true);
        thread.start();
    }
}
