package io.privateer.pirate;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs thousands of faulty worlds of brokers, see {@link PeeringSim}; by seed as {@link QueueSimulationTest} does. */
class PeeringSimulationTest {

    private final SimulationRun simulation = new SimulationRun("peering-simulation", PeeringSim::run);

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    @DisabledIfSystemProperty(named = "sim.seed", matches = "\\d+")
    void whateverFailsEveryRequestEndsOnceAndInAClusterThatIsFree() throws IOException {
        simulation.runAll(PeeringGoal.class);
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
        simulation.checkRepeatable(8);
    }
}
