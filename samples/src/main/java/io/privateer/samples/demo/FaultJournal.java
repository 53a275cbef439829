package io.privateer.samples.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Joins what was done to workers with what the queue and the other workers say of it. Performs no I/O. Not thread-safe:
 * confine to the demo's thread.
 */
final class FaultJournal {

    /*
     * The queue names workers by routing ids that they made up, so a loss is taken for the oldest fault of the kind that
     * is found out in this way and has not been. A loss that fits none was not our doing, such as a worker that a busy
     * machine kept from beating; what it cost is kept in `unprovoked`.
     *
     * Times are those at which the demo heard of things, so they include the way through a pipe.
     */

    private static final long NONE = 0;

    private final List<Injury> injuries = new ArrayList<>();
    private final Map<String, Injury> byWorkerId = new HashMap<>();
    private final Injury unprovoked = new Injury(null, NONE, NONE, 0);

    private static final class Injury {
        final Fault.@Nullable Kind kind;
        final long pid;
        final long struckNanos;
        long heldId;

        @Nullable
        Long detectedNanos;

        @Nullable
        Long recoveredNanos;

        int returned;

        Injury(Fault.@Nullable Kind kind, long pid, long heldId, long struckNanos) {
            this.kind = kind;
            this.pid = pid;
            this.heldId = heldId;
            this.struckNanos = struckNanos;
        }
    }

    /**
     * What faults of one kind did. Immutable.
     *
     * @param kind the kind, {@code null} for losses that were not our doing
     * @param count how many
     * @param detectNanos how long until the queue knew, shortest first
     * @param recoverNanos how long until the request in hand ran again, shortest first; fewer than {@code count} where
     *     a worker had none, or had just finished it
     * @param redelivered requests that came back to the queue, {@code null} where nobody can tell to which fault they belong
     * @param lost requests in hand that were never answered, {@code null} likewise
     */
    record Summary(
            Fault.@Nullable Kind kind,
            int count,
            List<Long> detectNanos,
            List<Long> recoverNanos,
            @Nullable Integer redelivered,
            @Nullable Integer lost) {}

    /** A fault hit the process {@code pid}, which had begun request {@code heldId}, 0 if none. */
    void onStruck(Fault.Kind kind, long pid, long heldId, long nowNanos) {
        injuries.add(new Injury(kind, pid, heldId, nowNanos));
    }

    /** The queue lost a worker. Returns how long after the fault, or {@code null} if it was not our doing. */
    @Nullable
    Long onWorkerLost(String workerId, String cause, long nowNanos) {
        Injury earlier = byWorkerId.get(workerId);
        for (Injury injury : injuries) {
            boolean mayBeIt = earlier == null || earlier == unprovoked || earlier.pid == injury.pid;
            if (mayBeIt && injury.detectedNanos == null && injury.kind != null && injury.kind.cause.equals(cause)) {
                injury.detectedNanos = nowNanos;
                byWorkerId.put(workerId, injury);
                return nowNanos - injury.struckNanos;
            }
        }
        byWorkerId.putIfAbsent(workerId, unprovoked); // Else an after-effect: a thawed worker may connect anew.
        return null;
    }

    /** The queue took a request back from a worker. */
    void onDeliveryReturned(String workerId) {
        byWorkerId.getOrDefault(workerId, unprovoked).returned++;
    }

    /** The process {@code pid} began a request. Returns how long after a fault that makes it a second run, or {@code null}. */
    @Nullable
    Long onRun(long pid, long id, long nowNanos) {
        Long recoveredAfter = null;
        for (Injury injury : injuries) {
            if (injury.pid == pid && injury.detectedNanos == null) {
                injury.heldId = id; // Said before the fault, heard after it.
            } else if (injury.heldId == id && injury.recoveredNanos == null) {
                injury.recoveredNanos = nowNanos;
                recoveredAfter = nowNanos - injury.struckNanos;
            }
        }
        return recoveredAfter;
    }

    /** The process {@code pid} finished what it had begun. */
    void onDone(long pid, long id) {
        for (Injury injury : injuries) {
            if (injury.pid == pid && injury.detectedNanos == null && injury.heldId == id) {
                injury.heldId = NONE; // Said before the fault, heard after it.
            }
        }
    }

    int count(Fault.Kind kind) {
        return (int) injuries.stream().filter(injury -> injury.kind == kind).count();
    }

    /** Returns how many times the queue took a request back. */
    int returned() {
        return all().mapToInt(injury -> injury.returned).sum();
    }

    /** Returns one summary per kind, then one for what was not our doing if that cost anything. */
    List<Summary> summaries(LongPredicate answered) {
        List<Summary> summaries = new ArrayList<>();
        for (Fault.Kind kind : Fault.Kind.values()) {
            summaries.add(summary(
                    kind,
                    injuries.stream().filter(injury -> injury.kind == kind).toList(),
                    answered));
        }
        if (unprovoked.returned > 0) {
            summaries.add(summary(null, List.of(unprovoked), answered));
        }
        return summaries;
    }

    private static Summary summary(Fault.@Nullable Kind kind, List<Injury> injuries, LongPredicate answered) {
        return new Summary(
                kind,
                kind == null ? injuries.get(0).returned : injuries.size(),
                sorted(injuries.stream()
                        .filter(injury -> injury.detectedNanos != null)
                        .mapToLong(injury -> injury.detectedNanos - injury.struckNanos)),
                sorted(injuries.stream()
                        .filter(injury -> injury.recoveredNanos != null)
                        .mapToLong(injury -> injury.recoveredNanos - injury.struckNanos)),
                injuries.stream().mapToInt(injury -> injury.returned).sum(),
                (int) injuries.stream()
                        .filter(injury -> injury.heldId != NONE && !answered.test(injury.heldId))
                        .count());
    }

    private Stream<Injury> all() {
        return Stream.concat(injuries.stream(), Stream.of(unprovoked));
    }

    private static List<Long> sorted(LongStream nanos) {
        return nanos.sorted().boxed().toList();
    }
}
