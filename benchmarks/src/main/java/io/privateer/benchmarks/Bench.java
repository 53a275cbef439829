package io.privateer.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** Entry point of the benchmarks; {@code --help} lists them. */
@Command(
        name = "bench",
        description = "Measures Privateer against JeroMQ's own proxy.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "BENCHMARK",
        subcommands = {Lockstep.class, Concurrent.class, Kills.class, Idle.class, Micro.class, Roles.class})
public final class Bench {

    private Bench() {}

    /** Runs the benchmark named first in {@code args} and exits with 0 if it ran to its end. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench()).execute(args));
    }
}
