package io.privateer.samples;

import io.privateer.samples.cli.BrokerCommand;
import io.privateer.samples.cli.PlainErrors;
import io.privateer.samples.cli.QueueCommand;
import io.privateer.samples.cli.RequestCommand;
import io.privateer.samples.cli.StarAdminCommand;
import io.privateer.samples.cli.StarCommand;
import io.privateer.samples.cli.Version;
import io.privateer.samples.cli.WitnessCommand;
import io.privateer.samples.cli.WorkerCommand;
import io.privateer.samples.demo.DemoCommand;
import io.privateer.samples.demo.LoadCommand;
import io.privateer.samples.patterns.SampleCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code privateer} command. Exit codes: 0 as asked, 1 failed, 2 asked for something that makes no sense. */
@Command(
        name = "privateer",
        description = "Runs and demonstrates ZeroMQ services that keep answering when processes crash.",
        subcommands = {
            DemoCommand.class,
            QueueCommand.class,
            WorkerCommand.class,
            RequestCommand.class,
            StarCommand.class,
            WitnessCommand.class,
            StarAdminCommand.class,
            BrokerCommand.class,
            SampleCommand.class,
            LoadCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "First try: ./privateer demo",
            "Against plain JeroMQ and NATS: ./privateer bench --help (a module of its own, built on first use)"
        })
public final class Privateer implements Runnable {

    /** Read by logback.xml. */
    private static final String LOG_LEVEL = "privateer.log.level";

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** Returns the command, ready to execute. */
    static CommandLine commandLine() {
        PlainErrors errors = new PlainErrors();
        return new CommandLine(new Privateer())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors);
    }

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log what happens on standard error, not only what goes wrong.")
    void setVerbose(boolean verbose) {
        // Before any logger exists: options are read before the command touches the SDK.
        if (verbose) {
            System.setProperty(LOG_LEVEL, "INFO");
        }
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "which command? demo, sample, queue, worker, request or bench");
    }
}
