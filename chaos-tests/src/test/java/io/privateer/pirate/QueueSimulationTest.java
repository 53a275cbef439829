package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Runs thousands of faulty worlds in virtual time, see {@link Sim}. {@code -Dsim.seeds=N} runs more or fewer;
 * {@code -Dsim.seed=N} replays one and writes what happened in it. Where fewer than the default are run, nothing is said
 * about what must happen in some of them.
 */
class QueueSimulationTest {

    static final long SEEDS_DEFAULT = 2_000;
    private static final Path TARGET = Path.of("target");

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    @DisabledIfSystemProperty(named = "sim.seed", matches = "\\d+")
    void whateverFailsEveryAcceptedRequestEndsOnce() throws IOException {
        // given
        long seeds = seeds();
        List<String> failures = new ArrayList<>();
        Map<SimGoal, Integer> worldsByGoal = new EnumMap<>(SimGoal.class);
        long events = 0;
        long startNanos = System.nanoTime();
        // when
        for (long seed = 0; seed < seeds; seed++) {
            Sim.Outcome outcome = Sim.run(seed, false);
            events += outcome.events();
            outcome.reached().forEach(goal -> worldsByGoal.merge(goal, 1, Integer::sum));
            if (!outcome.isGood()) {
                failures.add("seed=" + seed + " " + outcome.failure());
            }
        }
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        report(seeds, events, seconds, worldsByGoal, failures);
        // then
        assertThat(failures).as("failing worlds, each replayed by -Dsim.seed=N").isEmpty();
        if (seeds >= SEEDS_DEFAULT) {
            assertThat(worldsByGoal).as("what happened in some world at least").containsOnlyKeys(SimGoal.values());
        }
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    @EnabledIfSystemProperty(named = "sim.seed", matches = "\\d+")
    void oneWorldIsReplayed() throws IOException {
        // given
        long seed = Long.getLong("sim.seed");
        // when
        Sim.Outcome outcome = Sim.run(seed, true);
        // then
        Path trace = TARGET.resolve("simulation-seed-" + seed + ".txt");
        Files.write(trace, outcome.trace());
        outcome.trace().forEach(System.err::println);
        assertThat(outcome.failure()).as("what went wrong, see " + trace).isEmpty();
    }

    @Test
    void aSeedFixesEverything() {
        // given
        Sim.Outcome first = Sim.run(7, true);
        // when
        Sim.Outcome second = Sim.run(7, true);
        // then
        assertThat(second.trace()).containsExactlyElementsOf(first.trace());
    }

    private static long seeds() {
        return Long.getLong("sim.seeds", SEEDS_DEFAULT);
    }

    private static void report(
            long seeds, long events, double seconds, Map<SimGoal, Integer> worldsByGoal, List<String> failures)
            throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "simulation seeds=%d failed=%d seconds=%.1f schedulesPerSecond=%.0f eventsPerSecond=%.0f",
                seeds,
                failures.size(),
                seconds,
                seeds / seconds,
                events / seconds));
        worldsByGoal.forEach((goal, worlds) -> lines.add("goal " + goal + " worlds=" + worlds));
        lines.addAll(failures);
        lines.forEach(System.err::println);
        Files.write(TARGET.resolve("simulation.txt"), lines);
    }
}
