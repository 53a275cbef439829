package io.privateer.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The broker of one cluster, in all its lives, which have the same endpoints. Not thread-safe. */
final class Cluster implements AutoCloseable {

    static final int DEFAULT_HEAP_MIB = 128;

    private static final int START_SECONDS_MAX = 120;
    private static final int STATS_SECONDS_MAX = 30;
    private static final int POLL_MILLIS = 20;

    private final String name;
    private final int heapMib;
    private Child process;
    private final Endpoints endpoints;

    /** As the broker tells them. */
    private record Endpoints(String frontend, String backend, String cloud, String state) {}

    private Cluster(String name, int heapMib, List<Cluster> peers) throws InterruptedException {
        this.name = name;
        this.heapMib = heapMib;
        this.process = launch(peers);
        // Of its choice: a port that is probed and given back may be a connection's own by the time it is bound.
        String[] told = process.await(Roles.READY, START_SECONDS_MAX).split(" ", -1);
        this.endpoints = new Endpoints(told[0], told[1], told[2], told[3]);
    }

    /** Starts a broker that looks for {@code peers}; returns once it is bound. */
    static Cluster start(String name, int heapMib, List<Cluster> peers) throws InterruptedException {
        return new Cluster(name, heapMib, peers);
    }

    /** Starts so many brokers, of which each knows the first, and waits until each knows all others. */
    static List<Cluster> startAll(int count, int heapMib) throws InterruptedException {
        List<Cluster> clusters = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                clusters.add(
                        start("c" + (i + 1), heapMib, clusters.stream().limit(1).toList()));
            }
            for (Cluster cluster : clusters) {
                cluster.await("know its peers", stats -> stats.creditByPeer().size() == count - 1);
            }
            return clusters;
        } catch (IllegalStateException | InterruptedException e) {
            clusters.forEach(Cluster::close);
            throw e;
        }
    }

    private Child launch(List<Cluster> peers, String... options) {
        List<String> all = new ArrayList<>(List.of("--name=" + name));
        peers.forEach(peer -> all.add("--peer=" + peer.endpoints.state));
        all.addAll(List.of(options));
        return Child.startSmall(heapMib, "cluster-broker", all.toArray(String[]::new));
    }

    /** Starts the broker again where it was. */
    void restart(List<Cluster> peers) throws InterruptedException {
        process.close();
        process = launch(
                peers,
                "--frontend=" + endpoints.frontend,
                "--backend=" + endpoints.backend,
                "--cloud=" + endpoints.cloud,
                "--state=" + endpoints.state);
        process.await(Roles.READY, START_SECONDS_MAX);
    }

    String name() {
        return name;
    }

    String frontend() {
        return endpoints.frontend;
    }

    String backend() {
        return endpoints.backend;
    }

    Child process() {
        return process;
    }

    ProcStat stat() {
        return process.stat();
    }

    ClusterStats stats() throws InterruptedException {
        process.tell(ClusterBroker.STATS);
        return process.result(ClusterStats.class, STATS_SECONDS_MAX);
    }

    /** Waits until the broker says what is expected; {@code what} it does then is for errors. */
    void await(String what, Predicate<ClusterStats> expected) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        ClusterStats last = stats();
        while (!expected.test(last)) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new IllegalStateException(
                        "broker " + name + " does not " + what + " after " + START_SECONDS_MAX + " s: " + last);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            last = stats();
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
