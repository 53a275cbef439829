package io.privateer.benchmarks;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** Entry point of the benchmarks; {@code --help} lists them. */
@Command(
        name = "privateer bench",
        description = {
            "Measures Privateer against its peers: client, queue and each worker are processes of their own on this"
                    + " machine, and Privateer and the peers take turns. Plain JeroMQ (raw) and NATS, which needs"
                    + " nats-server to be installed.",
            "The commands below measure something else."
        },
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        subcommands = {
            Charts.class,
            Lockstep.class,
            Concurrent.class,
            Kills.class,
            Failover.class,
            FalseFailover.class,
            Guarded.class,
            Forwarding.class,
            ClusterKills.class,
            Clusters.class,
            Utilisation.class,
            PipelineBench.class,
            StoppedSink.class,
            PublishBench.class,
            Overload.class,
            Fairness.class,
            Idle.class,
            Micro.class,
            Roles.class
        })
public final class Bench implements Callable<Integer> {

    @Mixin
    private PeerBench peers = new PeerBench();

    private Bench() {}

    /**
     * Runs the comparison, or the benchmark named first in {@code args}. Exit codes: 0 it ran to its end, 1 it did not,
     * 2 it makes no sense.
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** Returns the command, ready to execute. */
    static CommandLine commandLine() {
        return new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Bench::handleUsage)
                .setExecutionExceptionHandler(Bench::handleFailure);
    }

    private static int handleUsage(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        command.getErr().println(nameOf(command) + ": " + failure.getMessage());
        command.getErr().println("See: ./privateer " + nameOf(command) + " --help");
        return ExitCode.USAGE;
    }

    private static int handleFailure(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
        if (failure instanceof IllegalArgumentException || failure instanceof IllegalStateException) {
            command.getErr().println(nameOf(command) + ": " + failure.getMessage());
            return failure instanceof IllegalArgumentException ? ExitCode.USAGE : ExitCode.SOFTWARE;
        }
        throw failure;
    }

    private static String nameOf(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }

    @Override
    public Integer call() throws InterruptedException {
        return peers.run();
    }
}
