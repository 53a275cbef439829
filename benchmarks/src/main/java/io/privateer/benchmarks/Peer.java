package io.privateer.benchmarks;

import java.util.Locale;
import java.util.Optional;

/** Who is compared. */
enum Peer {
    /** Our client, queue and worker. */
    PRIVATEER,
    /** The same with a queue that does without what makes it reliable: what does that cost? */
    UNRELIABLE,
    /** JeroMQ's DEALER, {@code ZMQ.proxy} and DEALER. */
    RAW,
    /** NATS request-reply with a queue group. */
    NATS;

    /** Returns why this peer cannot be measured here, and what to do about it. */
    Optional<String> whySkipped(String searchPath) {
        return this == NATS && NatsPeer.find(searchPath).isEmpty()
                ? Optional.of(
                        "nats is skipped: there is no nats-server on the PATH; on Debian: apt-get install nats-server")
                : Optional.empty();
    }

    /** Starts broker and workers. */
    Setup start(int workers, Tuning tuning) throws InterruptedException {
        return switch (this) {
            case PRIVATEER ->
                new Setup(
                        Broker.queue(tuning.queueOptions(tuning.isReliable())),
                        workers,
                        "pirate-worker",
                        tuning.workerOptions());
            case UNRELIABLE ->
                new Setup(Broker.queue(tuning.queueOptions(false)), workers, "pirate-worker", tuning.workerOptions());
            case RAW -> new Setup(Broker.start("proxy"), workers, "raw-worker");
            case NATS -> new Setup(NatsPeer.server(), workers, "nats-worker");
        };
    }

    /** Opens the client, in the process that puts load on it. */
    Asker asker(String frontend, int sizeBytes, int inFlight, Tuning tuning) throws InterruptedException {
        return switch (this) {
            case PRIVATEER, UNRELIABLE -> new PrivateerPeer(frontend, sizeBytes, inFlight, tuning);
            case RAW -> new RawPeer(frontend, sizeBytes);
            case NATS -> new NatsPeer(frontend, sizeBytes, tuning.isSync());
        };
    }

    /** As on the command line and in results. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
