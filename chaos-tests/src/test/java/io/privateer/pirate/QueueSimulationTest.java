package io.privateer.pirate;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Runs thousands of faulty worlds in virtual time, see {@link QueueSim}. {@code -Dsim.seeds=N} runs more or fewer;
 * {@code -Dsim.seed=N} replays one and writes what happened in it. Where fewer than the default are run, nothing is said
 * about what must happen in some of them.
 */
class QueueSimulationTest {

    private final SimulationRun simulation = new SimulationRun("simulation", QueueSim::run);

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    @DisabledIfSystemProperty(named = "sim.seed", matches = "\\d+")
    void whateverFailsEveryAcceptedRequestEndsOnce() throws IOException {
        simulation.runAll(SimGoal.class);
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    @EnabledIfSystemProperty(named = "sim.seed", matches = "\\d+")
    void oneWorldIsReplayed() throws IOException {
        simulation.replay();
    }

    @Test
    void aSeedFixesEverything() {
        simulation.checkRepeatable(7);
    }
}
