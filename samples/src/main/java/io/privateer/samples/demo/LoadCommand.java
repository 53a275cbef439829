package io.privateer.samples.demo;

import io.privateer.core.NanoClock;
import io.privateer.core.PirateException;
import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.CallOptions;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.LazyPirateListener;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateClientListener;
import io.privateer.pirate.PirateClientStats;
import io.privateer.samples.cli.EventLine;
import io.privateer.samples.cli.Supervision;
import io.privateer.samples.cli.Version;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The demo's load: clients that each send one request after the other, every request its own number, and that say of
 * each reply whether it carries that number.
 */
@Command(
        name = "load",
        hidden = true,
        description = "The load of the demo.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
@SuppressWarnings("NullAway.Init") // Fields are set by picocli.
public final class LoadCommand implements Callable<Integer> {

    /** The line on standard input that ends the load; requests under way go on to their end. */
    static final String STOP = "stop";

    /** Keeps a client from spinning while its circuit breaker is open. */
    private static final long PAUSE_AFTER_FAILURE_MILLIS = 100;

    @Spec
    private CommandSpec spec;

    @Option(names = "--endpoint", required = true)
    private List<String> endpoints;

    @Option(names = "--clients", defaultValue = "16")
    private int clients;

    @Mixin
    private Supervision supervision;

    private final NanoClock clock = NanoClock.system();
    private final AtomicLong lastId = new AtomicLong();
    private volatile boolean stopping;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        supervision.watch(line -> stopping |= line.equals(STOP), () -> {
            if (!stopping) {
                Runtime.getRuntime().halt(ExitCode.SOFTWARE); // Nobody is left to tell.
            }
        });
        EventLoop loop = EventLoop.open("load");
        if (endpoints.size() == 1) {
            sendToQueue(loop, out);
        } else {
            sendToTwo(loop, out);
        }
        loop.close();
        return ExitCode.OK;
    }

    /** With a client per caller, as plain REQ programs have it. */
    private void sendToQueue(EventLoop loop, PrintWriter out) throws InterruptedException {
        List<LazyPirateClient> opened = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            opened.add(open(loop, out));
        }
        run(
                opened.stream()
                        .<UnaryOperator<String>>map(client -> client::request)
                        .toList(),
                out);
        long strays = opened.stream()
                .mapToLong(client -> client.stats().strayReplies())
                .sum();
        out.println(EventLine.of("strays").with("count", strays));
    }

    /** With one client for all callers, which keeps the ids of its calls on the way from one queue to the other. */
    private void sendToTwo(EventLoop loop, PrintWriter out) throws InterruptedException {
        PirateClient client = PirateClient.builder()
                .endpoints(endpoints.toArray(String[]::new))
                .options(CallOptions.defaults().withAttemptTimeout(DemoSettings.STAR_ATTEMPT))
                .listener(new PirateClientListener() {
                    @Override
                    public void onConnected(Connected event) {
                        out.println(EventLine.of("connected").with("endpoint", event.endpoint()));
                    }
                })
                .loop(loop)
                .open();
        run(Collections.nCopies(clients, client::request), out);
        PirateClientStats stats = client.stats();
        out.println(EventLine.of("retries").with("count", stats.retries()));
        out.println(EventLine.of("late").with("count", stats.strayReplies() + stats.staleReplies()));
    }

    /** Lets each of {@code asking} ask one request after the other, until the load is to end. */
    private void run(List<UnaryOperator<String>> asking, PrintWriter out) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(asking.size());
        asking.forEach(ask -> threads.execute(() -> sendUntilStopped(ask, out)));
        out.println(EventLine.of("ready"));
        threads.shutdown();
        while (!threads.awaitTermination(1, TimeUnit.DAYS)) {
            // Until the demo says so.
        }
    }

    private LazyPirateClient open(EventLoop loop, PrintWriter out) {
        return LazyPirateClient.builder()
                .endpoints(endpoints.get(0))
                .loop(loop)
                .listener(new LazyPirateListener() {
                    @Override
                    public void onRetry(Retry event) {
                        out.println(EventLine.of("retry")
                                .with("outcome", event.failed().outcome()));
                    }
                })
                .open();
    }

    private void sendUntilStopped(UnaryOperator<String> ask, PrintWriter out) {
        try {
            while (!stopping) {
                send(ask, lastId.incrementAndGet(), out);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(UnaryOperator<String> ask, long id, PrintWriter out) throws InterruptedException {
        String body = Long.toString(id);
        out.println(EventLine.of("sent").with("id", id));
        long startNanos = clock.nanoTime();
        try {
            boolean right = ask.apply(body).equals(body);
            long micros = TimeUnit.NANOSECONDS.toMicros(clock.nanoTime() - startNanos);
            out.println(EventLine.of(right ? "replied" : "wrong").with("id", id).with("micros", micros));
        } catch (PirateException e) {
            out.println(EventLine.of("failed").with("id", id).with("reason", e.reason()));
            TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_FAILURE_MILLIS);
        }
    }
}
