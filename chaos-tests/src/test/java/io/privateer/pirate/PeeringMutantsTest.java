package io.privateer.pirate;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plants bugs in what brokers do with each other: a simulation that does not find them proves nothing. */
class PeeringMutantsTest {

    private static final MutantHunt HUNT = new MutantHunt("peering-simulation-mutants", PeeringFailure.class);

    @BeforeAll
    static void begin() throws IOException {
        HUNT.begin(PeeringMutant.class, mutant -> mutant.bug);
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void everyPlantedBugIsFound(PeeringMutant mutant) throws Exception {
        HUNT.checkFound(mutant);
    }

    @Test
    void whereNoneIsPlantedNoneIsFound() throws Exception {
        HUNT.checkNothingFoundWithoutBug();
    }
}
