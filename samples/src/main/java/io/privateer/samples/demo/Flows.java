package io.privateer.samples.demo;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Counts what clusters do for the one that the clients' requests enter. Performs no I/O. Not thread-safe: confine to the demo's
 * thread.
 */
final class Flows {

    /** What is shown is the rate of the last second. */
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What one cluster does for others. */
    private static final class Flow {
        final ArrayDeque<Long> runNanos = new ArrayDeque<>();
        long credit;
        long lent;

        int perSecond(long nowNanos) {
            while (!runNanos.isEmpty() && nowNanos - runNanos.peekFirst() >= WINDOW_NANOS) {
                runNanos.removeFirst();
            }
            return runNanos.size();
        }
    }

    private final Map<String, Flow> flows = new LinkedHashMap<>();
    private String entrance = "";
    private long total;

    /** Clients send to this cluster from here on. */
    void onEntrance(String cluster) {
        entrance = cluster;
        flows.clear();
    }

    String entrance() {
        return entrance;
    }

    /** A worker of {@code cluster} runs a request. */
    void onRun(String cluster, long nowNanos) {
        if (!entrance.isEmpty() && !cluster.equals(entrance)) {
            total++;
            flow(cluster).runNanos.addLast(nowNanos);
        }
    }

    /** {@code borrower} says how much {@code lender} would hold for it, and how much it does. */
    void onStanding(String borrower, String lender, long credit, long lent) {
        if (borrower.equals(entrance)) {
            flow(lender).credit = credit;
            flow(lender).lent = lent;
        }
    }

    private Flow flow(String cluster) {
        return flows.computeIfAbsent(cluster, absent -> new Flow());
    }

    /** Returns how many requests ran in other clusters than the one that they entered. */
    long total() {
        return total;
    }

    /** Returns who lends how much to whom, in words; empty if nobody does. */
    String text(long nowNanos) {
        List<String> parts = new ArrayList<>();
        flows.forEach((cluster, flow) -> parts.add(
                flow.perSecond(nowNanos) + "/s of " + cluster + " (" + flow.lent + " of " + flow.credit + " held)"));
        return parts.isEmpty() ? "" : entrance + " borrows " + String.join(", ", parts);
    }
}
