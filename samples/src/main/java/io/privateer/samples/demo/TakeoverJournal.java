package io.privateer.samples.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was done to active servers and how long the other one then took. One fault is over before the next one
 * comes. Performs no I/O. Not thread-safe: confine to the demo's thread.
 */
final class TakeoverJournal {

    /** Times are those at which the demo heard of things, so they include the way through a pipe. */
    private static final class Strike {
        final Fault.Kind kind;
        final long struckNanos;

        @Nullable
        Long takenOverAfterNanos;

        @Nullable
        Long answeredAfterNanos;

        Strike(Fault.Kind kind, long struckNanos) {
            this.kind = kind;
            this.struckNanos = struckNanos;
        }
    }

    private final List<Strike> strikes = new ArrayList<>();

    private @Nullable Strike last() {
        return strikes.isEmpty() ? null : strikes.get(strikes.size() - 1);
    }

    /** The active server was hit. */
    void onStruck(Fault.Kind kind, long nowNanos) {
        strikes.add(new Strike(kind, nowNanos));
    }

    /** A server has become active. Returns how long after the fault, or {@code null} if it was not because of one. */
    @Nullable
    Long onActive(long nowNanos) {
        Strike strike = last();
        if (strike == null || strike.takenOverAfterNanos != null) {
            return null;
        }
        strike.takenOverAfterNanos = nowNanos - strike.struckNanos;
        return strike.takenOverAfterNanos;
    }

    /** A client was answered. Returns how long after the fault, if it is the first one since the takeover. */
    @Nullable
    Long onAnswer(long nowNanos) {
        Strike strike = last();
        if (strike == null || strike.takenOverAfterNanos == null || strike.answeredAfterNanos != null) {
            return null;
        }
        strike.answeredAfterNanos = nowNanos - strike.struckNanos;
        return strike.answeredAfterNanos;
    }

    /** Returns how many faults nobody has made good: no server took over, or it answered nobody. */
    int open() {
        return (int) strikes.stream()
                .filter(strike -> strike.answeredAfterNanos == null)
                .count();
    }

    /** Returns one summary per kind. */
    List<FaultJournal.Summary> summaries() {
        return Arrays.stream(Fault.Kind.values()).map(this::summary).toList();
    }

    private FaultJournal.Summary summary(Fault.Kind kind) {
        List<Strike> ofKind =
                strikes.stream().filter(strike -> strike.kind == kind).toList();
        return new FaultJournal.Summary(
                kind,
                ofKind.size(),
                sorted(ofKind, strike -> strike.takenOverAfterNanos),
                sorted(ofKind, strike -> strike.answeredAfterNanos),
                null,
                null);
    }

    private static List<Long> sorted(List<Strike> strikes, Function<Strike, @Nullable Long> time) {
        List<Long> times = new ArrayList<>();
        for (Strike strike : strikes) {
            Long nanos = time.apply(strike);
            if (nanos != null) {
                times.add(nanos);
            }
        }
        times.sort(null);
        return List.copyOf(times);
    }
}
