package io.privateer.pubsub;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Virtual time, chance, and what has happened. */
final class PubSubWorld {

    static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    final SplittableRandom random;
    final Set<Enum<?>> reached = new HashSet<>();
    final List<String> trace = new ArrayList<>();
    private final boolean tracing;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowNanos;
    private long sequence;
    private long run;

    private record Event(long atNanos, long sequence, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.signum(atNanos - other.atNanos);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    PubSubWorld(long seed, boolean tracing) {
        this.random = new SplittableRandom(seed);
        this.tracing = tracing;
        this.nowNanos = random.nextInt(4) == 0 ? Long.MAX_VALUE - 500 * MILLI : random.nextLong();
    }

    long now() {
        return nowNanos;
    }

    boolean chance(double part) {
        return random.nextDouble() < part;
    }

    /** Runs {@code action} after {@code delayNanos}. */
    void in(long delayNanos, Runnable action) {
        events.add(new Event(nowNanos + delayNanos, sequence++, action));
    }

    void runFor(long nanos) {
        long end = nowNanos + nanos;
        while (!events.isEmpty() && events.peek().atNanos() - end <= 0) {
            Event event = events.remove();
            nowNanos = event.atNanos();
            event.action().run();
            run++;
        }
        nowNanos = end;
    }

    void reach(PubSubGoal goal) {
        reached.add(goal);
    }

    void note(String who, String what) {
        if (tracing) {
            trace.add(who + " " + what + " at " + sequence);
        }
    }

    long eventsRun() {
        return run;
    }
}
