package io.privateer.pirate;

import io.privateer.peering.PeerLife;
import io.privateer.peering.PeeringConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What a world of brokers draws before it starts, besides {@link SimSettings}: its faults, its sizes, its times. Immutable. */
final class PeeringShape {

    private static final int BROKERS_MAX = 12;
    private static final int WORKERS_MAX = 300;
    private static final int FEW_WORKERS_MAX = 6;

    /** Longer than what clients ask usually, and shorter than what they ask now and then. */
    static final int SHORT_FRAME_BYTES = 5_000;

    /** What strikes every large world. */
    private static final Set<PeeringFault> LARGE_FAULTS = EnumSet.of(
            PeeringFault.BROKER_CRASH,
            PeeringFault.SWIZZLE,
            PeeringFault.ISOLATION,
            PeeringFault.CLOUD_CUT,
            PeeringFault.STATE_CUT,
            PeeringFault.CLUSTER_WITHOUT_WORKERS);

    private static final int LARGE_CLIENTS_MIN = 24;
    private static final int LARGE_CLIENTS_MAX = 48;
    private static final int LARGE_FAULTY_HEARTBEATS = 20;

    final Set<PeeringFault> faults = EnumSet.noneOf(PeeringFault.class);
    final int brokers;

    /** The broker whose workers offer every service; most clients are elsewhere. */
    final int home;

    final int[] workers;

    /** Which broker each broker is told of, one of those before it. */
    final int[] seeds;

    /** Which brokers each client knows. */
    final List<List<Integer>> clients = new ArrayList<>();

    final long faultyNanos;
    final long stateMinIntervalNanos;
    final long stateIntervalNanos;
    final long capacityTtlNanos;
    final long evasiveAfterNanos;
    final long silentAfterNanos;
    final long expireAfterNanos;

    /** So long a broker may believe in a connection that is broken. */
    final long unnoticedNanosMax;

    private final boolean large;

    /** In which time something strikes at least once. */
    final long strikeEveryNanosMax;

    PeeringShape(SimWorld world, SimSettings settings) {
        this(world, settings, false);
    }

    /** @param large whether there are as many brokers, and each has as many workers, as there may be */
    PeeringShape(SimWorld world, SimSettings settings, boolean large) {
        this.large = large;
        double share = 0.15 + world.random().nextDouble() / 2;
        for (PeeringFault fault : PeeringFault.values()) {
            if (world.chance(share)) {
                faults.add(fault);
            }
        }
        if (large) {
            faults.addAll(LARGE_FAULTS);
        }
        brokers = large ? BROKERS_MAX : brokersOf(world);
        home = world.random().nextInt(brokers);
        workers = new int[brokers];
        drawWorkers(world, settings);
        seeds = new int[brokers];
        boolean chain = world.chance(0.3);
        for (int i = 1; i < brokers; i++) {
            seeds[i] = chain ? i - 1 : world.random().nextInt(i);
        }
        int busy = world.random().nextInt(brokers);
        long count = large ? world.between(LARGE_CLIENTS_MIN, LARGE_CLIENTS_MAX + 1) : world.between(1, 5);
        for (long left = count; left > 0; left--) {
            int first = world.chance(0.6) ? busy : world.random().nextInt(brokers);
            int second = world.random().nextInt(brokers);
            clients.add(first == second || world.chance(0.7) ? List.of(first) : List.of(first, second));
        }
        long heartbeatNanos = settings.heartbeatNanos;
        faultyNanos = large ? LARGE_FAULTY_HEARTBEATS * heartbeatNanos : settings.faultyNanos / world.between(1, 5);
        strikeEveryNanosMax = large ? heartbeatNanos : Math.min(settings.faultEveryNanosMax, faultyNanos / 8);
        stateIntervalNanos = heartbeatNanos * world.between(2, 7) / 4;
        stateMinIntervalNanos = stateIntervalNanos / world.between(2, brokers > 3 ? 4 : 12);
        capacityTtlNanos = stateIntervalNanos * world.between(1, 4);
        evasiveAfterNanos = stateIntervalNanos * world.between(1, 4);
        silentAfterNanos = evasiveAfterNanos + stateIntervalNanos * world.between(1, 6);
        expireAfterNanos = silentAfterNanos + stateIntervalNanos * world.between(1, 12);
        unnoticedNanosMax =
                faults.contains(PeeringFault.HALF_OPEN_CONNECTION) ? SimPipe.unnoticedNanosMax(settings) : 0;
    }

