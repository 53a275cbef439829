package io.privateer.pirate;

import io.privateer.core.Backoff;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What a world draws before it starts: its faults, its sizes and everybody's settings. Immutable. */
final class SimSettings {

    private static final long MILLI = 1_000_000;

    /** The longest heartbeat and the number of heartbeats with faults give the longest time with faults. */
    private static final long HEARTBEAT_NANOS_MAX = 500 * MILLI;

    private static final int FAULTY_HEARTBEATS = 50;

    /** More than twice its first credit a worker does not take. */
    private static final int CREDITS_MAX = 2;

    /** Peers of the pirate dialects know the first alone. */
    private static final List<String> SERVICES = List.of("", "one", "two");

    static final long FAULTY_NANOS_MAX = FAULTY_HEARTBEATS * HEARTBEAT_NANOS_MAX;

    final Set<SimFault> faults = EnumSet.noneOf(SimFault.class);
    final QueueSettings queue;
    final long heartbeatNanos;
    final long faultyNanos;
    final long faultEveryNanosMax;
    final int queues;
    final int pirateWorkers;
    final int guideWorkers;
    final int simpleWorkers;
    final int clients;
    final int crowds;
    final long thinkNanosMax;
    final long workNanosMax;
    final Backoff reconnect;
    final Backoff retry;
    final RequestOptions calls;

    final boolean prv;
    final int prvWorkers;
    final int prvClients;
    final List<String> services;
    final int credit;
    final int concurrency;
    final Duration callDeadline;
    final Duration callAttemptTimeout;
    final double retryBudget;
    private boolean calm;

    SimSettings(SimWorld world, boolean prv) {
        this(world, prv, false);
    }

    /** @param beats whether all queues do: brokers are no Simple Pirates */
    SimSettings(SimWorld world, boolean prv, boolean beats) {
        this.prv = prv;
        double share = 0.25 + world.random().nextDouble() / 2;
        for (SimFault fault : SimFault.values()) {
            if (world.chance(share)) {
                faults.add(fault);
            }
        }
        heartbeatNanos = world.between(20, HEARTBEAT_NANOS_MAX / MILLI) * MILLI;
        queue = queueSettings(world, beats);
        faultyNanos = FAULTY_HEARTBEATS * heartbeatNanos;
        faultEveryNanosMax = world.between(heartbeatNanos / 2, 10 * heartbeatNanos);
        queues = world.chance(0.25) ? 2 : 1;
        pirateWorkers = (int) (prv ? world.between(0, 2) : world.between(1, 4));
        guideWorkers = (int) world.between(0, prv ? 2 : 3);
        simpleWorkers = (int) world.between(0, prv ? 1 : 3);
        clients = (int) (prv ? world.between(0, 3) : world.between(1, 6));
        crowds = (int) world.between(0, prv ? 2 : 3);
        thinkNanosMax = world.between(heartbeatNanos / 20, 2 * heartbeatNanos);
        workNanosMax = heartbeatNanos / (faults.contains(SimFault.OVERLOAD) ? 2 : 10);
        reconnect = Backoff.exponential(millis(heartbeatNanos / 2), millis(reconnectNanosMax()), 0.5);
        retry = Backoff.exponential(millis(heartbeatNanos / 4), millis(retryNanosMax()), world.chance(0.5) ? 0 : 1);
        RequestOptions options = RequestOptions.defaults()
                .withAttemptTimeout(Duration.ofNanos(heartbeatNanos * world.between(3, 20)))
                .withAttemptsMax((int) world.between(1, 5));
        calls = world.chance(0.5)
                ? options
                : options.withDeadline(Duration.ofNanos(heartbeatNanos * world.between(4, 40)));
        prvWorkers = prv ? (int) world.between(1, 4) : 0;
        prvClients = prv ? (int) world.between(1, 4) : 0;
        services = SERVICES.subList(0, (int) world.between(1, Math.min(SERVICES.size(), Math.max(1, prvWorkers)) + 1));
        concurrency = prv ? (int) world.between(1, 4) : 1;
        credit = prv ? concurrency + (int) world.between(0, 4) : 1;
        callAttemptTimeout = Duration.ofNanos(heartbeatNanos * (prv ? world.between(2, 16) : 0));
        callDeadline = Duration.ofNanos(prv ? callDeadlineNanos(world) : 0);
        retryBudget = prv && world.chance(0.5) ? 1 : 0.1;
    }

