package io.privateer.samples.cli;

import io.privateer.core.NanoClock;
import io.privateer.core.PirateException;
import io.privateer.core.Settings;
import io.privateer.pirate.CallOptions;
import io.privateer.pirate.Delivery;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.RequestOptions;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Sends requests, one after the other, and prints the replies: with a plain client, or, for what only PRV/1 carries, with
 * one of that.
 */
@Command(
        name = "request",
        description = "Sends TEXT to a queue, or to any REP server, and prints the reply.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "With --service, --header, --deadline or --once it speaks PRV/1, which needs a",
            "privateer queue; otherwise it is a plain client, and any server will do."
        })
@SuppressWarnings("NullAway.Init") // Fields are set by picocli.
public final class RequestCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--endpoint",
            paramLabel = "ENDPOINT",
            defaultValue = "tcp://127.0.0.1:5555",
            description = "The queue's frontend; twice for the two queues of a pair. Default: ${DEFAULT-VALUE}.")
    private List<String> endpoints;

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
            description = "How often a request is sent in all; plain client only. Default: 3.")
    private @Nullable Integer attempts;

    @Option(
            names = "--service",
            paramLabel = "NAME",
            description = "The service that shall handle it. Default: the one without a name.")
    private @Nullable String service;

    @Option(
            names = "--header",
            paramLabel = "NAME=VALUE",
            description = "A header for the handler; repeat it for more.")
    private @Nullable Map<String, String> headers;

    @Option(
            names = "--deadline",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "How long a request may take in all, retries included. Default under PRV/1: 30s.")
    private @Nullable Duration deadline;

    @Option(names = "--once", description = "Never execute it twice, even if that means not to know whether it ran.")
    private boolean once;

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
        Rules.between("--timeout", timeout, Duration.ofMillis(1), Duration.ofMinutes(60));
        Settings.connectEndpoints("--endpoint", endpoints.toArray(String[]::new));
        int requests = count == null ? 1 : Rules.between("--count", count, 1, 1_000_000_000);
        boolean plain = service == null && headers == null && deadline == null && !once;
        try (Asker client = plain ? plainClient() : pipelinedClient()) {
            for (int i = 0; i < requests; i++) {
                request(client);
            }
        }
        if (count != null) {
            printSummary();
        }
        return failed == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** A client of either kind. */
    private record Asker(UnaryOperator<String> asks, Runnable ends) implements AutoCloseable {

        String request(String text) {
            return asks.apply(text);
        }

        @Override
        public void close() {
            ends.run();
        }
    }

    private Asker plainClient() {
        RequestOptions options = RequestOptions.defaults()
                .withAttemptTimeout(timeout)
                .withAttemptsMax(
                        attempts == null
                                ? RequestOptions.DEFAULT_ATTEMPTS_MAX
                                : Rules.between("--attempts", attempts, 1, 1_000_000));
        LazyPirateClient client = LazyPirateClient.builder()
                .endpoints(endpoints.toArray(String[]::new))
                .options(options)
                .open();
        return new Asker(client::request, client::close);
    }

    private Asker pipelinedClient() {
        if (attempts != null) {
            Settings.check(false, "--attempts", "left out with --service, --header, --deadline and --once", attempts);
        }
        CallOptions options = callOptions();
        PirateClient client = PirateClient.builder()
                .endpoints(endpoints.toArray(String[]::new))
                .options(options)
                .open();
        return new Asker(client::request, client::close);
    }

    private CallOptions callOptions() {
        CallOptions options = CallOptions.defaults()
                .withAttemptTimeout(timeout)
                .withDelivery(once ? Delivery.ONCE : Delivery.AT_LEAST_ONCE);
        if (deadline != null) {
            options = options.withDeadline(
                    Rules.between("--deadline", deadline, Duration.ofMillis(1), Duration.ofDays(1)));
        }
        if (service != null) {
            options = options.withService(service);
        }
        if (headers != null) {
            for (Map.Entry<String, String> header : headers.entrySet()) {
                options = options.withHeader(header.getKey(), header.getValue());
            }
        }
        return options;
    }

    private void request(Asker client) {
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
            err.println("  ./privateer queue --frontend " + endpoints.get(0));
            err.println("  ./privateer worker" + (service == null ? "" : " --service " + service));
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
