package io.privateer.benchmarks;

import io.privateer.benchmarks.Lane.Round;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Measures lanes in alternating rounds, so that what else the machine does hits all of them.
 *
 * @param <K> what the lanes are told apart by
 */
final class Alternation<K> implements AutoCloseable {

    private static final int REPEATS_MAX = 10;

    private final Map<K, Lane> lanes = new LinkedHashMap<>();
    private final Predicate<K> mayFail;

    /** A lane that fails ends the run, unless it may fail: then it is left out from there on. */
    Alternation(Predicate<K> mayFail) {
        this.mayFail = mayFail;
    }

    /** Starts a lane's processes. */
    @FunctionalInterface
    interface Starter {
        Lane start() throws InterruptedException;
    }

    /** Adds a lane, which takes its turn after those added before and ends with this. */
    void add(K key, Starter starter) throws InterruptedException {
        lanes.put(key, starter.start());
    }

    /** Returns the rounds that count, for each lane in the order in which they were measured. */
    Map<K, List<Round>> run(Pace pace) throws InterruptedException {
        if (!pace.warmUpEach()) {
            for (Lane lane : lanes.values()) {
                lane.client().measure(1_000L * pace.warmUpSeconds());
            }
        }
        Map<K, List<Round>> rounds = new LinkedHashMap<>();
        int kept = 0;
        for (int tried = 0; kept < pace.rounds() && tried < REPEATS_MAX * pace.rounds(); tried++) {
            Map<K, Round> round = runOne(pace);
            round.forEach((key, result) ->
                    rounds.computeIfAbsent(key, unused -> new ArrayList<>()).add(result));
            kept += round.isEmpty() ? 0 : 1;
        }
        if (kept == 0) {
            throw new IllegalStateException("the machine was never left alone for a whole round");
        }
        return rounds;
    }

    /** Returns one round, which ends early where the machine was not left alone. */
    private Map<K, Round> runOne(Pace pace) throws InterruptedException {
        Map<K, Round> results = new LinkedHashMap<>();
        for (K key : List.copyOf(lanes.keySet())) {
            Optional<Round> result = attempt(key, pace);
            if (result.isEmpty()) {
                continue;
            }
            tell(key, result.get());
            if (result.get().othersCpuPercent() > pace.othersCpuPercentMax()) {
                System.out.println("disturbed, again");
                return Map.of();
            }
            results.put(key, result.get());
        }
        return results;
    }

    private Optional<Round> attempt(K key, Pace pace) throws InterruptedException {
        Lane lane = Objects.requireNonNull(lanes.get(key));
        try {
            if (pace.warmUpEach() && pace.warmUpSeconds() > 0) {
                lane.client().measure(1_000L * pace.warmUpSeconds());
            }
            return Optional.of(measure(lane, 1_000L * pace.seconds()));
        } catch (IllegalStateException e) {
            if (!mayFail.test(key)) {
                throw e;
            }
            System.out.println(key + " failed and is left out: " + e.getMessage());
            lanes.remove(key);
            lane.close();
            return Optional.empty();
        }
    }

    private static void tell(Object key, Round result) {
        System.out.println(Report.format(
                "%-13s %7.0f req/s  p50 %6.0f  p99 %6.0f  max %7.0f us  cpu us/req: queue %5.1f all %5.1f"
                        + "  others %3.0f %% of a core",
                key,
                result.latency().requestsPerSecond(),
                result.latency().p50Micros(),
                result.latency().p99Micros(),
                result.latency().maxMicros(),
                result.cpuSecondsPerMillion().queue(),
                result.cpuSecondsPerMillion().total(),
                result.othersCpuPercent()));
    }

    private Round measure(Lane lane, long millis) throws InterruptedException {
        PerRole before = lane.cpuSeconds();
        double ownBefore = ownCpuSeconds();
        double machineBefore = ProcStat.machineCpuSeconds();
        Latency latency = lane.client().measure(millis);
        double othersSeconds = ProcStat.machineCpuSeconds() - machineBefore - ownCpuSeconds() + ownBefore;
        return new Round(
                latency,
                lane.cpuSeconds().minus(before).times(1e6 / Math.max(1, latency.requests())),
                lane.residentMiB(),
                Math.max(0, 100 * othersSeconds / latency.seconds()));
    }

    private double ownCpuSeconds() {
        return lanes.values().stream()
                        .mapToDouble(lane -> lane.cpuSeconds().total())
                        .sum()
                + ProcStat.of(ProcessHandle.current().pid()).cpuSeconds();
    }

    @Override
    public void close() {
        lanes.values().forEach(Lane::close);
    }
}
