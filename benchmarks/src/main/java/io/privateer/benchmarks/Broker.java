package io.privateer.benchmarks;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands between clients and workers, in a process of its own.
 *
 * @param process what ends it
 * @param pids of the processes whose time and memory count, together
 * @param frontend where clients connect; both places of a pair, with a comma between
 * @param backend where workers connect, likewise
 * @param second what ends the other one, of a pair or of two clusters
 */
record Broker(
        Child process,
        List<Long> pids,
        String frontend,
        String backend,
        @Nullable Child second) implements AutoCloseable {

    Broker(Child process, long pid, String frontend, String backend) {
        this(process, List.of(pid), frontend, backend, null);
    }

    private static final int START_SECONDS_MAX = 30;

    /** Starts a role that says where it can be reached. */
    static Broker start(String role, String... options) throws InterruptedException {
        Child process = Child.start(role, options);
        String[] endpoints = process.await(Roles.READY, START_SECONDS_MAX).split(" ", -1);
        return new Broker(process, process.pid(), endpoints[0], endpoints[1]);
    }

    /** Starts our queue. */
    static Broker queue(String... options) throws InterruptedException {
        return start("queue", options);
    }

    /** Starts a pair of our queues, of which the primary serves. */
    static Broker pair(int heartbeatMillis) throws InterruptedException, IOException {
        return pair(StarServer.pair(), heartbeatMillis);
    }

    /** As the other; what is asked of the one that serves is known to the other one before it is dispatched. */
    static Broker replicatedPair(int heartbeatMillis) throws InterruptedException, IOException {
        StarServer[] pair = StarServer.replicatedPair();
        Broker broker = pair(pair, heartbeatMillis);
        StarServer.awaitInStep(pair);
        return broker;
    }

    /** As the other, with servers that have not been launched. What counts is the one that serves from the start. */
    static Broker pair(StarServer[] pair, int heartbeatMillis) throws InterruptedException {
        pair[0].launch(pair[1], heartbeatMillis, "");
        pair[1].launch(pair[0], heartbeatMillis, "");
        Child active = pair[StarServer.awaitActive(pair)].process;
        return new Broker(
                active,
                List.of(active.pid()),
                pair[0].frontend + "," + pair[1].frontend,
                pair[0].backend + "," + pair[1].backend,
                pair[0].process == active ? pair[1].process : pair[0].process);
    }

    /** Joins two clusters: clients are of the first, workers of the second. */
    static Broker forwarding(Cluster first, Cluster second) {
        Child process = first.process();
        return new Broker(
                process,
                List.of(process.pid(), second.process().pid()),
                first.frontend(),
                second.backend(),
                second.process());
    }

    ProcStat stat() {
        return pids.stream().map(ProcStat::of).reduce(ProcStat::plus).orElseThrow();
    }

    @Override
    public void close() {
        process.close();
        if (second != null) {
            second.close();
        }
    }
}
