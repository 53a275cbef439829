package io.privateer.pirate;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plants bugs in what makes a pair safe: a simulation that does not find them proves nothing. */
class PairMutantsTest {

    private static final MutantHunt HUNT = new MutantHunt("pair-simulation-mutants", PairFailure.class);

    @BeforeAll
    static void begin() throws IOException {
        HUNT.begin(PairMutant.class, mutant -> mutant.bug);
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void everyPlantedBugIsFound(PairMutant mutant) throws Exception {
        HUNT.checkFound(mutant);
    }

    @Test
    void whereNoneIsPlantedNoneIsFound() throws Exception {
        HUNT.checkNothingFoundWithoutBug();
    }
}
