package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.LongFunction;

/** Runs worlds in which a bug is planted until one of them fails, and reports in {@code target} which did. */
public final class MutantHunt {

    private static final long SEEDS_WITHOUT_BUG = 20;

    private final Path report;
    private final Class<? extends LongFunction<String>> simulation;
    private final Map<Enum<?>, Future<String>> failures = new HashMap<>();

    /**
     * @param simulation says how the world of a seed failed, or nothing
     */
    public MutantHunt(String name, Class<? extends LongFunction<String>> simulation) {
        this.report = Path.of("target", name + ".txt");
        this.simulation = simulation;
    }

    /** Goes after all of them at once, on as many threads as there are processors: each has classes of its own. */
    public <M extends Enum<M>> void begin(Class<M> mutants, Function<M, Planted> bugOf) throws IOException {
        Files.deleteIfExists(report);
        ExecutorService hunters =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), hunter -> {
                    Thread thread = new Thread(hunter, "mutant-hunt");
                    thread.setDaemon(true);
                    return thread;
                });
        for (M mutant : mutants.getEnumConstants()) {
            failures.put(mutant, hunters.submit(() -> find(mutant, bugOf.apply(mutant))));
        }
        hunters.shutdown();
    }

    /** Returns how a world of the mutant fails; an empty text if none of them does. */
    private String find(Enum<?> mutant, Planted bug) throws Exception {
        LongFunction<String> failureOf = simulationOf(MutantLoader.of(bug));
        long seed = 0;
        String failure = failureOf.apply(seed);
        while (failure.isEmpty() && seed < SimulationRun.SEEDS_DEFAULT - 1) {
            failure = failureOf.apply(++seed);
        }
        String line = "mutant " + mutant + " seed=" + seed + " " + failure;
        System.err.println(line);
        Files.writeString(report, line + System.lineSeparator(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return failure;
    }

    public void checkFound(Enum<?> mutant) throws Exception {
        Future<String> failure = failures.get(mutant);
        assertThat(failure).as("%s is looked for", mutant).isNotNull();
        assertThat(failure.get()).as("%s is found", mutant).isNotEmpty();
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
