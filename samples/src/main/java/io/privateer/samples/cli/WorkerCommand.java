package io.privateer.samples.cli;

import io.privateer.core.Settings;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.PirateWorkerConfig;
import io.privateer.pirate.WorkerDialect;
import io.privateer.pirate.WorkerHandler;
import io.privateer.pirate.WorkerStats;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a worker until the process is told to end. */
@Command(
        name = "worker",
        description = "Runs a worker that serves requests from a queue.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "Finds its queue again by itself when that was away. Ctrl-C or SIGTERM lets it",
            "finish its requests, for at most 5 seconds, and print what it counted."
        })
@SuppressWarnings("NullAway.Init") // Fields are set by picocli.
public final class WorkerCommand implements Callable<Integer> {

    private static final Duration DRAIN = Duration.ofSeconds(5);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--queue",
            paramLabel = "ENDPOINT",
            defaultValue = "tcp://127.0.0.1:5556",
            description = "The queue's backend; twice for the two queues of a pair. Default: ${DEFAULT-VALUE}.")
    private List<String> queues;

    @Option(
            names = "--handler",
            paramLabel = "HANDLER",
            defaultValue = "echo",
            converter = Handlers.class,
            description = "What it does with a request: echo, upper, sleep:50ms (then echo) or fail."
                    + " Default: ${DEFAULT-VALUE}.")
    private WorkerHandler.Function handler;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many requests it handles at once. Default: ${DEFAULT-VALUE}.")
    private int concurrency;

    @Option(
            names = "--dialect",
            paramLabel = "DIALECT",
            converter = Dialects.class,
            description = "What it speaks: prv, Privateer's own, or ppp, which the queues of the Guide understand."
                    + " Default: ${DEFAULT-VALUE}.")
    private WorkerDialect dialect = PirateWorkerConfig.DEFAULT_DIALECT;

    @Option(
            names = "--credit",
            paramLabel = "N",
            description = "How many requests it holds at once, those fetched ahead among them; prv only."
                    + " Default: 2 for each of --concurrency.")
    private @Nullable Integer credit;

    @Option(
            names = "--service",
            paramLabel = "NAME",
            defaultValue = "",
            description = "The service it offers; prv only. Default: the one of requests that name none.")
    private String service;

    @Mixin
    private Heartbeats heartbeats;

    @Mixin
    private Supervision supervision;

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        PrintWriter out = spec.commandLine().getOut();
        String[] endpoints = Settings.connectEndpoints("--queue", queues.toArray(String[]::new))
                .toArray(String[]::new);
        int atOnce = Rules.between("--concurrency", concurrency, 1, 10_000);
        Duration heartbeat = heartbeats.heartbeat();
        int liveness = heartbeats.liveness();
        PirateWorkerConfig.Builder builder = PirateWorker.builder(
                        WorkerHandler.of(supervision.isOn() ? reporting(out) : handler))
                .queues(endpoints)
                .dialect(dialect)
                .service(service)
                .concurrency(atOnce)
                .heartbeat(heartbeat)
                .liveness(liveness);
        if (credit != null) {
            builder.credit(Rules.between("--credit", credit, 1, PirateWorkerConfig.CREDIT_MAX));
        }
        PirateWorker worker = builder.start();
        CompletableFuture<Integer> ended = worker.stopped().thenApply(drained -> ExitCode.OK);
        // Both ways to end, a signal and the parent's end, come by here.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(worker, out), "privateer-drain"));
        out.println(
                EventLine.of("ready").with("queue", String.join(",", endpoints)).with("concurrency", atOnce));
        supervision.watch(line -> {}, () -> ended.complete(ExitCode.OK));
        return Ends.await(ended);
    }

    /** Says what it is about to do before it does it, so that a kill in the midst of it leaves a trace. */
    private WorkerHandler.Function reporting(PrintWriter out) {
        return request -> {
            String id = request.text();
            out.println(EventLine.of("run").with("id", id));
            try {
                return handler.handle(request);
            } finally {
                out.println(EventLine.of("done").with("id", id));
            }
        };
    }

    private static void drain(PirateWorker worker, PrintWriter out) {
        boolean drained = worker.drain(DRAIN).join();
        WorkerStats stats = worker.stats();
        out.println(EventLine.of("stats")
                .with("handled", stats.handled())
                .with("failed", stats.failed())
                .with("vainReplies", stats.vainReplies())
                .with("reconnects", stats.reconnects())
                .with("drained", drained));
    }
}
