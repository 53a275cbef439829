package io.privateer.samples.cli;

import io.privateer.core.NanoClock;
import io.privateer.core.PirateException;
import io.privateer.core.Settings;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.RequestOptions;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends requests, one after the other, and prints the replies. */
@Command(
        name = "request",
        description = "Sends TEXT to a queue, or to any REP server, and prints the reply.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
@SuppressWarnings("NullAway.Init") // Fields are set by picocli.
public final class RequestCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--endpoint",
            paramLabel = "ENDPOINT",
            defaultValue = "tcp://127.0.0.1:5555",
            description = "The queue's frontend. Default: ${DEFAULT-VALUE}.")
    private String endpoint;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "2500ms",
            converter = Durations.class,
            description = "How long one attempt waits for its reply. Default: ${DEFAULT-VALUE}.")
    private Duration timeout;

    @Option(
            names = "--attempts",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often a request is sent in all. Default: ${DEFAULT-VALUE}.")
    private int attempts;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "Send TEXT this many times, and print a summary at the end.")
    private @Nullable Integer count;

    @Parameters(paramLabel = "TEXT", description = "What to send.")
    private String text;

    private final NanoClock clock = NanoClock.system();
    private final Histogram latencyMicros = new Histogram(3);
    private int failed;

    @Override
    public Integer call() {
        RequestOptions options = RequestOptions.defaults()
                .withAttemptTimeout(Rules.between("--timeout", timeout, Duration.ofMillis(1), Duration.ofMinutes(60)))
                .withAttemptsMax(Rules.between("--attempts", attempts, 1, 1_000_000));
        int requests = count == null ? 1 : Rules.between("--count", count, 1, 1_000_000_000);
        try (LazyPirateClient client = LazyPirateClient.builder()
                .endpoints(Settings.connectEndpoint("--endpoint", endpoint))
                .options(options)
                .open()) {
            for (int i = 0; i < requests; i++) {
                request(client);
            }
        }
        if (count != null) {
            printSummary();
        }
        return failed == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void request(LazyPirateClient client) {
        long startNanos = clock.nanoTime();
        try {
            String reply = client.request(text);
            latencyMicros.recordValue(TimeUnit.NANOSECONDS.toMicros(clock.nanoTime() - startNanos));
            spec.commandLine().getOut().println(reply);
        } catch (PirateException e) {
            printFailure(e);
            failed++;
        }
    }

    private void printFailure(PirateException failure) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(spec.qualifiedName() + ": " + PlainErrors.describe(failure));
        if (failed == 0 && failure.reason().isRetryable()) {
            err.println("Is a queue there, and a worker? These start them:");
            err.println("  ./privateer queue --frontend " + endpoint);
            err.println("  ./privateer worker");
        }
    }

    private void printSummary() {
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "ok %d, failed %d, latency p50 %.2f ms, p99 %.2f ms%n",
                        latencyMicros.getTotalCount(),
                        failed,
                        latencyMicros.getValueAtPercentile(50) / 1_000.0,
                        latencyMicros.getValueAtPercentile(99) / 1_000.0);
    }
}
