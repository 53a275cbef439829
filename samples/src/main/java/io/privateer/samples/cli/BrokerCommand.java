package io.privateer.samples.cli;

import io.privateer.binarystar.BinaryStarServer;
import io.privateer.binarystar.Role;
import io.privateer.core.TransportFailedException;
import io.privateer.peering.ExitCause;
import io.privateer.peering.Peer;
import io.privateer.peering.PeeringBroker;
import io.privateer.peering.PeeringConfig;
import io.privateer.peering.PeeringListener;
import io.privateer.peering.PeeringStats;
import io.privateer.pirate.PirateQueueConfig;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a broker until the process is told to end. */
@Command(
        name = "broker",
        description =
                "Runs the queue of a cluster that lends its workers to other clusters, and borrows theirs (peering).",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "One --peer is enough: brokers introduce each other. Prints a line for each peer",
            "that enters, falls silent or exits, and for each worker. Ctrl-C or SIGTERM lets",
            "it finish what it holds, for at most 5 seconds, and print what it counted."
        })
@SuppressWarnings("NullAway.Init") // Fields are set by picocli.
public final class BrokerCommand implements Callable<Integer> {

    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final Duration REPORT_INTERVAL = Duration.ofMillis(500);
    private static final Map<String, String> OPTIONS_BY_SETTING = Map.of(
            "name", "--name",
            "localFrontend", "--localfe",
            "localBackend", "--localbe",
            "cloud", "--cloud",
            "state", "--state",
            "peers", "--peer",
            "advertisedHost", "--advertise",
            "partner", "--partner-state",
            "partner.cloudEndpoint", "--partner-cloud",
            "partner.stateEndpoint", "--partner-state");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--name",
            required = true,
            paramLabel = "NAME",
            description = "The cluster's name, which no other has.")
    private String name;

    @Option(
            names = "--localfe",
            required = true,
            paramLabel = "ENDPOINT",
            description = "Where the cluster's clients connect; port * takes any free one, here and below.")
    private String localFrontend;

    @Option(
            names = "--localbe",
            required = true,
            paramLabel = "ENDPOINT",
            description = "Where the cluster's workers connect.")
    private String localBackend;

    @Option(
            names = "--cloud",
            required = true,
            paramLabel = "ENDPOINT",
            description = "Where other brokers send requests.")
    private String cloud;

    @Option(
            names = "--state",
            required = true,
            paramLabel = "ENDPOINT",
            description = "Where other brokers hear how this one stands.")
    private String state;

    @Option(
            names = "--peer",
            paramLabel = "ENDPOINT",
            description = "The --state of another broker; any number of times.")
    private List<String> peers = List.of();

    @Option(
            names = "--advertise",
            paramLabel = "HOST",
            description = "The host by which others reach this one. Default: the one that --cloud and --state name.")
    private @Nullable String advertise;

    @Option(
            names = "--lease",
            paramLabel = "DURATION",
            defaultValue = "30s",
            converter = Durations.class,
            description =
                    "How long a worker may hold a request; longer than the longest job. Default: ${DEFAULT-VALUE}.")
    private Duration lease = PirateQueueConfig.DEFAULT_LEASE;

    @ArgGroup(
            exclusive = false,
            heading = "%nAs one of a pair, of which one serves and the other takes over (Binary Star); --star-…%n"
                    + "and --partner-… are given together, the others with them:%n")
    private @Nullable Guard guard;

    @Mixin
    private Heartbeats heartbeats;

    @Mixin
    private Supervision supervision;

    /** What makes it one of a pair. */
    @SuppressWarnings("NullAway.Init") // Fields are set by picocli.
    private static final class Guard extends StarOptions {
        @Option(names = "--star-role", required = true, paramLabel = "ROLE", description = "primary or backup.")
        private Role role;

        @Option(
                names = "--star-state",
                required = true,
                paramLabel = "ENDPOINT",
                description = "Where the other server of the pair finds this one; twice for two networks.")
        private List<String> state;

        @Option(
                names = "--star-peer-state",
                required = true,
                paramLabel = "ENDPOINT",
                description = "Where this server finds the other one of the pair; twice for two networks.")
        private List<String> peerState;

        @Option(
                names = "--partner-cloud",
                required = true,
                paramLabel = "ENDPOINT",
                description = "The --cloud of the other server of the pair.")
        private String partnerCloud;

        @Option(
                names = "--partner-state",
                required = true,
                paramLabel = "ENDPOINT",
                description = "The --state of the other server of the pair.")
        private String partnerState;
    }

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        PrintWriter out = spec.commandLine().getOut();
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        if (guard != null) {
            guard.check();
        }
        PeeringBroker broker = PeeringBroker.start(Rules.inOptions(OPTIONS_BY_SETTING, () -> settings(out, ended)));
        BinaryStarServer star = guard == null ? null : guard(guard, broker, new StarReporter(out, ended));
        Runnable atEnd = star == null ? () -> drain(broker, out) : () -> handOver(star, broker, out);
        Runtime.getRuntime().addShutdownHook(new Thread(atEnd, "privateer-end"));
        out.println(EventLine.of("ready")
                .with("name", name)
                .with("localfe", broker.localFrontend())
                .with("localbe", broker.localBackend())
                .with("cloud", broker.cloud())
                .with("state", broker.state()));
        if (supervision.isOn()) {
            reportRegularly(broker, out);
        }
        supervision.watch(line -> {}, () -> ended.complete(ExitCode.OK));
        return Ends.await(ended);
    }

    private PeeringConfig settings(PrintWriter out, CompletableFuture<Integer> ended) {
        PeeringConfig.Builder settings = PeeringBroker.builder(name)
                .localFrontend(localFrontend)
                .localBackend(localBackend)
                .cloud(cloud)
                .state(state)
                .peers(peers.toArray(String[]::new))
                .queue(queue -> queueSettings(queue, out, ended))
                .listener(new Reporter(out, ended));
        if (advertise != null) {
            settings.advertisedHost(advertise);
        }
        if (guard != null) {
            settings.partner(guard.partnerCloud, guard.partnerState);
        }
        return settings.build();
    }

    private PirateQueueConfig.Builder queueSettings(
            PirateQueueConfig.Builder queue, PrintWriter out, CompletableFuture<Integer> ended) {
        queue.heartbeat(heartbeats.heartbeat())
                .liveness(heartbeats.liveness())
                .lease(Rules.between("--lease", lease, Duration.ofSeconds(1), Duration.ofDays(1)))
                .listener(new QueueReporter(out, ended));
        return guard == null ? queue : queue.standby();
    }

    private static BinaryStarServer guard(Guard guard, PeeringBroker broker, StarReporter reporter) {
        return guard.settings(guard.role, guard.state, guard.peerState, broker.localFrontend())
                .listener(reporter)
                .guard(broker.queue());
    }

    /** Says what the cluster has, and what it may have and has of each peer, until the process ends. */
    private static void reportRegularly(PeeringBroker broker, PrintWriter out) {
        ScheduledExecutorService reporter = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "privateer-report");
            thread.setDaemon(true);
            return thread;
        });
        var unused = reporter.scheduleAtFixedRate(
                () -> report(broker.stats(), out), 0, REPORT_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void report(PeeringStats stats, PrintWriter out) {
        out.println(EventLine.of("stands")
                .with("workers", stats.queue().workers())
                .with("idle", stats.queue().workersIdle())
                .with("pending", stats.queue().pending()));
        for (PeeringStats.PeerStats peer : stats.peers()) {
            out.println(EventLine.of("lends")
                    .with("peer", peer.peer().name())
                    .with(
                            "credit",
                            peer.credit().values().stream()
                                    .mapToInt(Integer::intValue)
                                    .sum())
                    .with("lent", peer.lent()));
        }
    }

    private static void drain(PeeringBroker broker, PrintWriter out) {
        boolean drained = broker.drain(DRAIN).join();
        out.println(counted(broker.stats()).with("drained", drained));
    }

    /** The other server of the pair serves from here on. */
    private static void handOver(BinaryStarServer star, PeeringBroker broker, PrintWriter out) {
        star.close();
        PeeringStats stats = broker.stats();
        broker.close();
        out.println(counted(stats)
                .with("stoodDown", stats.queue().stoodDown())
                .with("inherited", stats.queue().inherited())
                .with("epoch", stats.queue().epoch()));
    }

    private static EventLine counted(PeeringStats stats) {
        return EventLine.of("stats")
                .with("accepted", stats.queue().accepted())
                .with("answered", stats.queue().answered())
                .with("redelivered", stats.queue().redelivered())
                .with("lent", stats.queue().lent())
                .with("refusedByLenders", stats.queue().refusedByLenders())
                .with("turnedBack", stats.queue().turnedBack())
                .with("pending", stats.queue().pending());
    }

    private record Reporter(PrintWriter out, CompletableFuture<Integer> ended) implements PeeringListener {
        @Override
        public void onEnter(Peer peer) {
            print("enter", peer);
        }

        @Override
        public void onEvasive(Peer peer, Duration silentFor) {
            print("evasive", peer);
        }

        @Override
        public void onSilent(Peer peer, Duration silentFor) {
            print("silent", peer);
        }

        @Override
        public void onReturned(Peer peer) {
            print("returned", peer);
        }

        @Override
        public void onExit(Peer peer, ExitCause cause) {
            out.println(EventLine.of("exit").with("peer", peer.name()).with("cause", cause));
        }

        private void print(String event, Peer peer) {
            out.println(EventLine.of(event).with("peer", peer.name()));
        }

        @Override
        public void onMisconfigured(Misconfigured event) {
            out.println(EventLine.of("misconfigured")
                    .with("what", event.what())
                    .with("name", event.name())
                    .with("endpoint", event.endpoint()));
        }

        @Override
        public void onFailed(Throwable cause) {
            ended.completeExceptionally(new TransportFailedException("the broker has failed", List.of(), cause));
        }
    }
}
