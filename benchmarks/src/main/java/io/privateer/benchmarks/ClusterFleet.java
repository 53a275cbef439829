package io.privateer.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Many clusters: a process for each broker, some for the workers of all, one for all clients, half of whom are clients of the first
 * cluster. Not thread-safe.
 */
final class ClusterFleet implements AutoCloseable {

    private static final int START_SECONDS_MAX = 120;
    private static final int WORKERS_HEAP_MIB = 1_024;
    private static final int SEED = 1;

    /** What a broker has open for a connection, and for itself and each peer; measured, and rounded up. */
    private static final int FILES_PER_BROKER = 200;

    /** A socket of a worker has its connection and what its loop waits for: 5 were counted. */
    private static final int FILES_PER_WORKER = 6;

    /**
     * How large it is.
     *
     * @param workersPerCluster sockets of their own
     * @param workerProcesses among which the clusters' workers are divided
     * @param inFlight requests that each client keeps under way
     */
    record Size(
            int clusters,
            int workersPerCluster,
            int workerProcesses,
            int clients,
            int inFlight,
            long workMillis,
            int heapMib) {

        /** As this, with so many clusters. */
        Size withClusters(int count) {
            return new Size(count, workersPerCluster, workerProcesses, clients, inFlight, workMillis, heapMib);
        }

        /** Returns how many clients each cluster has: half of all the first, the others one after the other of the rest. */
        List<Integer> clientsByCluster() {
            List<Integer> counts = new ArrayList<>(Collections.nCopies(clusters, 0));
            int atFirst = clusters == 1 ? clients : (clients + 1) / 2;
            counts.set(0, atFirst);
            for (int i = 0; i < clients - atFirst; i++) {
                int cluster = 1 + i % (clusters - 1);
                counts.set(cluster, counts.get(cluster) + 1);
            }
            return counts;
        }

        /** Refuses what would run into the limit of open files. */
        void checkFiles(long limit) {
            OpenFiles.require(
                    limit,
                    workersPerCluster + clients + (long) FILES_PER_BROKER,
                    "a broker with " + workersPerCluster + " workers and up to " + clients + " clients");
            int clustersEach = (clusters + workerProcesses - 1) / workerProcesses;
            long workersEach = (long) clustersEach * workersPerCluster;
            OpenFiles.require(
                    limit,
                    FILES_PER_WORKER * workersEach + FILES_PER_BROKER,
                    "a process with " + workersEach + " workers; more --worker-processes need fewer in each");
        }
    }

    /**
     * One broker in one window.
     *
     * @param stateBytesPerSecond what it said of itself
     * @param stateBytesSentPerSecond the same, to every peer
     */
    record BrokerUse(
            String name,
            double cpuPercent,
            double residentMiB,
            long descriptors,
            double stateMessagesPerSecond,
            double stateBytesPerSecond,
            double stateBytesSentPerSecond,
            ClusterStats counts) {

        private static final double KIB_PER_MIB = 1024;

        static BrokerUse of(String name, ProcStat before, ProcStat after, ClusterStats counts) {
            double seconds = (after.readNanos() - before.readNanos()) / 1e9;
            return new BrokerUse(
                    name,
                    after.cpuPercentSince(before),
                    after.residentKib() / KIB_PER_MIB,
                    after.descriptors(),
                    counts.stateMessages() / seconds,
                    counts.stateBytes() / seconds,
                    counts.stateBytesSent() / seconds,
                    counts);
        }
    }

    /** One window. */
    record Window(JobLoad.Outcome outcome, List<BrokerUse> brokers) {}

    /**
     * How a cluster was received that joined under load.
     *
     * @param firstTaskMillis from when its broker's process said that it is ready, and its workers were told to begin, until one
     *     of them began its first job; NaN if none did
     */
    record Join(double firstTaskMillis, JobLoad.Outcome outcome) {}

    private final Size size;
    private final List<Cluster> clusters;
    private final List<Child> crews = new ArrayList<>();
    private final Child clients;

