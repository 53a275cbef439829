package io.privateer.benchmarks;

import io.privateer.core.Message;
import io.privateer.core.Settings;
import io.privateer.pirate.PirateClient;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A pair under full load whose servers pause, in turn and for half the failover time: none may take over. */
@Command(
        name = "false-failover",
        description = "SIGSTOP of either queue of a pair for half the failover time, under full load: fail-overs.")
final class FalseFailover implements Callable<Integer> {

    private static final int SIZE_BYTES = 64;
    private static final int END_SECONDS_MAX = 60;

    /** A pause is one heartbeat, half the failover time; so long after it the next one begins. */
    private static final int BEATS_BETWEEN = 2;

    @Option(names = "--minutes", defaultValue = "10", description = "how long (default ${DEFAULT-VALUE})")
    private double minutes;

    @Option(
            names = "--heartbeat-millis",
            defaultValue = "1000",
            description = "of the pair; the failover time is twice that (default ${DEFAULT-VALUE})")
    private int heartbeatMillis;

    @Option(names = "--workers", defaultValue = "2", description = "worker processes (default ${DEFAULT-VALUE})")
    private int workers;

    @Option(
            names = "--in-flight",
            defaultValue = "64",
            description = "requests under way at a time (default ${DEFAULT-VALUE})")
    private int inFlight;

    @Mixin
    private Report report = new Report();

    /** Calls that never cease: as soon as one has ended, another begins. */
    private static final class Load implements AutoCloseable {
        private final Message body = Message.of(new byte[SIZE_BYTES]);
        private final AtomicLong answered = new AtomicLong();
        private final AtomicLong lost = new AtomicLong();
        private final PirateClient client;
        private final CountDownLatch open;
        private volatile boolean stopping;

        Load(String[] frontends, int inFlight) {
            this.client = PirateClient.connect(frontends);
            this.open = new CountDownLatch(inFlight);
            for (int call = 0; call < inFlight; call++) {
                ask();
            }
        }

        private void ask() {
            if (stopping) {
                open.countDown();
                return;
            }
            CompletableFuture<Message> unused = client.requestAsync(body).whenComplete((reply, failure) -> {
                (failure == null ? answered : lost).incrementAndGet();
                if (failure == null) {
                    ask();
                } else {
                    ForkJoinPool.commonPool().execute(this::ask); // Not deeper and deeper into the stack.
                }
            });
        }

        /** Lets every call end, and counts those that do not as lost. */
        void stop() throws InterruptedException {
            stopping = true;
            if (!open.await(END_SECONDS_MAX, TimeUnit.SECONDS)) {
                lost.addAndGet(open.getCount());
            }
        }

        @Override
        public void close() {
            client.close();
        }
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Settings.check(minutes > 0 && minutes <= 1_440, "--minutes", "more than 0, at most 1440", minutes);
        Settings.check(
                heartbeatMillis >= 50 && heartbeatMillis <= 60_000,
                "--heartbeat-millis",
                "from 50 to 60000",
                heartbeatMillis);
        Settings.check(workers >= 1 && workers <= 64, "--workers", "from 1 to 64", workers);
        Settings.check(inFlight >= 1 && inFlight <= 1_000, "--in-flight", "from 1 to 1000", inFlight);
        report.checkWritable();
        StarServer[] pair = StarServer.pair();
        try (Setup setup = new Setup(Broker.pair(pair, heartbeatMillis), workers, "pirate-worker", "--inline");
                Load load = new Load(setup.frontend().split(",", -1), inFlight)) {
            return measure(pair, load) ? 0 : 1;
        }
    }

    private boolean measure(StarServer[] pair, Load load) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(BEATS_BETWEEN * (long) heartbeatMillis);
        long activationsBefore = activations(pair);
        long startNanos = System.nanoTime();
        long endNanos = startNanos + (long) (minutes * TimeUnit.MINUTES.toNanos(1));
        int pauses = 0;
        while (System.nanoTime() - endNanos < 0) {
            Child paused = pair[pauses % pair.length].process;
            paused.signal("STOP");
            TimeUnit.MILLISECONDS.sleep(heartbeatMillis);
            paused.signal("CONT");
            pauses++;
            TimeUnit.MILLISECONDS.sleep(BEATS_BETWEEN * (long) heartbeatMillis);
        }
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        load.stop();
        long failovers = activations(pair) - activationsBefore;
        return report(seconds, pauses, failovers, load.answered.get(), load.lost.get());
    }

    /** Returns how often a server of the pair has become active. */
    private static long activations(StarServer... pair) {
        long sum = 0;
        for (StarServer server : pair) {
            sum += server.number("activations");
        }
        return sum;
    }

    private boolean report(double seconds, int pauses, long failovers, long answered, long lost) {
        report.print(
                List.of("pauses", "pause ms", "seconds", "answered", "lost", "fail-overs"),
                List.of(List.of(
                        Integer.toString(pauses),
                        Integer.toString(heartbeatMillis),
                        Report.format("%.0f", seconds),
                        Report.format("%,d", answered),
                        Report.format("%,d", lost),
                        Long.toString(failovers))));
        boolean pass = failovers == 0 && lost == 0 && answered > 0;
        System.out.println((pass ? "PASS" : "FAIL") + " no fail-over, no request lost");
        report.with("benchmark", "false-failover")
                .with("heartbeatMillis", heartbeatMillis)
                .with("seconds", seconds)
                .with("pauses", pauses)
                .with("answered", answered)
                .with("lost", lost)
                .with("failovers", failovers)
                .with("pass", pass)
                .write();
        return pass;
    }
}
