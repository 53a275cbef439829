package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The documents say how many bugs are planted, and that is how many there are. */
class PlantedBugsDocumentTest {

    @ParameterizedTest
    @CsvSource({
        "SimulationMutantsTest, queues in, io.privateer.pirate.Mutant",
        "PairMutantsTest, pairs in, io.privateer.pirate.PairMutant",
        "PeeringMutantsTest, brokers in, io.privateer.pirate.PeeringMutant",
        "PipelineMutantsTest, 'pipelines,', io.privateer.pipeline.PipelineMutant",
        "PubSubMutantsTest, 'publishers and subscribers,', io.privateer.pubsub.PubSubMutant"
    })
    void areAsManyAsThereAre(String test, String simulation, Class<?> bugs) throws IOException {
        int count = bugs.getEnumConstants().length;
        assertThat(planted("guarantees.md", "(\\d+) planted bugs[^|]*\\(`" + test + "`\\)"))
                .isEqualTo(count);
        assertThat(planted("performance.md", simulation + " [^;]*?(\\d+) planted bugs"))
                .isEqualTo(count);
    }

    private static int planted(String document, String sentence) throws IOException {
        Matcher found = Pattern.compile(sentence).matcher(Files.readString(Path.of("..", "docs", document)));
        assertThat(found.find()).as(document + ": " + sentence).isTrue();
        return Integer.parseInt(found.group(1));
    }
}