    ClusterFleet(Size size) throws InterruptedException {
        this.size = size;
        this.clusters = Cluster.startAll(size.clusters, size.heapMib);
        for (int process = 0; process < Math.min(size.workerProcesses, size.clusters); process++) {
            crews.add(crew(process));
        }
        for (Child crew : crews) {
            crew.await(Roles.READY, START_SECONDS_MAX);
        }
        for (Cluster cluster : clusters) {
            cluster.await("have its workers", stats -> stats.workers() == size.workersPerCluster);
        }
        List<String> options = new ArrayList<>();
        List<Integer> counts = size.clientsByCluster();
        for (int i = 0; i < size.clusters; i++) {
            options.add("--clients=" + counts.get(i) + "@" + clusters.get(i).frontend());
        }
        options.addAll(List.of(
                "--in-flight=" + size.inFlight, "--work-millis=" + size.workMillis, "--exponential", "--seed=" + SEED));
        clients = Child.start("job-clients", options.toArray(String[]::new));
        clients.await(Roles.READY, START_SECONDS_MAX);
    }

    private Child crew(int process) {
        List<String> options = new ArrayList<>(List.of("--count=" + size.workersPerCluster));
        for (int i = process; i < size.clusters; i += size.workerProcesses) {
            options.add("--cluster=" + clusters.get(i).name() + "@"
                    + clusters.get(i).backend());
        }
        return Child.startSmall(WORKERS_HEAP_MIB, "cluster-workers", options.toArray(String[]::new));
    }

    /** Puts load on all, and forgets what became of it. */
    void warmUp(int seconds) throws InterruptedException {
        if (seconds > 0) {
            JobClients.measure(clients, TimeUnit.SECONDS.toMillis(seconds));
        }
    }

    /** Puts load on all for so long. */
    Window measure(int seconds) throws InterruptedException {
        long millis = TimeUnit.SECONDS.toMillis(seconds);
        List<ProcStat> before = new ArrayList<>();
        List<ClusterStats> countsBefore = new ArrayList<>();
        clients.tell("measure " + millis);
        for (Cluster cluster : clusters) {
            countsBefore.add(cluster.stats());
            before.add(cluster.stat());
        }
        // What is read ends before the load does.
        TimeUnit.MILLISECONDS.sleep(millis * 9 / 10);
        List<BrokerUse> brokers = new ArrayList<>();
        for (int i = 0; i < clusters.size(); i++) {
            Cluster cluster = clusters.get(i);
            ClusterStats counts = cluster.stats().since(countsBefore.get(i));
            brokers.add(BrokerUse.of(cluster.name(), before.get(i), cluster.stat(), counts));
        }
        return new Window(JobClients.result(clients, millis), brokers);
    }

    /** Lets one more cluster join while there is load for so long. It ends without a word, as if it were killed. */
    Join join(String name, int seconds) throws InterruptedException {
        long millis = TimeUnit.SECONDS.toMillis(seconds);
        try (Child crew = Child.startSmall(
                WORKERS_HEAP_MIB, "cluster-workers", "--count=" + size.workersPerCluster, "--tell=first")) {
            crew.await(Roles.READY, START_SECONDS_MAX);
            clients.tell("measure " + millis);
            try (Cluster cluster = Cluster.start(name, size.heapMib, clusters.subList(0, 1))) {
                long readyNanos = System.nanoTime();
                crew.tell(ClusterWorkers.WORK + " " + name + "@" + cluster.backend());
                JobLoad.Outcome outcome = JobClients.result(clients, millis);
                try {
                    long beganNanos = Long.parseLong(crew.await(Roles.BEGIN, 1).split(" ", -1)[1]);
                    return new Join((beganNanos - readyNanos) / 1e6, outcome);
                } catch (IllegalStateException e) {
                    System.out.println(name + " has had no task: " + e.getMessage() + "; " + cluster.stats());
                    return new Join(Double.NaN, outcome);
                }
            }
        }
    }

    @Override
    public void close() {
        clients.close();
        crews.forEach(Child::close);
        clusters.forEach(Cluster::close);
    }
}
