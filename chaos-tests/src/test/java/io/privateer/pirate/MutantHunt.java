package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongFunction;

/** Runs worlds in which a bug is planted until one of them fails, and reports in {@code target} which did. */
public final class MutantHunt {

    private static final long SEEDS_WITHOUT_BUG = 20;

    private final Path report;
    private final Class<? extends LongFunction<String>> simulation;

    /**
     * @param simulation says how the world of a seed failed, or nothing
     */
    public MutantHunt(String name, Class<? extends LongFunction<String>> simulation) {
        this.report = Path.of("target", name + ".txt");
        this.simulation = simulation;
    }

    public void begin() throws IOException {
        Files.deleteIfExists(report);
    }

    public void checkFound(Enum<?> mutant, Planted bug) throws Exception {
        LongFunction<String> failureOf = simulationOf(MutantLoader.of(bug));
        long seed = 0;
        String failure = failureOf.apply(seed);
        while (failure.isEmpty() && seed < SimulationRun.SEEDS_DEFAULT - 1) {
            failure = failureOf.apply(++seed);
        }
        String line = "mutant " + mutant + " seed=" + seed + " " + failure;
        System.err.println(line);
        Files.writeString(report, line + System.lineSeparator(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        assertThat(failure).as("%s is found", mutant).isNotEmpty();
    }

    public void checkNothingFoundWithoutBug() throws Exception {
        LongFunction<String> failureOf = simulationOf(MutantLoader.ofNoMutant());
        for (long seed = 0; seed < SEEDS_WITHOUT_BUG; seed++) {
            assertThat(failureOf.apply(seed)).as("seed %d", seed).isEmpty();
        }
    }

    @SuppressWarnings("unchecked") // The class is ours, from another loader.
    private LongFunction<String> simulationOf(MutantLoader loader) throws ReflectiveOperationException {
        Constructor<?> constructor = loader.loadClass(simulation.getName()).getDeclaredConstructor();
        constructor.setAccessible(true);
        return (LongFunction<String>) constructor.newInstance();
    }
}
