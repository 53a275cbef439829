package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.pirate.LoadSim.Load;
import io.privateer.pirate.LoadSim.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clusters get out of each other's workers, in virtual time. */
class PeeringUtilisationTest {

    private static final Path REPORT = Path.of("target", "peering-utilisation.txt");
    private static final long SEED = 1;

    @ParameterizedTest
    @CsvSource({"20, 1", "20, 2", "100, 2", "100, 8", "400, 2"})
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void aClusterThatAllLoadEntersHasTheWorkersOfAll(int jobMillis, int credit) throws IOException {
        Duration job = Duration.ofMillis(jobMillis);
        Result result = LoadSim.run(SEED, new Load(4, 25, credit, job, 0.8, job.multipliedBy(100)));
        String line = "job=" + job + " credit=" + credit + " " + result;
        System.err.println(line);
        Files.writeString(REPORT, line + System.lineSeparator(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        assertThat(result.atOnce()).as(line).isGreaterThanOrEqualTo(0.95);
    }
}
