package io.privateer.benchmarks;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.privateer.benchmarks.Lane.Round;

/**
 * One window of one peer, as it stands in the JSON that {@code bench} writes.
 *
 * @param round from 1
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Result(
        String peer,
        int size,
        int inFlight,
        int workers,
        int round,
        double requestsPerSecond,
        Micros latencyMicros,
        PerRole cpuSecondsPerMillion,
        PerRole residentMiB) {

    /** Latencies in microseconds. */
    record Micros(double p50, double p99, double max) {}

    static Result of(Peer peer, Cell cell, int round, Round measured) {
        Latency latency = measured.latency();
        return new Result(
                peer.toString(),
                cell.size(),
                cell.inFlight(),
                cell.workers(),
                round,
                rounded(latency.requestsPerSecond(), 10),
                new Micros(
                        rounded(latency.p50Micros(), 10),
                        rounded(latency.p99Micros(), 10),
                        rounded(latency.maxMicros(), 10)),
                rounded(measured.cpuSecondsPerMillion(), 1_000),
                rounded(measured.residentMiB(), 10));
    }

    Cell cell() {
        return new Cell(size, inFlight, workers);
    }

    private static PerRole rounded(PerRole value, double parts) {
        return new PerRole(
                rounded(value.client(), parts),
                rounded(value.queue(), parts),
                rounded(value.workers(), parts),
                rounded(value.total(), parts));
    }

    private static double rounded(double value, double parts) {
        return Math.round(value * parts) / parts;
    }
}
