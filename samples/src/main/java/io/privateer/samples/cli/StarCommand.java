package io.privateer.samples.cli;

import io.privateer.binarystar.BinaryStarConfig;
import io.privateer.binarystar.BinaryStarServer;
import io.privateer.binarystar.Role;
import io.privateer.core.Settings;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.QueueStats;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs one queue of a pair until the process is told to end. */
@Command(
        name = "star",
        description = "Runs one of two queues of which one serves and the other takes over (Binary Star).",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "Workers connect to the backends of both, clients know the frontends of both.",
            "Without --epoch-file a server that starts anew has to be told its epoch by the",
            "others; make a file once with: privateer star-admin init FILE --role ROLE."
        })
@SuppressWarnings("NullAway.Init") // Fields are set by picocli.
public final class StarCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--role", required = true, paramLabel = "ROLE", description = "primary or backup.")
    private Role role;

    @Option(
            names = "--state",
            required = true,
            paramLabel = "ENDPOINT",
            description = "Where the other server finds this one; twice for two networks.")
    private List<String> state;

    @Option(
            names = "--peer-state",
            required = true,
            paramLabel = "ENDPOINT",
            description = "Where this server finds the other one; twice for two networks.")
    private List<String> peerState;

    @Option(names = "--frontend", required = true, paramLabel = "ENDPOINT", description = "Where clients connect.")
    private String frontend;

    @Option(names = "--backend", required = true, paramLabel = "ENDPOINT", description = "Where workers connect.")
    private String backend;

    @Option(
            names = "--guide-peer",
            description = "The other server is the Guide's, in C or Python: much less is promised then, and star-admin"
                    + " cannot reach this one.")
    private boolean guidePeer;

    @Mixin
    private StarOptions options;

    @Mixin
    private Heartbeats heartbeats;

    @Mixin
    private Supervision supervision;

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        PrintWriter out = spec.commandLine().getOut();
        options.check();
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        PirateQueue queue = PirateQueue.paranoid()
                .standby()
                .frontend(Settings.bindEndpoint("--frontend", frontend))
                .backend(Settings.bindEndpoint("--backend", backend))
                .heartbeat(heartbeats.heartbeat())
                .liveness(heartbeats.liveness())
                .start();
        BinaryStarConfig.Builder settings =
                options.settings(role, state, peerState, queue.frontend()).listener(new StarReporter(out, ended));
        BinaryStarServer star = (guidePeer ? settings.guidePeer() : settings).guard(queue);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(star, queue, out), "privateer-close"));
        out.println(EventLine.of("ready")
                .with("role", role)
                .with("state", String.join(",", star.state()))
                .with("frontend", queue.frontend())
                .with("backend", queue.backend()));
        var unused = queue.stopped().whenComplete((drained, failure) -> ended.complete(ExitCode.SOFTWARE));
        supervision.watch(line -> {}, () -> ended.complete(ExitCode.OK));
        return Ends.await(ended);
    }

    private static void close(BinaryStarServer star, PirateQueue queue, PrintWriter out) {
        star.close();
        QueueStats stats = queue.stats();
        queue.close();
        out.println(EventLine.of("stats")
                .with("accepted", stats.accepted())
                .with("answered", stats.answered())
                .with("stoodDown", stats.stoodDown())
                .with("inherited", stats.inherited())
                .with("rejected", stats.rejected())
                .with("epoch", stats.epoch()));
    }
}
