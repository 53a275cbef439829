package io.privateer.samples.cli;

import io.privateer.binarystar.BinaryStarAdmin;
import io.privateer.binarystar.BinaryStarAdmin.Reply;
import io.privateer.binarystar.EpochFile;
import io.privateer.binarystar.OperatorAnswer;
import io.privateer.binarystar.Role;
import io.privateer.core.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** An operator's commands to one server of a pair. */
@Command(
        name = "star-admin",
        description = "Asks a server of a pair how it stands, or commands it.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {"", "Ends with 1 if the server did not do what it was told."})
@SuppressWarnings("NullAway.Init") // Fields are set by picocli.
public final class StarAdminCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    /** Whom to tell; {@code init} tells nobody. */
    @SuppressWarnings("NullAway.Init") // Fields are set by picocli.
    static final class Target {

        @Option(
                names = "--state",
                paramLabel = "ENDPOINT",
                defaultValue = "tcp://127.0.0.1:5557",
                description = "The server's state endpoint. Default: ${DEFAULT-VALUE}.")
        private String state;

        @Option(
                names = "--timeout",
                paramLabel = "DURATION",
                defaultValue = "5s",
                converter = Durations.class,
                description = "How long to wait for its answer. Default: ${DEFAULT-VALUE}.")
        private Duration timeout;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "star-admin must be told what to do: status, promote, step-down, fail-back or init");
    }

    @Command(name = "status", description = "Prints how the server stands.", mixinStandardHelpOptions = true)
    int status(@Mixin Target target) {
        return say(target, BinaryStarAdmin::status);
    }

    @Command(
            name = "promote",
            description = "Makes the server the active one, whatever its peer does.",
            mixinStandardHelpOptions = true)
    int promote(@Mixin Target target) {
        return say(target, BinaryStarAdmin::promote);
    }

    @Command(
            name = "step-down",
            description = "Lets the active server hand over to its peer.",
            mixinStandardHelpOptions = true)
    int stepDown(@Mixin Target target) {
        return say(target, BinaryStarAdmin::stepDown);
    }

    @Command(
            name = "fail-back",
            description = "Lets the backup hand over to the primary.",
            mixinStandardHelpOptions = true)
    int failBack(@Mixin Target target) {
        return say(target, BinaryStarAdmin::failBack);
    }

    @Command(
            name = "init",
            description = "Makes the epoch file of a server that was never active.",
            mixinStandardHelpOptions = true)
    int init(
            @Parameters(paramLabel = "FILE", description = "What to make; it must not be there yet.") Path file,
            @Option(names = "--role", required = true, paramLabel = "ROLE", description = "primary or backup.")
                    Role role) {
        EpochFile.create(file, role);
        spec.commandLine()
                .getOut()
                .println(EventLine.of("made").with("file", file).with("role", role));
        return ExitCode.OK;
    }

    private int say(Target target, Function<BinaryStarAdmin, Reply> command) {
        String state = Settings.connectEndpoint("--state", target.state);
        try (BinaryStarAdmin admin = BinaryStarAdmin.of(state, target.timeout)) {
            Reply reply = command.apply(admin);
            spec.commandLine().getOut().println("answer=" + reply.outcome() + "\n" + reply.status());
            boolean obeyed = reply.outcome() == OperatorAnswer.DONE || reply.outcome() == OperatorAnswer.STARTED;
            return obeyed ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }
}
