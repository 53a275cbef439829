package io.privateer.samples.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Plans whom to hurt and when: the same seed, the same plan. */
final class Nemesis {

    private static final long FIRST_MILLIS_MIN = 1_000;
    private static final long GAP_MILLIS_MIN = 1_000;
    private static final long GAP_MILLIS_SPREAD = 1_000;

    /** Every fault is over, detected and healed before the load ends. */
    private static final long CALM_END_MILLIS = 2_500;

    private static final long PAIR_GAP_MILLIS_MIN = 4_000;

    /** A frozen server has been replaced, is awake again and knows it. */
    private static final long PAIR_CALM_END_MILLIS = 5_000;

    private static final int PAIR_KILL_PERCENT = 50;
    private static final int KILL_PERCENT = 70;
    private static final int BUSY_PERCENT = 85;

    /** A restarted broker has found the others, and its workers have found it. */
    private static final long CLUSTERS_CALM_END_MILLIS = 4_000;

    private Nemesis() {}

    /** Returns the faults in order of time. The first is a kill and the second a freeze, so a short demo shows both. */
    static List<Fault> plan(long seed, int workers, Duration load) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Fault> plan = new ArrayList<>();
        long atMillis = FIRST_MILLIS_MIN + random.nextLong(GAP_MILLIS_SPREAD / 2);
        while (atMillis <= load.toMillis() - CALM_END_MILLIS) {
            boolean drawnToKill = random.nextInt(100) < KILL_PERCENT;
            boolean kill = plan.isEmpty() || (plan.size() > 1 && drawnToKill);
            int worker = random.nextInt(workers);
            boolean whileBusy = random.nextInt(100) < BUSY_PERCENT;
            plan.add(new Fault(
                    kill ? Fault.Kind.KILL : Fault.Kind.FREEZE, Duration.ofMillis(atMillis), worker, whileBusy));
            atMillis += GAP_MILLIS_MIN + random.nextLong(GAP_MILLIS_SPREAD);
        }
        return List.copyOf(plan);
    }

    /** As {@link #plan}, for the active one of two servers, which need a while until they are a pair again. */
    static List<Fault> planForPair(long seed, Duration load) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Fault> plan = new ArrayList<>();
        long atMillis = FIRST_MILLIS_MIN + random.nextLong(GAP_MILLIS_SPREAD / 2);
        while (plan.isEmpty() || atMillis <= load.toMillis() - PAIR_CALM_END_MILLIS) {
            boolean drawnToKill = random.nextInt(100) < PAIR_KILL_PERCENT;
            boolean kill = plan.isEmpty() || (plan.size() > 1 && drawnToKill);
            plan.add(new Fault(
                    kill ? Fault.Kind.KILL : Fault.Kind.FREEZE, Duration.ofMillis(atMillis), Fault.ACTIVE, false));
            atMillis += PAIR_GAP_MILLIS_MIN + random.nextLong(GAP_MILLIS_SPREAD);
        }
        return List.copyOf(plan);
    }

    /** As {@link #plan}, for so many brokers, which are killed only; the first time the second of them, and then any. */
    static List<Fault> planForClusters(long seed, int brokers, Duration load) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Fault> plan = new ArrayList<>();
        long atMillis = FIRST_MILLIS_MIN + random.nextLong(GAP_MILLIS_SPREAD / 2);
        while (plan.isEmpty() || atMillis <= load.toMillis() - CLUSTERS_CALM_END_MILLIS) {
            int drawn = random.nextInt(brokers);
            plan.add(new Fault(Fault.Kind.KILL, Duration.ofMillis(atMillis), plan.isEmpty() ? 1 : drawn, false));
            atMillis += PAIR_GAP_MILLIS_MIN + random.nextLong(GAP_MILLIS_SPREAD);
        }
        return List.copyOf(plan);
    }
}
