package io.privateer.pipeline;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;

/** Virtual time, chance, and a record of what happened. One seed fixes everything. */
final class PipeWorld {

    static final long MILLI = 1_000_000;

    private static final long EVENTS_MAX = 3_000_000;

    /** A fault that can strike, or something worth reaching, in a world. */
    enum Goal {
        WORKER_CRASHED,
        WORKER_DRAINED,
        VENTILATOR_CRASHED,
        SINK_CRASHED,
        ALL_CRASHED,
        CONNECTION_BROKEN,
        CONNECTION_HALF_OPEN,
        CONNECTION_CUT,
        PROCESS_PAUSED,
        HANDLER_HUNG,
        HANDLER_THREW,
        WORKER_POISONED,
        TASK_FAILED,
        TASK_OVERDUE,
        RESULT_TOO_LONG,
        DISK_FULL,
        TAIL_TORN,
        JOURNAL_COMPACTED,
        BATCH_RESUMED,
        BATCH_GIVEN_AGAIN,
        BATCH_LOST_WITHOUT_JOURNAL,
        BATCH_WAITED,
        BATCH_WENT_ON_BEYOND,
        BATCH_FORGOTTEN,
        STOP_MISSED
    }

    private record Event(long atNanos, long order, Runnable action) {}

    private final SplittableRandom random;
    private final boolean tracing;
    private final List<String> trace = new ArrayList<>();
    private final Set<Goal> reached = EnumSet.noneOf(Goal.class);
    private final PriorityQueue<Event> events = new PriorityQueue<>(
            (a, b) -> a.atNanos != b.atNanos ? Long.compare(a.atNanos, b.atNanos) : Long.compare(a.order, b.order));

    /** What every clock reads when the world begins: sometimes so that it wraps soon. */
    private final long originNanos;

    private long nowNanos;
    private long order;
    private long eventsRun;

    PipeWorld(long seed, boolean tracing) {
        this.random = new SplittableRandom(seed);
        this.tracing = tracing;
        this.originNanos = chance(0.3) ? Long.MAX_VALUE - between(0, 20_000 * MILLI) : random.nextLong();
    }

    /** What a clock reads now. */
    long clock() {
        return originNanos + nowNanos;
    }

    /** Returns in how long a clock reads {@code reading}. */
    long until(long reading) {
        return Math.max(0, reading - clock());
    }

    long now() {
        return nowNanos;
    }

    SplittableRandom random() {
        return random;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    long between(long from, long to) {
        return from >= to ? from : random.nextLong(from, to);
    }

    <T> T any(List<T> things) {
        return things.get((int) between(0, things.size()));
    }

    void in(long nanos, Runnable action) {
        events.add(new Event(nowNanos + Math.max(0, nanos), order++, action));
    }

    void runFor(long nanos) {
        long end = nowNanos + nanos;
        while (!events.isEmpty() && events.peek().atNanos <= end) {
            Event event = events.remove();
            nowNanos = event.atNanos;
            eventsRun++;
            check(eventsRun < EVENTS_MAX, "time goes on");
            event.action.run();
        }
        nowNanos = end;
    }

    void reach(Goal goal) {
        reached.add(goal);
    }

    Set<Goal> reached() {
        return reached;
    }

    long eventsRun() {
        return eventsRun;
    }

    void trace(String who, Object... what) {
        if (tracing) {
            StringBuilder line = new StringBuilder(String.format("%10.3f %s", nowNanos / 1e6, who));
            for (Object word : what) {
                line.append(' ').append(word);
            }
            trace.add(line.toString());
        }
    }

    List<String> trace() {
        return trace;
    }

    static void check(boolean kept, String promise, Object... details) {
        if (!kept) {
            StringBuilder message = new StringBuilder(promise);
            for (Object detail : details) {
                message.append(' ').append(detail);
            }
            throw new AssertionError(message.toString());
        }
    }
}
