package io.privateer.benchmarks;

import io.privateer.pirate.PirateClient;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Jobs that never cease: as soon as one has ended, another begins. Remembers how each ended. Thread-safe. */
final class EndlessJobs implements AutoCloseable {

    private static final int END_SECONDS_MAX = 60;
    private static final int POLL_MILLIS = 1;

    private final PirateClient client;
    private final long jobNanos;
    private final AtomicLong lastId = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private final Map<String, End> ends = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    /**
     * How a job ended.
     *
     * @param by the cluster whose worker answered; empty if nobody did
     */
    record End(String by, long nanos) {}

    EndlessJobs(String frontend, long jobMillis, int inFlight) {
        this.client = PirateClient.connect(frontend);
        this.jobNanos = TimeUnit.MILLISECONDS.toNanos(jobMillis);
        for (int i = 0; i < inFlight; i++) {
            ask();
        }
    }

    private void ask() {
        if (stopping) {
            return;
        }
        String id = "e" + lastId.incrementAndGet();
        open.add(id);
        var unused = client.requestAsync(new Job(id, jobNanos).message()).whenComplete((reply, failure) -> {
            long nowNanos = System.nanoTime();
            ends.put(id, new End(failure == null ? Job.Answer.of(reply).by() : "", nowNanos));
            open.remove(id);
            if (failure == null) {
                ask();
            } else {
                failures.incrementAndGet();
                ForkJoinPool.commonPool().execute(this::ask); // Not deeper and deeper into the stack.
            }
        });
    }

    /** Returns the ids of the jobs under way. */
    Set<String> open() {
        return Set.copyOf(open);
    }

    /** Waits until all these jobs have ended, and returns how. */
    Map<String, End> awaitEnds(Set<String> ids) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_SECONDS_MAX);
        while (!ends.keySet().containsAll(ids)) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new IllegalStateException("requests have not ended after " + END_SECONDS_MAX + " s");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return Map.copyOf(ends);
    }

    /** Forgets how jobs have ended so far. */
    void forget() {
        ends.clear();
    }

    long failures() {
        return failures.get();
    }

    /** Returns how often the client asked again by itself. */
    long retries() {
        return client.stats().retries();
    }

    @Override
    public void close() {
        stopping = true;
        client.close();
    }
}
