package io.privateer.samples.cli;

import io.privateer.core.Settings;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateQueueConfig;
import io.privateer.pirate.QueueStats;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a queue until the process is told to end. */
@Command(
        name = "queue",
        description = "Runs a queue between clients and workers; it keeps each request until it is answered.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "Prints a line for each worker that joins or is lost. Ctrl-C or SIGTERM lets it",
            "finish what it holds, for at most 5 seconds, and print what it counted."
        })
@SuppressWarnings("NullAway.Init") // Fields are set by picocli.
public final class QueueCommand implements Callable<Integer> {

    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final int COUNT_MAX = 100_000_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--frontend",
            paramLabel = "ENDPOINT",
            defaultValue = "tcp://127.0.0.1:5555",
            description = "Where clients connect; port * takes any free one. Default: ${DEFAULT-VALUE}.")
    private String frontend;

    @Option(
            names = "--backend",
            paramLabel = "ENDPOINT",
            defaultValue = "tcp://127.0.0.1:5556",
            description = "Where workers connect; port * takes any free one. Default: ${DEFAULT-VALUE}.")
    private String backend;

    @Option(
            names = "--simple",
            description =
                    "Neither beat nor judge silence: only lost connections and leases tell that a worker is gone.")
    private boolean simple;

    @Option(
            names = "--lease",
            paramLabel = "DURATION",
            defaultValue = "30s",
            converter = Durations.class,
            description =
                    "How long a worker may hold a request; longer than the longest job. Default: ${DEFAULT-VALUE}.")
    private Duration lease = PirateQueueConfig.DEFAULT_LEASE;

    @Option(
            names = "--pending-max",
            paramLabel = "N",
            defaultValue = "10000",
            description =
                    "How many requests may wait for a worker; further ones are refused. Default: ${DEFAULT-VALUE}.")
    private int pendingMax = PirateQueueConfig.DEFAULT_PENDING_MAX;

    @Option(
            names = "--dedupe",
            paramLabel = "COUNT",
            defaultValue = "65536",
            description = "How many ends of requests are kept for PRV clients that ask again; with 0 what is repeated"
                    + " may run again. Default: ${DEFAULT-VALUE}.")
    private int dedupe = PirateQueueConfig.DEFAULT_DEDUPE_COUNT_MAX;

    @Mixin
    private Heartbeats heartbeats;

    @Mixin
    private Supervision supervision;

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        PrintWriter out = spec.commandLine().getOut();
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        PirateQueueConfig.Builder settings = simple ? PirateQueue.simple() : PirateQueue.paranoid();
        PirateQueue queue = settings.frontend(Settings.bindEndpoint("--frontend", frontend))
                .backend(Settings.bindEndpoint("--backend", backend))
                .heartbeat(heartbeats.heartbeat())
                .liveness(heartbeats.liveness())
                .lease(Rules.between("--lease", lease, Duration.ofSeconds(1), Duration.ofDays(1)))
                .pendingMax(Rules.between("--pending-max", pendingMax, 1, COUNT_MAX))
                .dedupe(
                        Rules.between("--dedupe", dedupe, 0, COUNT_MAX),
                        PirateQueueConfig.DEFAULT_DEDUPE_BYTES_MAX,
                        PirateQueueConfig.DEFAULT_DEDUPE_WINDOW)
                .listener(new QueueReporter(out, ended))
                .start();
        // Both ways to end, a signal and the parent's end, come by here.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(queue, out), "privateer-drain"));
        out.println(EventLine.of("ready").with("frontend", queue.frontend()).with("backend", queue.backend()));
        supervision.watch(line -> {}, () -> ended.complete(ExitCode.OK));
        return Ends.await(ended);
    }

    private static void drain(PirateQueue queue, PrintWriter out) {
        boolean drained = queue.drain(DRAIN).join();
        QueueStats stats = queue.stats();
        out.println(EventLine.of("stats")
                .with("accepted", stats.accepted())
                .with("answered", stats.answered())
                .with("redelivered", stats.redelivered())
                .with("deadLettered", stats.deadLettered())
                .with("expired", stats.expired())
                .with("abandoned", stats.abandoned())
                .with("lostOnce", stats.lostOnce())
                .with("rejected", stats.rejected())
                .with("duplicates", stats.duplicates())
                .with("lateReplies", stats.lateReplies())
                .with("malformed", stats.malformed())
                .with("drained", drained));
    }
}
