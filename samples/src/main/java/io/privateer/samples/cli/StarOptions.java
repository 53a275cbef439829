package io.privateer.samples.cli;

import io.privateer.binarystar.BinaryStarConfig;
import io.privateer.binarystar.BinaryStarServer;
import io.privateer.binarystar.Role;
import io.privateer.binarystar.StarMode;
import io.privateer.core.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How one server of a pair gets on with the other, whatever it is that they guard. */
@SuppressWarnings("NullAway.Init") // Fields are set by picocli.
class StarOptions {

    private static final Duration HEARTBEAT_MIN = Duration.ofMillis(10);
    private static final Duration HEARTBEAT_MAX = Duration.ofMinutes(10);

    @Option(
            names = "--clients-at",
            paramLabel = "ENDPOINT",
            description =
                    "What the other server tells clients about this one. Default: where clients connect, if that names a host.")
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

    /** Checks what does not depend on anything else, before something is started. */
    void check() {
        boolean needsWitness = mode == StarMode.PAIR_WITH_WITNESS;
        Settings.check(
                mode == null || needsWitness == (witness != null),
                "--witness",
                "given with --mode pair_with_witness, and only then",
                String.valueOf(witness));
    }

    /**
     * Returns the settings of a server; what it listens to is up to the caller.
     *
     * @param frontend where the clients of what it guards connect; told to them by the other server, if it names a host
     */
    BinaryStarConfig.Builder settings(Role role, List<String> state, List<String> peerState, String frontend) {
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
        if (epochFile != null) {
            builder.epochFile(epochFile);
        }
        if (soloAfter != null) {
            builder.soloAfter(soloAfter);
        }
        String told = clientsAt == null ? frontend : clientsAt;
        return told.contains("0.0.0.0") || told.contains("//*") ? builder : builder.clientsAt(told);
    }
}
