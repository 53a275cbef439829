package io.privateer.pubsub;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was delivered and not yet received by the user. It is bounded by number and bytes, and by age; where it is past a bound,
 * the last message of each topic is all that it keeps, or nothing. Not thread-safe: guarded by who owns it.
 */
final class Inbox {

    private final Bounds bounds;
    private final SlowPolicy policy;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();

    /** While it conflates: the only entry of each topic. */
    private final Map<String, Entry> latest = new HashMap<>();

    /** Of topics whose last message was left out too: how many were, for their next one to tell. */
    private final Map<String, Long> untold = new HashMap<>();

    private long messages;
    private long bytes;
    private long conflated;
    private boolean slow;
    private boolean failed;

    /** Most messages and bytes of frames, and how old the oldest may be. */
    record Bounds(long messagesMax, long bytesMax, long ageNanosMax) {}

    /** What has changed by a delivery, or by time. */
    enum Change {
        NONE,
        SLOW,
        FAILED
    }

    /** The messages of one run that are still to be received. */
    private static final class Entry {
        final String topic;
        long incarnation;
        Run run;
        long bornNanos;
        long next;
        int at;
        long conflated;

        Entry(String topic, long incarnation, Run run, long next, long bornNanos) {
            this.topic = topic;
            this.incarnation = incarnation;
            this.run = run;
            this.bornNanos = bornNanos;
            this.next = next;
            this.at = run.offsetOf(next);
        }

        long left() {
            return run.last() - next + 1;
        }

        /** Leaves of it its last message alone, without the frame that it came in, and returns how many that leaves out. */
        long conflate() {
            long leftOut = left() - 1;
            byte[] record = Arrays.copyOfRange(run.frame(), run.offsetOf(run.last()), run.frame().length);
            run = new Run(run.last(), 1, record, 0, run.stampNanos());
            next = run.last();
            at = 0;
            conflated += leftOut;
            return leftOut;
        }

        /** Becomes {@code newer}, in its own place, and returns how many messages that leaves out. */
        long replaceBy(Entry newer) {
            long leftOut = left();
            conflated += leftOut + newer.conflated;
            incarnation = newer.incarnation;
            run = newer.run;
            bornNanos = newer.bornNanos;
            next = newer.next;
            at = newer.at;
            return leftOut;
        }
    }

    Inbox(Bounds bounds, SlowPolicy policy) {
        this.bounds = bounds;
        this.policy = policy;
    }

    /**
     * Takes the messages of {@code run} from number {@code from} on.
     *
     * @param bornNanos when they would have come had nothing delayed them
     */
    Change add(String topic, long incarnation, Run run, long from, long bornNanos, long nowNanos) {
        if (failed) {
            return Change.NONE;
        }
        put(new Entry(topic, incarnation, run, from, bornNanos));
        return check(nowNanos);
    }

    /** Looks whether it is past a bound, which may come by time alone. */
    Change check(long nowNanos) {
        if (failed || slow || !isTooMuch(nowNanos)) {
            return Change.NONE;
        }
        if (policy == SlowPolicy.FAIL) {
            failed = true;
            forgetAll();
            return Change.FAILED;
        }
        slow = true;
        List<Entry> all = new ArrayList<>(entries);
        forgetAll();
        all.forEach(this::put);
        return Change.SLOW;
    }

    /** Returns whether what is kept, or how late it is, is past a bound. */
    private boolean isTooMuch(long nowNanos) {
        return messages > bounds.messagesMax || bytes > bounds.bytesMax || ageNanos(nowNanos) > bounds.ageNanosMax;
    }

    private void put(Entry entry) {
        Long before = untold.remove(entry.topic);
        entry.conflated += before == null ? 0 : before;
        if (slow) {
            conflated += entry.conflate();
            Entry former = latest.get(entry.topic);
            if (former != null) {
                bytes += entry.run.frame().length - former.run.frame().length;
                conflated += former.replaceBy(entry);
                dropOldest();
                return;
            }
            latest.put(entry.topic, entry);
        }
        entries.add(entry);
        messages += entry.left();
        bytes += entry.run.frame().length;
        dropOldest();
    }

    /** Even the last values may be too much. */
    private void dropOldest() {
        while (slow && bytes > bounds.bytesMax && entries.size() > 1) {
            Entry oldest = entries.remove();
            latest.remove(oldest.topic);
            messages -= oldest.left();
            bytes -= oldest.run.frame().length;
            conflated += oldest.left();
            untold.merge(oldest.topic, oldest.conflated + oldest.left(), Long::sum);
        }
    }

    private void forgetAll() {
        entries.clear();
        latest.clear();
        messages = 0;
        bytes = 0;
    }

    /** Returns the next message, or {@code null}. Whoever takes the last one has caught up. */
    @Nullable
    Received take() {
        Entry entry = entries.peek();
        if (entry == null) {
            return null;
        }
        Received next =
                new Received(entry.topic, entry.incarnation, entry.next, entry.conflated, entry.run.frame(), entry.at);
        entry.conflated = 0;
        entry.at = entry.run.next(entry.at);
        entry.next++;
        messages--;
        if (entry.left() == 0) {
            entries.remove();
            bytes -= entry.run.frame().length;
            if (slow) {
                latest.remove(entry.topic);
                slow = !entries.isEmpty();
            }
        }
        return next;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    boolean isSlow() {
        return slow;
    }

    boolean hasFailed() {
        return failed;
    }

    /** Returns how many nanoseconds longer than it must the oldest message has been on its way, here included. */
    long ageNanos(long nowNanos) {
        Entry oldest = entries.peek();
        return oldest == null ? 0 : Math.max(0, nowNanos - oldest.bornNanos);
    }

    long messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }

    long conflated() {
        return conflated;
    }
}
