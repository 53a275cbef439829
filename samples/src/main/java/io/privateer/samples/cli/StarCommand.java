package io.privateer.samples.cli;

import io.privateer.binarystar.BinaryStarConfig;
import io.privateer.binarystar.BinaryStarListener;
import io.privateer.binarystar.BinaryStarServer;
import io.privateer.binarystar.Misconfiguration;
import io.privateer.binarystar.ReplicationState;
import io.privateer.binarystar.Role;
import io.privateer.binarystar.StarMode;
import io.privateer.core.Settings;
import io.privateer.core.TransportFailedException;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.QueueStats;
import java.io.PrintWriter;
import java.nio.file.Path;
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

    private static final Duration HEARTBEAT_MIN = Duration.ofMillis(10);
    private static final Duration HEARTBEAT_MAX = Duration.ofMinutes(10);

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
            names = "--clients-at",
            paramLabel = "ENDPOINT",
            description =
                    "What the other server tells clients about this one. Default: the frontend, if it names a host.")
    private @Nullable String clientsAt;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description =
                    "pair, pair_with_witness (needs --witness) or manual. Default: pair, or the second with --witness.")
    private @Nullable StarMode mode;

    @Option(names = "--witness", paramLabel = "ENDPOINT", description = "Where the witness is.")
    private @Nullable String witness;

    @Option(
            names = "--pair",
            paramLabel = "NAME",
            defaultValue = "pair",
            description = "What the witness knows the pair as.")
    private String pair;

    @Option(
            names = "--guide-peer",
            description = "The other server is the Guide's, in C or Python: much less is promised then, and star-admin"
                    + " cannot reach this one.")
    private boolean guidePeer;

    @Option(
            names = "--replication",
            description =
                    "Tells the other server of every request and reply, so that none runs again after a takeover that"
                            + " has run, or runs, on a worker that knows both. Give it to both. Costs throughput. Default: off.")
    private boolean replication;

    @Option(names = "--epoch-file", paramLabel = "FILE", description = "Where the epoch is kept.")
    private @Nullable Path epochFile;

    @Option(
            names = "--star-heartbeat",
            paramLabel = "DURATION",
            defaultValue = "1s",
            converter = Durations.class,
            description = "The two servers' heartbeat; after twice that in silence the other counts as gone."
                    + " Default: ${DEFAULT-VALUE}.")
    private Duration starHeartbeat = BinaryStarConfig.DEFAULT_HEARTBEAT;

    @Option(
            names = "--solo-after",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "Lets a backup serve that has not heard of a primary for so long. Default: never.")
    private @Nullable Duration soloAfter;

    @Mixin
    private Heartbeats heartbeats;

    @Mixin
    private Supervision supervision;

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        PrintWriter out = spec.commandLine().getOut();
        checkMode();
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        PirateQueue queue = PirateQueue.paranoid()
                .standby()
                .frontend(Settings.bindEndpoint("--frontend", frontend))
                .backend(Settings.bindEndpoint("--backend", backend))
                .heartbeat(heartbeats.heartbeat())
                .liveness(heartbeats.liveness())
                .start();
        BinaryStarServer star =
                settings(queue).listener(new Reporter(out, ended)).guard(queue);
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

    private void checkMode() {
        boolean needsWitness = mode == StarMode.PAIR_WITH_WITNESS;
        Settings.check(
                mode == null || needsWitness == (witness != null),
                "--witness",
                "given with --mode pair_with_witness, and only then",
                String.valueOf(witness));
    }

    private BinaryStarConfig.Builder settings(PirateQueue queue) {
        BinaryStarConfig.Builder builder =
                role == Role.PRIMARY ? BinaryStarServer.primary() : BinaryStarServer.backup();
        builder.state(state.toArray(String[]::new))
                .peerState(peerState.toArray(String[]::new))
                .pair(pair)
                .replication(replication)
                .heartbeat(Rules.between("--star-heartbeat", starHeartbeat, HEARTBEAT_MIN, HEARTBEAT_MAX));
        if (witness != null) {
            builder.witness(Settings.connectEndpoint("--witness", witness));
        }
        if (mode == StarMode.MANUAL) {
            builder.manual();
        }
        if (guidePeer) {
            builder.guidePeer();
        }
        if (epochFile != null) {
            builder.epochFile(epochFile);
        }
        if (soloAfter != null) {
            builder.soloAfter(soloAfter);
        }
        String told = clientsAt == null ? queue.frontend() : clientsAt;
        return told.contains("0.0.0.0") || told.contains("//*") ? builder : builder.clientsAt(told);
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

    private record Reporter(PrintWriter out, CompletableFuture<Integer> ended) implements BinaryStarListener {
        @Override
        public void onStateChanged(StateChanged event) {
            out.println(EventLine.of("failover")
                    .with("from", event.from())
                    .with("to", event.to())
                    .with("epoch", event.epoch())
                    .with("cause", event.cause()));
        }

        @Override
        public void onPeerSeen() {
            out.println(EventLine.of("peer-seen"));
        }

        @Override
        public void onPeerLost(boolean refused) {
            out.println(EventLine.of("peer-lost").with("refused", refused));
        }

        @Override
        public void onReplicationChanged(ReplicationState from, ReplicationState to) {
            out.println(EventLine.of("replication").with("from", from).with("to", to));
        }

        @Override
        public void onMisconfigured(Misconfiguration what) {
            out.println(EventLine.of("misconfigured").with("what", what));
        }

        @Override
        public void onDiverged(Diverged event) {
            out.println(EventLine.of("diverged")
                    .with("ownEpoch", event.ownEpoch())
                    .with("newerEpoch", event.newerEpoch())
                    .with("aloneMillis", event.aloneFor().toMillis()));
        }

        @Override
        public void onDoneAlone(DoneAlone event) {
            out.println(EventLine.of("done-alone")
                    .with("accepted", event.accepted())
                    .with("answered", event.answered()));
        }

        @Override
        public void onEpochProblem(String problem) {
            out.println("epoch-problem " + problem);
        }

        @Override
        public void onFailed(Throwable cause) {
            ended.completeExceptionally(new TransportFailedException("the server has failed", List.of(), cause));
        }
    }
}
