package io.privateer.samples.patterns;

import io.privateer.samples.cli.Version;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs one of the {@link Pattern}s. */
@Command(
        name = "sample",
        description = "Runs a short program that shows one pattern from beginning to end, and ends by itself.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {"", "What each is about, and where to read it: samples/README.md"})
public final class SampleCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Option(names = "--list", description = "Print the names, one a line.")
    private boolean list;

    @Option(names = "--twin", description = "Let a program in Python play the other end; needs pyzmq.")
    private boolean twin;

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "The pattern.")
    private @Nullable String name;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (list) {
            Pattern.names().forEach(out::println);
            return ExitCode.OK;
        }
        Pattern pattern = pattern();
        try (Stage stage = new Stage(out, twin ? Twins.command(pattern) : List.of())) {
            pattern.program().run(stage);
        }
        return ExitCode.OK;
    }

    private Pattern pattern() {
        String these = String.join(", ", Pattern.names());
        if (name == null) {
            throw new ParameterException(spec.commandLine(), "which sample? " + these);
        }
        return Pattern.named(name)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "there is no sample named " + name + ", only " + these));
    }
}