    private void drawWorkers(SimWorld world, SimSettings settings) {
        if (large) {
            Arrays.fill(workers, WORKERS_MAX);
            return;
        }
        for (int i = 0; i < brokers; i++) {
            workers[i] = (int) world.between(0, Math.min(FEW_WORKERS_MAX, 12 / brokers) + 1);
        }
        workers[home] = Math.max(workers[home], settings.services.size());
        if (world.chance(0.003)) {
            workers[world.random().nextInt(brokers)] = (int) world.between(WORKERS_MAX / 2, WORKERS_MAX + 1);
        }
    }

    /** Returns what a worker of a broker offers. Of many workers some are always free: so those of one broker offer one thing, and lend that. */
    String serviceOf(int broker, int worker, List<String> services) {
        return services.get((large && broker != home ? broker : worker) % services.size());
    }

    /** Makes some brokers with the usual times, which nothing happens to; the first is the seed of all. */
    PeeringShape(int brokers) {
        large = false;
        this.brokers = brokers;
        home = 0;
        workers = new int[brokers];
        seeds = new int[brokers];
        faultyNanos = 0;
        strikeEveryNanosMax = 0;
        stateMinIntervalNanos = PeeringConfig.DEFAULT_STATE_MIN_INTERVAL.toNanos();
        stateIntervalNanos = PeeringConfig.DEFAULT_STATE_INTERVAL.toNanos();
        capacityTtlNanos = PeeringConfig.DEFAULT_CAPACITY_TTL.toNanos();
        evasiveAfterNanos = PeeringConfig.DEFAULT_EVASIVE_AFTER.toNanos();
        silentAfterNanos = PeeringConfig.DEFAULT_SILENT_AFTER.toNanos();
        expireAfterNanos = PeeringConfig.DEFAULT_EXPIRE_AFTER.toNanos();
        unnoticedNanosMax = 0;
    }

    private static int brokersOf(SimWorld world) {
        double kind = world.random().nextDouble();
        if (kind < 0.88) {
            return (int) world.between(2, 4);
        }
        return (int) (kind < 0.98 ? world.between(4, 6) : world.between(6, BROKERS_MAX + 1));
    }

    /** Returns what a broker takes of others, in bytes per frame. */
    int frameBytesMax(int broker) {
        return faults.contains(PeeringFault.SHORT_FRAMES) && broker % 2 == 1 ? SHORT_FRAME_BYTES : Integer.MAX_VALUE;
    }

    PeerLife.Setup setup(SimBroker broker, List<String> seedEndpoints) {
        return new PeerLife.Setup(
                broker.name,
                broker.stateEndpoint(),
                broker.cloudEndpoint(),
                seedEndpoints,
                stateMinIntervalNanos,
                stateIntervalNanos,
                capacityTtlNanos,
                evasiveAfterNanos,
                silentAfterNanos,
                expireAfterNanos);
    }

    /** Returns in which time a broker speaks at least once, and looks after its peers. */
    long beatNanos() {
        return Math.max(stateMinIntervalNanos, stateIntervalNanos / 4);
    }

    /** Returns after which time a message is heard again: not so late that its sender may be forgotten by then. */
    long repeatNanos(SimWorld world) {
        return world.between(0, 2 * evasiveAfterNanos);
    }

    /** After so long without faults everybody knows everybody. */
    long convergeNanos() {
        return 2 * expireAfterNanos + brokers * 2L * stateIntervalNanos;
    }

    @Override
    public String toString() {
        return "faults=" + faults + " brokers=" + brokers + " home=" + home + " workers=" + Arrays.toString(workers)
                + " seeds=" + Arrays.toString(seeds) + " clients=" + clients + " stateMinInterval="
                + stateMinIntervalNanos + " stateInterval=" + stateIntervalNanos + " capacityTtl=" + capacityTtlNanos
                + " evasive=" + evasiveAfterNanos + " silent=" + silentAfterNanos + " expire=" + expireAfterNanos;
    }
}
