package io.privateer.benchmarks;

import io.privateer.core.PirateException;
import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.RequestOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lazy Pirate clients that send numbered requests until a given number is done, and count what became of them. */
@Command(name = "lazy-clients")
final class LazyClients implements Callable<Integer> {

    /** What became of the requests: {@code retries} counts the attempts that timed out and were followed by another. */
    record Outcome(int answered, int lost, int wrong, long retries, Latency latency) {}

    @Option(names = "--frontend", required = true)
    private String frontend = "";

    @Option(names = "--clients", required = true)
    private int clients;

    @Option(names = "--requests", required = true)
    private int requests;

    @Option(names = "--attempt-millis", required = true)
    private long attemptMillis;

    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();
    private final Histogram nanos = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(2), 3);

    @Override
    public Integer call() throws InterruptedException {
        Lifeline lifeline = Lifeline.hold();
        List<LazyPirateClient> open = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        long startNanos = System.nanoTime();
        try (EventLoop loop = EventLoop.open("clients")) {
            for (int i = 0; i < clients; i++) {
                LazyPirateClient client = LazyPirateClient.builder()
                        .endpoints(frontend)
                        .loop(loop)
                        .options(RequestOptions.defaults().withAttemptTimeout(Duration.ofMillis(attemptMillis)))
                        .open();
                open.add(client);
                Thread thread = new Thread(() -> askUntilDone(client), "client-" + i);
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            long retries =
                    open.stream().mapToLong(client -> client.stats().retries()).sum();
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            Roles.sayResult(new Outcome(answered.get(), lost.get(), wrong.get(), retries, Latency.of(nanos, seconds)));
            lifeline.holdForever();
        }
        return 0;
    }

    private void askUntilDone(LazyPirateClient client) {
        for (int number = next.getAndIncrement(); number < requests; number = next.getAndIncrement()) {
            String text = "request-" + number;
            long sentNanos = System.nanoTime();
            try {
                (client.request(text).equals(text) ? answered : wrong).incrementAndGet();
            } catch (PirateException e) {
                lost.incrementAndGet();
            }
            nanos.recordValue(System.nanoTime() - sentNanos);
        }
    }
}
