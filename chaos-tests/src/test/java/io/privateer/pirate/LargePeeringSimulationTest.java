package io.privateer.pirate;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs some faulty worlds of twelve brokers with three hundred workers each, as {@link PeeringSimulationTest} runs small ones. */
class LargePeeringSimulationTest {

    private static final int ORDINARY_WORLDS = 250;

    private final SimulationRun simulation =
            new SimulationRun("peering-simulation-large", PeeringSim::runLarge, ORDINARY_WORLDS);

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    @DisabledIfSystemProperty(named = "sim.seed", matches = "\\d+")
    void whateverFailsEveryRequestEndsOnceAmongThousandsOfWorkersToo() throws IOException {
        Set<PeeringGoal> expected = EnumSet.of(
                PeeringGoal.TWELVE_BROKERS,
                PeeringGoal.HUNDREDS_OF_WORKERS,
                PeeringGoal.ANSWERED_FROM_AFAR,
                PeeringGoal.PEER_SILENT,
                PeeringGoal.PEER_RESTARTED,
                PeeringGoal.BROKERS_SWIZZLED);
        simulation.runAll(PeeringGoal.class, expected);
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    @EnabledIfSystemProperty(named = "sim.seed", matches = "\\d+")
    void oneWorldIsReplayed() throws IOException {
        simulation.replay();
    }
}
