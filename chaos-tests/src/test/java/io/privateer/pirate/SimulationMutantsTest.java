package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plants bugs in the production classes: a simulation that does not find them proves nothing. */
class SimulationMutantsTest {

    private static final long SEEDS_WITHOUT_BUG = 20;
    private static final Path REPORT = Path.of("target", "simulation-mutants.txt");

    @BeforeAll
    static void beginReport() throws IOException {
        Files.deleteIfExists(REPORT);
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void everyPlantedBugIsFound(Mutant mutant) throws Exception {
        // given
        LongFunction<String> failureOf = simulationOf(MutantLoader.of(mutant));
        // when
        long seed = 0;
        String failure = failureOf.apply(seed);
        while (failure.isEmpty() && seed < SimulationRun.SEEDS_DEFAULT - 1) {
            failure = failureOf.apply(++seed);
        }
        // then
        String line = "mutant " + mutant + " seed=" + seed + " " + failure;
        System.err.println(line);
        Files.writeString(REPORT, line + System.lineSeparator(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        assertThat(failure).as("%s is found", mutant).isNotEmpty();
    }

    @Test
    void whereNoneIsPlantedNoneIsFound() throws Exception {
        // given
        LongFunction<String> failureOf = simulationOf(MutantLoader.ofNoMutant());
        // then
        for (long seed = 0; seed < SEEDS_WITHOUT_BUG; seed++) {
            assertThat(failureOf.apply(seed)).as("seed %d", seed).isEmpty();
        }
    }

    @SuppressWarnings("unchecked") // The class is ours, from another loader.
    private static LongFunction<String> simulationOf(MutantLoader loader) throws ReflectiveOperationException {
        Constructor<?> constructor =
                loader.loadClass(SimFailure.class.getName()).getDeclaredConstructor();
        constructor.setAccessible(true);
        return (LongFunction<String>) constructor.newInstance();
    }
}
