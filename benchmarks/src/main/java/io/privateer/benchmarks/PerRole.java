package io.privateer.benchmarks;

/** One figure for each kind of process, that of the workers summed over them. */
record PerRole(double client, double queue, double workers, double total) {

    PerRole(double client, double queue, double workers) {
        this(client, queue, workers, client + queue + workers);
    }

    PerRole minus(PerRole other) {
        return new PerRole(client - other.client, queue - other.queue, workers - other.workers);
    }

    PerRole times(double factor) {
        return new PerRole(client * factor, queue * factor, workers * factor);
    }
}
