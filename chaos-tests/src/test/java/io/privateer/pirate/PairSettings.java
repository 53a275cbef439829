package io.privateer.pirate;

import io.privateer.binarystar.Role;
import io.privateer.binarystar.StarLife;
import io.privateer.binarystar.StarMode;
import java.util.EnumSet;
import java.util.Set;

/** What the world of a pair draws before it starts, besides {@link SimSettings}. Immutable. */
final class PairSettings {

    private static final long MILLI = 1_000_000;
    private static final int[] DRIFTS_PPM = {0, 1_000, 10_000, 50_000};

    final Set<PairFault> faults = EnumSet.noneOf(PairFault.class);
    final StarMode mode;
    final boolean replicates;
    final long heartbeatNanos;
    final long failoverNanos;
    final long leaseNanos;
    final long leaseNanosMax;
    final long soloAfterNanos;
    final int driftPpm;
    final int links;

    /** So long one side may believe in a connection that is broken. */
    private final long unnoticedNanosMax;

    /** When a fault may last several times as long as that, somebody is given up for it. */
    final long outageNanosMax;

    PairSettings(SimWorld world, SimSettings settings, StarMode mode, boolean replicates) {
        this.mode = mode;
        this.replicates = replicates;
        double share = 0.2 + world.random().nextDouble() / 2;
        for (PairFault fault : PairFault.values()) {
            boolean chosen = (replicates || !fault.isOfStream()) && world.chance(share);
            if (chosen && (hasWitness() || !fault.isOfWitness())) {
                faults.add(fault);
            }
        }
        if (mode == StarMode.PAIR_WITH_WITNESS) {
            faults.add(PairFault.ISOLATION); // What the witness is for.
        }
        heartbeatNanos = Math.max(10, settings.heartbeatNanos * world.between(1, 4) / 2 / MILLI) * MILLI;
        failoverNanos = heartbeatNanos * world.between(2, 4) + (world.chance(0.2) ? world.between(0, MILLI) : 0);
        // Configurations have the same for both; what is promised must not depend on that.
        leaseNanos = world.chance(0.5) ? failoverNanos : failoverNanos * world.between(1, 4);
        leaseNanosMax = leaseNanos * world.between(1, 3);
        soloAfterNanos = world.chance(0.3) ? failoverNanos * world.between(0, 3) : -1;
        driftPpm = DRIFTS_PPM[world.random().nextInt(DRIFTS_PPM.length)];
        links = world.chance(0.3) ? 2 : 1;
        outageNanosMax = 4 * failoverNanos;
        unnoticedNanosMax = faults.contains(PairFault.HALF_OPEN_CONNECTION) ? SimPipe.unnoticedNanosMax(settings) : 0;
    }

    boolean hasWitness() {
        return mode == StarMode.PAIR_WITH_WITNESS;
    }

    StarLife.Setup of(Role role) {
        return new StarLife.Setup(
                role,
                mode,
                heartbeatNanos,
                failoverNanos,
                leaseNanos,
                driftPpm,
                role == Role.BACKUP ? soloAfterNanos : -1,
                links);
    }

    /** The longest that a slow disk takes to store an epoch. */
    long storeNanosMax() {
        return 2 * failoverNanos;
    }

    /** After so long without faults one server is active, and the other stands by. */
    long convergeNanos() {
        return 4 * failoverNanos + 3 * leaseNanosMax + 2 * storeNanosMax() + unnoticedNanosMax;
    }

    @Override
    public String toString() {
        return "faults=" + faults + " mode=" + mode + " replicates=" + replicates + " heartbeat=" + heartbeatNanos
                + " failover=" + failoverNanos
                + " lease=" + leaseNanos + " leaseMax=" + leaseNanosMax + " solo=" + soloAfterNanos + " driftPpm="
                + driftPpm + " links="
                + links;
    }
}
