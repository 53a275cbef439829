package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;

/** Runs the worlds of one simulation, and reports in {@code target} how they went. */
public final class SimulationRun {

    static final long SEEDS_DEFAULT = 2_000;
    private static final Path TARGET = Path.of("target");

    private final String name;
    private final World world;
    private final int ordinaryWorlds;

    /** Runs the world of one seed. */
    public interface World {
        SimOutcome run(long seed, boolean tracing);
    }

    public SimulationRun(String name, World world) {
        this(name, world, 1);
    }

    /** @param ordinaryWorlds how many of them one of these worlds costs as much as */
    public SimulationRun(String name, World world, int ordinaryWorlds) {
        this.name = name;
        this.world = world;
        this.ordinaryWorlds = ordinaryWorlds;
    }

    /** As {@link #runAll(Class, Set)}, with all goals. */
    public <G extends Enum<G>> void runAll(Class<G> goals) throws IOException {
        runAll(goals, EnumSet.allOf(goals));
    }

    /** Runs as many as {@code -Dsim.seeds} pays for, on all processors. Where fewer than the default are run, not all {@code expected} goals need be reached. */
    public <G extends Enum<G>> void runAll(Class<G> goals, Set<G> expected) throws IOException {
        long ordinarySeeds = Long.getLong("sim.seeds", SEEDS_DEFAULT);
        long seeds = Math.max(1, ordinarySeeds / ordinaryWorlds);
        List<String> failures = Collections.synchronizedList(new ArrayList<>());
        Map<G, Integer> worldsByGoal = new ConcurrentSkipListMap<>();
        LongAdder events = new LongAdder();
        long startNanos = System.nanoTime();
        LongStream.range(0, seeds).parallel().forEach(seed -> {
            SimOutcome outcome = world.run(seed, false);
            events.add(outcome.events());
            outcome.reached().stream()
                    .filter(goals::isInstance)
                    .map(goals::cast)
                    .forEach(goal -> worldsByGoal.merge(goal, 1, Integer::sum));
            if (!outcome.isGood()) {
                failures.add("seed=" + seed + " " + outcome.failure());
            }
        });
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        report(seeds, events.sum(), seconds, worldsByGoal, failures);
        assertThat(failures).as("failing worlds, each replayed by -Dsim.seed=N").isEmpty();
        if (ordinarySeeds >= SEEDS_DEFAULT) {
            assertThat(worldsByGoal.keySet())
                    .as("what happened in some world at least")
                    .containsAll(expected);
        }
    }

    /** Runs the one that {@code -Dsim.seed} says, and writes what happened in it. */
    public void replay() throws IOException {
        long seed = Long.getLong("sim.seed");
        SimOutcome outcome = world.run(seed, true);
        Path trace = TARGET.resolve(name + "-seed-" + seed + ".txt");
        Files.write(trace, outcome.trace());
        outcome.trace().forEach(System.err::println);
        assertThat(outcome.failure()).as("what went wrong, see " + trace).isEmpty();
    }

    /** Runs one twice. */
    public void checkRepeatable(long seed) {
        Iterable<String> first = world.run(seed, true).trace();
        Iterable<String> second = world.run(seed, true).trace();
        assertThat(second).containsExactlyElementsOf(first);
    }

    private void report(long seeds, long events, double seconds, Map<?, Integer> worldsByGoal, List<String> failures)
            throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%s seeds=%d failed=%d seconds=%.1f schedulesPerSecond=%.0f eventsPerSecond=%.0f",
                name,
                seeds,
                failures.size(),
                seconds,
                seeds / seconds,
                events / seconds));
        worldsByGoal.forEach((goal, worlds) -> lines.add("goal " + goal + " worlds=" + worlds));
        lines.addAll(failures);
        lines.forEach(System.err::println);
        Files.write(TARGET.resolve(name + ".txt"), lines);
    }
}
