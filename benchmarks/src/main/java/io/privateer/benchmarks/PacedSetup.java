package io.privateer.benchmarks;

import io.privateer.core.Settings;
import picocli.CommandLine.Option;

/** A queue with known bounds, and workers that can serve a known number of requests a second. */
final class PacedSetup {

    /** What the queue needs for a request beyond its bytes, rounded up. */
    private static final long RECORD_BYTES = 1_024;

    /** What a connection has in its buffers, in JeroMQ and in the queue, at most: messages of 128 KiB, 64 of them twice. */
    private static final long CONNECTION_BYTES = 16L << 20;

    @Option(names = "--workers", defaultValue = "4", description = "worker processes (default ${DEFAULT-VALUE})")
    int workers;

    @Option(names = "--threads", defaultValue = "5", description = "handlers in each (default ${DEFAULT-VALUE})")
    int threads;

    @Option(
            names = "--credit",
            paramLabel = "N",
            description = "deliveries that a worker holds (default twice --threads)")
    int credit;

    @Option(names = "--work-millis", defaultValue = "10", description = "length of a job (default ${DEFAULT-VALUE})")
    long workMillis;

    @Option(names = "--size", defaultValue = "64", description = "bytes per request (default ${DEFAULT-VALUE})")
    int sizeBytes;

    @Option(
            names = "--pending-max",
            defaultValue = "500",
            description = "requests that wait in the queue (default ${DEFAULT-VALUE})")
    int pendingMax;

    @Option(
            names = "--dedupe-max",
            defaultValue = "20000",
            description = "ends that the queue keeps (default ${DEFAULT-VALUE})")
    int dedupeMax;

    void validate() {
        Settings.check(workers >= 1 && workers <= 64, "--workers", "from 1 to 64", workers);
        Settings.check(threads >= 1 && threads <= 64, "--threads", "from 1 to 64", threads);
        Settings.check(credit == 0 || credit >= threads, "--credit", "at least --threads", credit);
        Settings.check(workMillis >= 1 && workMillis <= 10_000, "--work-millis", "from 1 to 10000", workMillis);
        Settings.check(sizeBytes >= 1 && sizeBytes <= 1 << 20, "--size", "from 1 to 1048576", sizeBytes);
        Settings.check(pendingMax >= 1 && pendingMax <= 1_000_000, "--pending-max", "from 1 to 1000000", pendingMax);
        Settings.check(dedupeMax >= 0 && dedupeMax <= 1_000_000, "--dedupe-max", "from 0 to 1000000", dedupeMax);
    }

    /** Starts queue and workers. */
    Setup start() throws InterruptedException {
        Broker queue = Broker.start(
                "bounded-queue",
                "--pending-max",
                Integer.toString(pendingMax),
                "--pending-bytes-max",
                Long.toString(pendingBytesMax()),
                "--dedupe-max",
                Integer.toString(dedupeMax),
                "--dedupe-bytes-max",
                Long.toString(dedupeBytesMax()));
        return new Setup(
                queue,
                workers,
                "paced-worker",
                "--work-millis",
                Long.toString(workMillis),
                "--threads",
                Integer.toString(threads),
                "--credit",
                Integer.toString(credit == 0 ? 2 * threads : credit));
    }

    /** Starts a client process with so many requests of the size that the queue is made for under way. */
    Child client(Setup setup, int inFlight) {
        return Child.start(
                "peer-client",
                "--peer",
                "privateer",
                "--frontend",
                setup.frontend(),
                "--size",
                Integer.toString(sizeBytes),
                "--in-flight",
                Integer.toString(inFlight));
    }

    /** Returns the requests that all handlers work on at a time. */
    int handlers() {
        return workers * threads;
    }

    private long pendingBytesMax() {
        return (long) pendingMax * sizeBytes;
    }

    private long dedupeBytesMax() {
        return Math.max(1, (long) dedupeMax * sizeBytes);
    }

    /** Returns how much more than an idle queue this one may ever hold, as it is configured. */
    long heapGrowthBytesMax(int clients) {
        long requests = pendingBytesMax() + (long) pendingMax * RECORD_BYTES;
        long ends = dedupeBytesMax() + (long) dedupeMax * RECORD_BYTES;
        return requests + ends + clients * CONNECTION_BYTES;
    }
}
