package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Brokers that nothing happens to, with the usual times, and a load that all enters the first: how long do jobs wait? */
final class LoadSim extends PeeringSim {

    private static final long HEARTBEAT_NANOS_MIN = 250_000_000;

    private final Load load;
    private final Map<String, Long> askedAtNanos = new HashMap<>();
    private final List<Long> waitedNanos = new ArrayList<>();

    /**
     * What there is to do.
     *
     * @param workers of each broker
     * @param credit of each worker, which does one job at a time
     * @param share of what all workers together could do
     */
    record Load(int brokers, int workers, int credit, Duration job, double share, Duration time) {}

    /**
     * What came of it.
     *
     * @param atOnce which share of the jobs began within the mean time of one
     */
    record Result(double atOnce, double medianMillis, double p99Millis, int jobs, long lent, long refused) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "atOnce=%.4f waitMedian=%.2f ms waitP99=%.1f ms jobs=%d lent=%d refused=%d",
                    atOnce,
                    medianMillis,
                    p99Millis,
                    jobs,
                    lent,
                    refused);
        }
    }

    private LoadSim(SimWorld world, SimSettings settings, Load load) {
        super(world, settings, new PeeringShape(load.brokers));
        this.load = load;
        settings.calm();
        for (SimQueue queue : queues) {
            for (int i = 0; i < load.workers; i++) {
                workers.add(new LoadWorker(this, queue.name + "w" + i, queue, load.credit));
            }
        }
    }

    /** Runs the first world from {@code seed} on whose queues have room, and time for long jobs. */
    static Result run(long seed, Load load) {
        SimWorld world = new SimWorld(seed, false);
        SimSettings settings = new SimSettings(world, true, true);
        boolean fit = !settings.faults.contains(SimFault.OVERLOAD)
                && settings.heartbeatNanos > HEARTBEAT_NANOS_MIN
                && settings.queue.leaseNanos() > 12 * load.job.toNanos()
                && settings.queue.deliveriesMax() > 2;
        return fit ? new LoadSim(world, settings, load).result() : run(seed + 1, load);
    }

    private Result result() {
        LoadClient client = new LoadClient(this, "client", queues.get(0));
        endFaults();
        queues.forEach(SimProcess::start);
        workers.forEach(SimProcess::start);
        client.start();
        runUntil(judge::isConverged, shape.convergeNanos());
        judge.checkConverged();
        client.asks(true);
        world.runFor(load.time.toNanos());
        client.asks(false);
        world.runFor(40 * load.job.toNanos());
        check(client.isAnswered(), "every request is answered", waitedNanos.size());
        waitedNanos.sort(null);
        int jobs = waitedNanos.size();
        long atOnce = waitedNanos.stream()
                .filter(nanos -> nanos <= load.job.toNanos())
                .count();
        QueueStats stats = queues.get(0).stats();
        return new Result(
                (double) atOnce / jobs,
                waitedNanos.get(jobs / 2) / 1e6,
                waitedNanos.get(jobs * 99 / 100) / 1e6,
                jobs,
                stats.lent(),
                stats.refusedByLenders());
    }

    /** Returns when the next job comes. */
    long gapNanos() {
        return exponential(load.job.toNanos() / (load.share * load.brokers * load.workers));
    }

    /** Returns how long a job takes. */
    long jobNanos() {
        return exponential((double) load.job.toNanos());
    }

    private long exponential(double mean) {
        return (long) (-mean * Math.log(1 - world.random().nextDouble()));
    }

    void asks(byte[][] body) {
        askedAtNanos.put(SimContent.text(body), world.now());
    }

    void begins(byte[][] body) {
        waitedNanos.add(world.now() - Objects.requireNonNull(askedAtNanos.get(SimContent.text(body))));
    }
}
