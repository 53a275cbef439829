package io.privateer.samples.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was done to brokers, and how long it then took until others had back what the broker had of them, and until the
 * requests that were under way were answered. One fault is over before the next one comes. Performs no I/O. Not thread-safe:
 * confine to the demo's thread.
 */
final class ClusterJournal {

    /** Times are those at which the demo heard of things, so they include the way through a pipe. */
    private static final class Strike {
        final Fault.Kind kind;
        final String broker;
        final long struckNanos;
        final List<Long> underWay;
        int returned;

        @Nullable
        Long returnedAfterNanos;

        @Nullable
        Long answeredAfterNanos;

        Strike(Fault.Kind kind, String broker, List<Long> underWay, long struckNanos) {
            this.kind = kind;
            this.broker = broker;
            this.underWay = new ArrayList<>(underWay);
            this.struckNanos = struckNanos;
        }
    }

    private final List<Strike> strikes = new ArrayList<>();

    private @Nullable Strike last() {
        return strikes.isEmpty() ? null : strikes.get(strikes.size() - 1);
    }

    /** A broker was hit while the requests {@code underWay} had not been answered. */
    void onStruck(Fault.Kind kind, String broker, List<Long> underWay, long nowNanos) {
        strikes.add(new Strike(kind, broker, underWay, nowNanos));
    }

    /** Another has taken back a request that {@code broker} had. Returns how long after the fault, if it is the first. */
    @Nullable
    Long onReturned(String broker, long nowNanos) {
        Strike strike = last();
        if (strike == null || !strike.broker.equals(broker)) {
            return null;
        }
        strike.returned++;
        if (strike.returnedAfterNanos != null) {
            return null;
        }
        strike.returnedAfterNanos = nowNanos - strike.struckNanos;
        return strike.returnedAfterNanos;
    }

    /** Somebody was answered. Returns how long after the fault, if now all have been that were under way. */
    @Nullable
    Long onAnswer(LongPredicate isAnswered, long nowNanos) {
        Strike strike = last();
        if (strike == null || strike.answeredAfterNanos != null) {
            return null;
        }
        strike.underWay.removeIf(isAnswered::test);
        if (!strike.underWay.isEmpty()) {
            return null;
        }
        strike.answeredAfterNanos = nowNanos - strike.struckNanos;
        return strike.answeredAfterNanos;
    }

    /** Returns whether requests that were under way at a fault have not been answered. */
    boolean isOpen() {
        Strike strike = last();
        return strike != null && strike.answeredAfterNanos == null;
    }

    /** Returns how many faults there were. */
    int count() {
        return strikes.size();
    }

    /** Returns one summary per kind that was used. */
    List<FaultJournal.Summary> summaries() {
        return Arrays.stream(Fault.Kind.values())
                .map(kind ->
                        strikes.stream().filter(strike -> strike.kind == kind).toList())
                .filter(ofKind -> !ofKind.isEmpty())
                .map(ClusterJournal::summary)
                .toList();
    }

    private static FaultJournal.Summary summary(List<Strike> ofKind) {
        return new FaultJournal.Summary(
                ofKind.get(0).kind,
                ofKind.size(),
                sorted(ofKind.stream().map(strike -> strike.returnedAfterNanos)),
                sorted(ofKind.stream().map(strike -> strike.answeredAfterNanos)),
                ofKind.stream().mapToInt(strike -> strike.returned).sum(),
                ofKind.stream().mapToInt(strike -> strike.underWay.size()).sum());
    }

    private static List<Long> sorted(Stream<@Nullable Long> nanos) {
        return nanos.filter(Objects::nonNull).sorted().toList();
    }
}
