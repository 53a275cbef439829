package io.privateer.benchmarks;

import io.privateer.core.Message;
import io.privateer.pirate.PirateClient;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * One window of {@link Job}s, and what became of them. What a request took beyond its own job is called queueing, whatever it
 * was: waiting, the network, a late timer. Its clients share one loop, on whose thread replies come.
 */
final class JobLoad {

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long TRACKED_NANOS_MAX = TimeUnit.MINUTES.toNanos(2);
    private static final long DRAIN_NANOS_MAX = TimeUnit.SECONDS.toNanos(40);

    /**
     * What became of the requests of one window.
     *
     * @param offered requests that were due
     * @param answered those that were answered, however late
     * @param answeredInTime those of them within the window
     * @param prompt those of them that queued for less than a mean job time
     * @param failed those that ended with an exception
     * @param hanging those that had not ended long after the window
     * @param lastFailure in words; empty if there is none
     * @param latency of all that were answered, requests per second within the window
     * @param queueing of the same, without their own job time
     */
    record Outcome(
            long offered,
            long answered,
            long answeredInTime,
            long prompt,
            long failed,
            long hanging,
            String lastFailure,
            Latency latency,
            Latency queueing) {

        boolean isComplete() {
            return offered > 0 && answered == offered;
        }

        /** Returns the share of all requests that queued for less than a mean job time. */
        double promptShare() {
            return (double) prompt / Math.max(1, offered);
        }
    }

    /**
     * How long jobs are.
     *
     * @param exponential whether they are exponentially distributed about the mean, or all as long as that
     */
    record Length(long meanNanos, boolean exponential) {

        long draw(SplittableRandom random) {
            return exponential ? (long) JobLoad.exponential(random, (double) meanNanos) : meanNanos;
        }
    }

    private final List<PirateClient> clients;
    private final Length length;
    private final SplittableRandom random;
    private final long startNanos = System.nanoTime();
    private final long endNanos;
    private final AtomicLong offered = new AtomicLong();
    private final AtomicLong open = new AtomicLong();
    private final LongAdder answered = new LongAdder();
    private final LongAdder answeredInTime = new LongAdder();
    private final LongAdder prompt = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Histogram latencyNanos = new ConcurrentHistogram(TRACKED_NANOS_MAX, 3);
    private final Histogram queueingNanos = new ConcurrentHistogram(TRACKED_NANOS_MAX, 3);
    private volatile String lastFailure = "";

    JobLoad(List<PirateClient> clients, Length length, long windowNanos, long seed) {
        this.clients = clients;
        this.length = length;
        this.random = new SplittableRandom(seed);
        this.endNanos = startNanos + windowNanos;
    }

    /** Draws from the exponential distribution. */
    static double exponential(SplittableRandom random, double mean) {
        return -mean * Math.log1p(-random.nextDouble());
    }

    /** Lets every client keep so many requests under way. */
    void runClosed(int inFlight) {
        for (int slot = 0; slot < inFlight; slot++) {
            clients.forEach(client -> ask(client, System.nanoTime(), true));
        }
        LockSupport.parkNanos(endNanos - System.nanoTime());
        while (System.nanoTime() - endNanos < 0) {
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    /**
     * Lets requests come as a Poisson process, to each client in turn. A late one counts from when it was due, so that a client
     * that is short of processor hides nothing.
     */
    void runOpen(double requestsPerSecond) {
        SplittableRandom arrivals = random.split();
        double meanNanos = 1e9 / requestsPerSecond;
        double dueNanos = exponential(arrivals, meanNanos);
        int turn = 0;
        for (long nowNanos = startNanos; nowNanos - endNanos < 0; nowNanos = System.nanoTime()) {
            while (dueNanos <= nowNanos - startNanos) {
                ask(clients.get(turn), startNanos + (long) dueNanos, false);
                turn = (turn + 1) % clients.size();
                dueNanos += exponential(arrivals, meanNanos);
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    private void ask(PirateClient client, long dueNanos, boolean again) {
        open.incrementAndGet();
        Job job = new Job("j" + offered.incrementAndGet(), draw());
        var unused = client.requestAsync(job.message()).whenComplete((reply, failure) -> {
            long nowNanos = System.nanoTime();
            if (failure != null) {
                failed.increment();
                lastFailure = failure.toString();
            } else {
                note(nowNanos, nowNanos - dueNanos, reply);
                if (again && nowNanos - endNanos < 0) {
                    ask(client, nowNanos, true);
                }
            }
            open.decrementAndGet();
        });
    }

    private long draw() {
        synchronized (random) {
            return length.draw(random);
        }
    }

    private void note(long nowNanos, long tookNanos, Message reply) {
        long queuedNanos = Math.max(0, tookNanos - Job.Answer.of(reply).nanos());
        latencyNanos.recordValue(Math.min(tookNanos, TRACKED_NANOS_MAX));
        queueingNanos.recordValue(Math.min(queuedNanos, TRACKED_NANOS_MAX));
        answered.increment();
        if (queuedNanos < length.meanNanos()) {
            prompt.increment();
        }
        if (nowNanos - endNanos < 0) {
            answeredInTime.increment();
        }
    }

    /** Waits for what is open after the window, and says what became of everything. */
    Outcome outcome() {
        while (open.get() > 0 && System.nanoTime() - endNanos < DRAIN_NANOS_MAX) {
            LockSupport.parkNanos(TICK_NANOS);
        }
        double seconds = (endNanos - startNanos) / 1e9;
        return new Outcome(
                offered.get(),
                answered.sum(),
                answeredInTime.sum(),
                prompt.sum(),
                failed.sum(),
                open.get(),
                lastFailure,
                Latency.of(latencyNanos, answeredInTime.sum(), seconds),
                Latency.of(queueingNanos, answeredInTime.sum(), seconds));
    }
}