    private QueueSettings queueSettings(SimWorld world, boolean beats) {
        int liveness = (int) world.between(2, 5);
        long leaseNanos = heartbeatNanos * world.between(4, 20);
        boolean overload = faults.contains(SimFault.OVERLOAD);
        return new QueueSettings(
                world.chance(0.85) || beats,
                heartbeatNanos,
                liveness,
                leaseNanos,
                world.chance(0.2) ? 0 : world.between(heartbeatNanos / 5, 3 * heartbeatNanos),
                (int) world.between(1, 6),
                overload ? (int) world.between(1, 16) : 1_000,
                overload && world.chance(0.5) ? 100 : 1_000_000,
                overload && world.chance(0.5) ? 50 : 1_000_000,
                heartbeatNanos * world.between(3, 30),
                1_000,
                1_000,
                new QueueSettings.Dedupe(dedupeCountMax(world), 1_000_000, 100 * heartbeatNanos),
                heartbeatNanos / 10,
                1 << 20);
    }

    /** Mostly so short that some calls meet it; sometimes so long that none does, and all must end for another reason. */
    private long callDeadlineNanos(SimWorld world) {
        return world.chance(0.8) ? heartbeatNanos * world.between(8, 40) : faultyNanos + callsEndNanos();
    }

    /** Nearly always enough, sometimes too few, sometimes none. */
    private int dedupeCountMax(SimWorld world) {
        if (!prv || world.chance(0.75)) {
            return 1_000;
        }
        return (int) world.between(0, 4);
    }

    private static Duration millis(long nanos) {
        return Duration.ofMillis(Math.max(1, nanos / MILLI));
    }

    /** From here on loops are never late, and messages never slow: what is measured is what the queues do. */
    void calm() {
        calm = true;
    }

    /** How late a loop may run what is due: a busy machine, a collected heap. */
    long lagNanosMax() {
        return calm ? MILLI / 100 : heartbeatNanos / 20;
    }

    /** How long a message may fly while its path is not cut. */
    long flightNanosMax() {
        return calm ? MILLI / 10 : heartbeatNanos / 3;
    }

    /** The most deliveries that a worker will ever hold. */
    int creditMax() {
        return prv ? CREDITS_MAX * credit : 1;
    }

    /** The longest a worker waits before it tries the queue again. */
    long reconnectNanosMax() {
        return 4 * heartbeatNanos;
    }

    /** The longest a client waits before it asks again. */
    long retryNanosMax() {
        return 2 * heartbeatNanos;
    }

    /** After so long without faults, everything that they left behind is over. */
    long settleNanos() {
        return 4 * queue.leaseNanos()
                + 4 * queue.silenceNanos()
                + 20 * heartbeatNanos
                + callNanosMax()
                + callDeadline.toNanos();
    }

    /** How long a queue may not know a peer that has a connection to it: until that says something, and is asked who it is. */
    long unknownNanosMax() {
        return 5 * heartbeatNanos / 2;
    }

    /** After so long without faults, a peer of PRV/1 has found its silent queue out, and another connection. */
    long recoveryNanosMax() {
        return queue.silenceNanos() + reconnectNanosMax() + 3 * heartbeatNanos;
    }

    /** After so long without faults, no call of PRV/1 is open but for want of retries. Hanging handlers may take three leases. */
    long callsEndNanos() {
        return 4 * queue.leaseNanos() + recoveryNanosMax() + callAttemptTimeout.toNanos() + 4 * heartbeatNanos;
    }

    /** How long one call may last. */
    long callNanosMax() {
        long attempts = calls.attemptsMax();
        long allAttemptsNanos = attempts * calls.attemptTimeout().toNanos() + (attempts - 1) * retryNanosMax();
        long boundNanos = calls.deadline()
                .map(deadline -> Math.min(deadline.toNanos(), allAttemptsNanos))
                .orElse(allAttemptsNanos);
        return boundNanos + (attempts + 1) * lagNanosMax();
    }

    @Override
    public String toString() {
        return "faults=" + faults + " " + queue + " " + calls + " queues=" + queues + " pirateWorkers=" + pirateWorkers
                + " guideWorkers=" + guideWorkers + " simpleWorkers=" + simpleWorkers + " clients=" + clients
                + " crowds=" + crowds + " prvWorkers=" + prvWorkers + " prvClients=" + prvClients
                + " services=" + services + " credit=" + credit
                + " concurrency=" + concurrency + " callDeadline=" + callDeadline + " retryBudget=" + retryBudget;
    }
}
