package io.privateer.pirate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Virtual time, the events to come, and the one source of chance: the same seed makes the same history. */
final class SimWorld {

    private static final double NANOS_PER_MILLI = 1e6;

    /** Enough to see what led to a violation; the whole history is kept when one seed is replayed. */
    private static final int TRACE_LINES_MAX = 200_000;

    /** A hundred times as many as most worlds have. */
    private static final long EVENTS_MAX = 700_000;

    private final long eventsMax;

    private final SplittableRandom random;
    private final long originNanos;
    private final boolean tracing;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Set<Enum<?>> reached = new HashSet<>();
    private final Deque<String> trace = new ArrayDeque<>();
    private long nowNanos;
    private long sequence;
    private long eventsRun;

    SimWorld(long seed, boolean tracing) {
        this(seed, tracing, EVENTS_MAX);
    }

    /** @param eventsMax so many are taken for a world that spins */
    SimWorld(long seed, boolean tracing, long eventsMax) {
        this.eventsMax = eventsMax;
        // Not java.util.Random: neighbouring small seeds give it nearly the same first draws.
        this.random = new SplittableRandom(seed);
        this.tracing = tracing;
        // Half of the worlds live through the moment at which the clock wraps round.
        this.originNanos = random.nextBoolean()
                ? random.nextLong()
                : Long.MAX_VALUE - random.nextLong(SimSettings.FAULTY_NANOS_MAX);
        this.nowNanos = originNanos;
    }

    private record Event(long atNanos, long sequence, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.signum(atNanos - other.atNanos);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    SplittableRandom random() {
        return random;
    }

    long now() {
        return nowNanos;
    }

    void at(long atNanos, Runnable action) {
        events.add(new Event(atNanos, sequence++, action));
    }

    void in(long delayNanos, Runnable action) {
        at(nowNanos + delayNanos, action);
    }

    void runFor(long nanos) {
        long endNanos = nowNanos + nanos;
        Event next = events.peek();
        while (next != null && next.atNanos - endNanos <= 0) {
            events.remove();
            eventsRun++;
            SimViolation.check(eventsRun < eventsMax, "a world does not spin", eventsRun);
            nowNanos = next.atNanos;
            next.action.run();
            next = events.peek();
        }
        nowNanos = endNanos;
        if (nowNanos < originNanos) {
            reach(SimGoal.CLOCK_WRAPPED);
        }
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Draws from {@code min} on, below {@code max}, or returns {@code min} where that is empty. */
    long between(long min, long max) {
        return max <= min ? min : random.nextLong(min, max);
    }

    <T> T any(List<T> candidates) {
        return candidates.get(random.nextInt(candidates.size()));
    }

    void reach(Enum<?> goal) {
        reached.add(goal);
    }

    Set<Enum<?>> reached() {
        return reached;
    }

    long eventsRun() {
        return eventsRun;
    }

    void trace(String who, String what, @Nullable Object... details) {
        if (!tracing) {
            return;
        }
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT, "%12.3f ms  %-8s %s", (nowNanos - originNanos) / NANOS_PER_MILLI, who, what));
        for (@Nullable Object detail : details) {
            line.append(' ').append(detail);
        }
        trace.add(line.toString());
        if (trace.size() > TRACE_LINES_MAX) {
            trace.remove();
        }
    }

    Iterable<String> trace() {
        return trace;
    }
}
