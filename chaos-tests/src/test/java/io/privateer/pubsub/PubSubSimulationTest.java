package io.privateer.pubsub;

import io.privateer.pirate.SimulationRun;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Runs thousands of faulty worlds of a publisher and its subscribers in virtual time, see {@link PubSubSim}.
 * {@code -Dsim.seeds=N} runs more or fewer; {@code -Dsim.seed=N} replays one and writes what happened in it.
 */
class PubSubSimulationTest {

    private final SimulationRun simulation = new SimulationRun("pubsub-simulation", PubSubSim::run);

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    @DisabledIfSystemProperty(named = "sim.seed", matches = "\\d+")
    void whateverFailsEachMessageIsReceivedOnceOrReportedAsMissed() throws IOException {
        simulation.runAll(PubSubGoal.class);
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
