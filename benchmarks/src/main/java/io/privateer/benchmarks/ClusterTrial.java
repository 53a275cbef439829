package io.privateer.benchmarks;

import io.privateer.pirate.PirateClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Three clusters whose brokers are killed, one after the other. Their workers stay: they finish what they are at, which nobody
 * hears of any more, and come back to the broker once it is there again. Not thread-safe.
 */
final class ClusterTrial implements AutoCloseable {

    private static final int CLUSTERS = 3;
    private static final int START_SECONDS_MAX = 60;
    private static final int BEGIN_SECONDS_MAX = 20;
    private static final int POLL_MILLIS = 1;

    private final int workers;
    private final List<Cluster> clusters;
    private final List<Child> crews = new ArrayList<>();

    /** When a cluster's worker began a job, in nanoseconds. */
    private final Map<Begin, Long> begun = new ConcurrentHashMap<>();

    private int strikesTooLate;

    private record Begin(String cluster, String job) {}

    /**
     * What a client saw of the death of its broker.
     *
     * @param firstMillis until the first answer to what it asked then
     * @param againMillis until the answer of each request that the broker's workers were at
     */
    record OwnStrike(double firstMillis, List<Double> againMillis) {}

    ClusterTrial(int workers, int heapMib) throws InterruptedException {
        this.workers = workers;
        this.clusters = Cluster.startAll(CLUSTERS, heapMib);
        for (Cluster cluster : clusters) {
            crews.add(Child.start(
                    "cluster-workers",
                    line -> note(cluster.name(), line),
                    "--cluster=" + cluster.name() + "@" + cluster.backend(),
                    "--count=" + workers,
                    "--tell=all"));
        }
        for (Child crew : crews) {
            crew.await(Roles.READY, START_SECONDS_MAX);
        }
        awaitWhole();
    }

    private void note(String cluster, String line) {
        String[] fields = line.split(" ", -1);
        if (fields[0].equals(Roles.BEGIN)) {
            begun.putIfAbsent(new Begin(cluster, fields[1]), Long.parseLong(fields[2]));
        }
    }

    /** Returns where the cluster whose clients these are is found. */
    String frontend() {
        return clusters.get(0).frontend();
    }

    /** Returns where a client of two clusters finds them. */
    String[] frontends() {
        return new String[] {clusters.get(0).frontend(), clusters.get(1).frontend()};
    }

    /** Returns how many requests a victim had answered just before its death; they are not counted. */
    int strikesTooLate() {
        return strikesTooLate;
    }

    /** Waits until every broker has its workers, and the word of every other on all of theirs; nobody may ask meanwhile. */
    void awaitWhole() throws InterruptedException {
        for (Cluster cluster : clusters) {
            cluster.await(
                    "know all workers",
                    stats -> stats.workers() == workers
                            && stats.creditByPeer().size() == CLUSTERS - 1
                            && stats.credit() == ClusterWorkers.CREDIT * (CLUSTERS - 1) * workers);
        }
    }

    private List<Cluster> othersThan(Cluster one) {
        return clusters.stream().filter(it -> !it.equals(one)).toList();
    }

    /**
     * Kills a broker that has requests of the first one in its workers' hands, and starts it again.
     *
     * @param turn says which of the two that lend
     * @return milliseconds from the kill to the answer of each request that somebody else answered in its place
     */
    List<Double> strikeLender(int turn, EndlessJobs load) throws InterruptedException {
        Cluster victim = clusters.get(1 + turn % (CLUSTERS - 1));
        awaitLending(victim);
        begun.keySet().removeIf(it -> !load.open().contains(it.job()));
        load.forget();
        Set<String> open = load.open();
        long struckNanos = System.nanoTime();
        victim.process().kill();
        Map<String, EndlessJobs.End> ends = load.awaitEnds(open);
        List<Double> millis = new ArrayList<>();
        for (String id : open) {
            Long beganNanos = begun.get(new Begin(victim.name(), id));
            EndlessJobs.End end = ends.get(id);
            if (beganNanos == null || end == null || beganNanos > struckNanos || end.nanos() < struckNanos) {
                continue;
            }
            if (end.by().equals(victim.name())) {
                strikesTooLate++;
            } else if (!end.by().isEmpty()) {
                millis.add((end.nanos() - struckNanos) / 1e6);
            }
        }
        victim.restart(othersThan(victim));
        return millis;
    }

    /** Waits until the first broker's requests are in the hands of all workers of this one, or nearly. */
    private void awaitLending(Cluster lender) throws InterruptedException {
        lender.await("have its workers", stats -> stats.workers() == workers);
        clusters.get(0)
                .await(
                        "send requests to " + lender.name(),
                        stats -> stats.lentByPeer().getOrDefault(lender.name(), 0) > 0);
    }

    /** Kills the broker that {@code client}, which knows the first two, uses, while it holds its requests; starts it again. */
    OwnStrike strikeOwn(String strike, PirateClient client, int jobs, long jobMillis) throws InterruptedException {
        awaitWhole();
        begun.clear();
        // Its own workers come first, so whoever answers says where the client is.
        String own = Job.Answer.of(client.request(new Job(strike + "-probe", 0).message()))
                .by();
        Cluster victim = clusters.stream()
                .filter(cluster -> cluster.name().equals(own))
                .findFirst()
                .orElseThrow();
        Map<String, CompletableFuture<EndlessJobs.End>> held = new HashMap<>();
        for (int i = 0; i < jobs; i++) {
            String id = String.format(Locale.ROOT, "%s-%d", strike, i);
            Job job = new Job(id, TimeUnit.MILLISECONDS.toNanos(jobMillis));
            held.put(id, client.requestAsync(job.message()).thenApply(reply -> {
                long nowNanos = System.nanoTime();
                return new EndlessJobs.End(Job.Answer.of(reply).by(), nowNanos);
            }));
        }
        awaitBegun(own, held.keySet());
        long struckNanos = System.nanoTime();
        victim.process().kill();
        client.request(new Job(strike + "-after", 0).message());
        double firstMillis = (System.nanoTime() - struckNanos) / 1e6;
        List<Double> againMillis = new ArrayList<>();
        for (CompletableFuture<EndlessJobs.End> reply : held.values()) {
            EndlessJobs.End end = reply.join();
            if (end.by().equals(own)) {
                strikesTooLate++;
            } else {
                againMillis.add((end.nanos() - struckNanos) / 1e6);
            }
        }
        victim.restart(othersThan(victim));
        return new OwnStrike(firstMillis, againMillis);
    }

    private void awaitBegun(String cluster, Set<String> jobs) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(BEGIN_SECONDS_MAX);
        while (!jobs.stream().allMatch(job -> begun.containsKey(new Begin(cluster, job)))) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new IllegalStateException(
                        "cluster " + cluster + " has not begun its jobs after " + BEGIN_SECONDS_MAX + " s");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    @Override
    public void close() {
        crews.forEach(Child::close);
        clusters.forEach(Cluster::close);
    }
}
