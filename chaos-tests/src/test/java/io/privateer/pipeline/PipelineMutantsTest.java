package io.privateer.pipeline;

import io.privateer.pirate.MutantHunt;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plants bugs in pipelines: a simulation that does not find them proves nothing. */
class PipelineMutantsTest {

    private static final MutantHunt HUNT = new MutantHunt("pipeline-simulation-mutants", PipelineFailure.class);

    @BeforeAll
    static void begin() throws IOException {
        HUNT.begin(PipelineMutant.class, mutant -> mutant.bug);
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void everyPlantedBugIsFound(PipelineMutant mutant) throws Exception {
        HUNT.checkFound(mutant);
    }

    @Test
    void whereNoneIsPlantedNoneIsFound() throws Exception {
        HUNT.checkNothingFoundWithoutBug();
    }
}
