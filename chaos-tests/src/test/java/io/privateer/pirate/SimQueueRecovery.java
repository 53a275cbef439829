package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import java.util.Arrays;
import java.util.List;

/**
 * Judges for how long a peer of PRV/1 may be without a queue that knows it, once whatever struck them and the ways between
 * them is over.
 */
final class SimQueueRecovery implements SimRecovery {

    private final Sim sim;
    private final SimProcess peer;
    private final List<SimPath> paths;

    /** When the queue at the end of each path last said what it says only to those that it knows. */
    private final long[] knownAtNanos;

    private int chosen;
    private long chosenAtNanos;

    SimQueueRecovery(SimProcess peer, List<SimPath> paths) {
        this.sim = peer.sim;
        this.peer = peer;
        this.paths = paths;
        this.knownAtNanos = new long[paths.size()];
        this.chosenAtNanos = sim.world.now();
        Arrays.fill(knownAtNanos, sim.world.now());
    }

    @Override
    public void onKnown(int path) {
        knownAtNanos[path] = sim.world.now();
    }

    @Override
    public void checkInTime(int path, boolean welcome) {
        if (path != chosen) {
            chosen = path;
            chosenAtNanos = sim.world.now();
        }
        boolean known = path >= 0 && ago(knownAtNanos[path]) <= sim.settings.unknownNanosMax();
        if (!known && paths.stream().allMatch(each -> !each.isCut() && each.server.isRunning())) {
            checkSinceStruck(welcome ? sim.settings.unknownNanosMax() : sim.settings.recoveryNanosMax());
            checkSinceFaults();
        }
    }

    private void checkSinceStruck(long limitNanos) {
        long withoutNanos = Math.min(ago(chosenAtNanos), ago(peer.disturbedAtNanos()));
        for (SimPath path : paths) {
            withoutNanos = Math.min(withoutNanos, ago(path.server.disturbedAtNanos()));
        }
        if (chosen >= 0) {
            withoutNanos = Math.min(withoutNanos, ago(knownAtNanos[chosen]));
        }
        check(withoutNanos <= limitNanos, "a queue knows its peer again", peer.name, withoutNanos, limitNanos);
    }

    /** Does not care what the peer itself did to its connections. */
    private void checkSinceFaults() {
        long withoutNanos = Math.min(sim.healedNanos(), ago(peer.resumedAtNanos()));
        for (SimPath path : paths) {
            withoutNanos = Math.min(withoutNanos, ago(path.server.resumedAtNanos()));
        }
        for (long nanos : knownAtNanos) {
            withoutNanos = Math.min(withoutNanos, ago(nanos));
        }
        check(withoutNanos <= sim.settings.recoveryNanosMax(), "a peer recovers from faults", peer.name, withoutNanos);
    }

    private long ago(long nanos) {
        return sim.world.now() - nanos;
    }
}
