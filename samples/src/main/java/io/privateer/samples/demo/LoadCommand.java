package io.privateer.samples.demo;

import io.privateer.core.NanoClock;
import io.privateer.core.PirateException;
import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.LazyPirateListener;
import io.privateer.samples.cli.EventLine;
import io.privateer.samples.cli.Supervision;
import io.privateer.samples.cli.Version;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
    private String endpoint;

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
        List<LazyPirateClient> opened = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        for (int i = 0; i < clients; i++) {
            LazyPirateClient client = open(loop, out);
            opened.add(client);
            threads.execute(() -> sendUntilStopped(client, out));
        }
        out.println(EventLine.of("ready"));
        threads.shutdown();
        boolean ended = threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        long strays = opened.stream()
                .mapToLong(client -> client.stats().strayReplies())
                .sum();
        out.println(EventLine.of("strays").with("count", strays).with("ended", ended));
        loop.close();
        return ExitCode.OK;
    }

    private LazyPirateClient open(EventLoop loop, PrintWriter out) {
        return LazyPirateClient.builder()
                .endpoints(endpoint)
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

    private void sendUntilStopped(LazyPirateClient client, PrintWriter out) {
        try {
            while (!stopping) {
                send(client, lastId.incrementAndGet(), out);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(LazyPirateClient client, long id, PrintWriter out) throws InterruptedException {
        String body = Long.toString(id);
        out.println(EventLine.of("sent").with("id", id));
        long startNanos = clock.nanoTime();
        try {
            boolean right = client.request(body).equals(body);
            long micros = TimeUnit.NANOSECONDS.toMicros(clock.nanoTime() - startNanos);
            out.println(EventLine.of(right ? "replied" : "wrong").with("id", id).with("micros", micros));
        } catch (PirateException e) {
            out.println(EventLine.of("failed").with("id", id).with("reason", e.reason()));
            TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_FAILURE_MILLIS);
        }
    }
}
