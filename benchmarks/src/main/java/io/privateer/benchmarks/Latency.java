package io.privateer.benchmarks;

import org.HdrHistogram.Histogram;

/** What a load generator saw in one window. */
record Latency(long requests, double seconds, double p50Micros, double p99Micros, double maxMicros) {

    private static final double NANOS_PER_MICRO = 1_000;

    static Latency of(Histogram nanos, double seconds) {
        return of(nanos, nanos.getTotalCount(), seconds);
    }

    /** For a window after which the histogram went on counting. */
    static Latency of(Histogram nanos, long requests, double seconds) {
        return new Latency(
                requests,
                seconds,
                nanos.getValueAtPercentile(50) / NANOS_PER_MICRO,
                nanos.getValueAtPercentile(99) / NANOS_PER_MICRO,
                nanos.getMaxValue() / NANOS_PER_MICRO);
    }

    double requestsPerSecond() {
        return requests / seconds;
    }
}
