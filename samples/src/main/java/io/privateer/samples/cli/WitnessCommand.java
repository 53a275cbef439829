package io.privateer.samples.cli;

import io.privateer.binarystar.Witness;
import io.privateer.core.Settings;
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

/** Runs a witness until the process is told to end. */
@Command(
        name = "witness",
        description = "Runs the third voter of pairs, so that never both of their servers serve.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {"", "It grants nothing for --lease-max after its start: it may have granted before."})
@SuppressWarnings("NullAway.Init") // Fields are set by picocli.
public final class WitnessCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--endpoint",
            paramLabel = "ENDPOINT",
            defaultValue = "tcp://127.0.0.1:5560",
            description = "Where servers find it; port * takes any free one. Default: ${DEFAULT-VALUE}.")
    private String endpoint;

    @Option(
            names = "--lease-max",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = Durations.class,
            description = "The longest lease, that is failover time, of its pairs. Default: ${DEFAULT-VALUE}.")
    private Duration leaseMax;

    @Mixin
    private Supervision supervision;

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        PrintWriter out = spec.commandLine().getOut();
        Rules.between("--lease-max", leaseMax, Duration.ofMillis(10), Witness.LEASE_MAX);
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        Witness witness = Witness.start(Settings.bindEndpoint("--endpoint", endpoint), leaseMax);
        Runtime.getRuntime().addShutdownHook(new Thread(witness::close, "privateer-close"));
        out.println(EventLine.of("ready").with("endpoint", witness.endpoint()));
        var unused = witness.stopped().whenComplete((closed, failure) -> {
            if (failure == null) {
                ended.complete(ExitCode.OK);
            } else {
                ended.completeExceptionally(failure.getCause());
            }
        });
        supervision.watch(line -> {}, () -> ended.complete(ExitCode.OK));
        return Ends.await(ended);
    }
}
