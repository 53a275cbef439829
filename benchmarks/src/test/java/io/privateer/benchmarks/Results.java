package io.privateer.benchmarks;

import io.privateer.benchmarks.Result.Micros;

/** Results made up for tests. */
final class Results {

    private Results() {}

    /** One round whose latencies and costs all follow from {@code requestsPerSecond}. */
    static Result of(Peer peer, int inFlight, int round, double requestsPerSecond) {
        double micros = 1e6 / requestsPerSecond;
        return new Result(
                peer.toString(),
                64,
                inFlight,
                4,
                round,
                requestsPerSecond,
                new Micros(micros, 2 * micros, 3 * micros),
                new PerRole(1, 2, 3),
                new PerRole(10, 20, 30));
    }
}
