package io.privateer.samples.cli;

import io.privateer.core.Attempt;
import io.privateer.core.PirateException;
import io.privateer.core.RequestFailedException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what went wrong in a few lines. Only a bug of ours gets a stack trace. */
public final class PlainErrors implements IParameterExceptionHandler, IExecutionExceptionHandler {

    @Override
    public int handleParseException(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(nameOf(command) + ": " + failure.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(failure, err)) {
            err.println("See: ./" + nameOf(command) + " --help");
        }
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
        if (failure instanceof PirateException pirate) {
            command.getErr().println(nameOf(command) + ": " + describe(pirate));
            return ExitCode.SOFTWARE;
        }
        if (failure instanceof IllegalArgumentException) {
            command.getErr().println(nameOf(command) + ": " + failure.getMessage());
            return ExitCode.USAGE;
        }
        throw failure;
    }

    /** Returns the reason and every attempt, one a line. */
    static String describe(PirateException failure) {
        List<Attempt> attempts = failure.attempts();
        if (failure instanceof RequestFailedException) { // There was a reply, and its words count.
            return String.valueOf(failure.getMessage());
        }
        if (attempts.isEmpty()) {
            return failure.getMessage() + " (" + failure.reason() + ")";
        }
        StringBuilder text =
                new StringBuilder("no reply from " + attempts.get(0).endpoint() + " in " + attempts.size()
                        + (attempts.size() == 1 ? " attempt (" : " attempts (") + failure.reason() + ")");
        for (int i = 0; i < attempts.size(); i++) {
            text.append(System.lineSeparator())
                    .append("  attempt ")
                    .append(i + 1)
                    .append(": ");
            text.append(attempts.get(i));
        }
        return text.toString();
    }

    private static String nameOf(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }
}
