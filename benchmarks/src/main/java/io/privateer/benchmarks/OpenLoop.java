package io.privateer.benchmarks;

import io.privateer.core.Message;
import io.privateer.core.OverloadedException;
import io.privateer.core.PirateException;
import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.CallOptions;
import io.privateer.pirate.PirateClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Clients that ask at a fixed rate, whether or not they are answered. */
@Command(name = "open-loop")
final class OpenLoop implements Callable<Integer> {

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long TRACKED_NANOS_MAX = TimeUnit.MINUTES.toNanos(1);
    private static final long DRAIN_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

    /**
     * What became of the calls of one window.
     *
     * @param offered calls made
     * @param answered calls answered
     * @param answeredInTime those of them within the window
     * @param refusedByClient calls refused because too many were open
     * @param refusedByQueue calls that ended because the queue was busy
     * @param timedOut calls that ended at their deadline, or were dropped by the queue for it
     * @param unexplained calls that ended otherwise
     * @param hanging calls that had not ended long after the window
     * @param lastUnexplained one of those, in words; empty if there is none
     * @param sent requests that went over the network, repetitions among them
     */
    record Outcome(
            long offered,
            long answered,
            long answeredInTime,
            long refusedByClient,
            long refusedByQueue,
            long timedOut,
            long unexplained,
            long hanging,
            String lastUnexplained,
            long sent,
            Latency latency) {}

    @Option(names = "--frontend", required = true)
    private String frontend = "";

    @Option(names = "--size", required = true)
    private int size;

    @Option(names = "--rate", required = true)
    private double rate;

    @Option(names = "--clients", required = true)
    private int clients;

    @Option(names = "--deadline-millis", required = true)
    private long deadlineMillis;

    private final List<PirateClient> open = new ArrayList<>();
    private final LongAdder answered = new LongAdder();
    private final LongAdder answeredInTime = new LongAdder();
    private final LongAdder overloaded = new LongAdder();
    private final LongAdder timedOut = new LongAdder();
    private final LongAdder unexplained = new LongAdder();
    private volatile String lastUnexplained = "";
    private final Histogram nanos = new ConcurrentHistogram(TRACKED_NANOS_MAX, 3);
    private final AtomicLong unfinished = new AtomicLong();
    private volatile long endNanos;

    @Override
    public Integer call() throws InterruptedException {
        Lifeline lifeline = Lifeline.hold();
        try (EventLoop loop = EventLoop.open("clients")) {
            for (int i = 0; i < clients; i++) {
                open.add(PirateClient.builder()
                        .endpoints(frontend)
                        .loop(loop)
                        .options(CallOptions.defaults().withDeadline(Duration.ofMillis(deadlineMillis)))
                        .open());
            }
            long windowNanos = TimeUnit.MILLISECONDS.toNanos(lifeline.nextMeasureMillis());
            long startNanos = System.nanoTime();
            endNanos = startNanos + windowNanos;
            long offered = offer(startNanos);
            Roles.sayResult(outcome(offered, hanging(), (System.nanoTime() - startNanos) / 1e9));
            lifeline.holdForever();
        }
        return 0;
    }

    /** Makes up for calls that are late, so that the rate is kept as long as the processor allows. */
    private long offer(long startNanos) {
        Message body = Message.of(new byte[size]);
        long offered = 0;
        for (long nowNanos = startNanos; nowNanos - endNanos < 0; nowNanos = System.nanoTime()) {
            long due = (long) ((nowNanos - startNanos) * rate / 1e9);
            while (offered < due) {
                ask(open.get((int) (offered % clients)), body);
                offered++;
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
        return offered;
    }

    private void ask(PirateClient client, Message body) {
        unfinished.incrementAndGet();
        long sentNanos = System.nanoTime();
        var unused = client.requestAsync(body).whenComplete((reply, failure) -> {
            long nowNanos = System.nanoTime();
            if (failure == null) {
                nanos.recordValue(Math.min(nowNanos - sentNanos, TRACKED_NANOS_MAX));
                answered.increment();
                if (nowNanos - endNanos < 0) {
                    answeredInTime.increment();
                }
            } else {
                count(failure);
            }
            unfinished.decrementAndGet();
        });
    }

    private void count(Throwable failure) {
        if (failure instanceof OverloadedException) {
            overloaded.increment();
            return;
        }
        if (failure instanceof PirateException known) {
            switch (known.reason()) {
                case TIMED_OUT, EXPIRED -> {
                    timedOut.increment();
                    return;
                }
                default -> {
                    // Unexplained.
                }
            }
        }
        unexplained.increment();
        lastUnexplained = failure.toString();
    }

    /** Waits for calls that are open at the end of the window, and returns how many never end. */
    private long hanging() {
        long lastNanos = endNanos + TimeUnit.MILLISECONDS.toNanos(deadlineMillis) + DRAIN_NANOS_MAX;
        while (unfinished.get() > 0 && System.nanoTime() - lastNanos < 0) {
            LockSupport.parkNanos(TICK_NANOS);
        }
        return unfinished.get();
    }

    private Outcome outcome(long offered, long hanging, double seconds) {
        long refusedByClient =
                open.stream().mapToLong(client -> client.stats().rejected()).sum();
        long sent = open.stream()
                .mapToLong(client -> client.stats().requests() + client.stats().retries())
                .sum();
        return new Outcome(
                offered,
                answered.sum(),
                answeredInTime.sum(),
                refusedByClient,
                overloaded.sum() - refusedByClient,
                timedOut.sum(),
                unexplained.sum(),
                hanging,
                lastUnexplained,
                sent,
                Latency.of(nanos, seconds));
    }
}
