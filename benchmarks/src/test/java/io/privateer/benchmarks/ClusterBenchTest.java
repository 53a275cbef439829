package io.privateer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmarks of clusters run. */
class ClusterBenchTest extends BenchRun {

    @Test
    @Timeout(120)
    void aForwardedRequestIsComparedWithALocalOne() throws IOException {
        JsonNode load = run("forwarding --in-flight=8 --starts=1 --rounds=1 --seconds=1 --warm-up=0 --workers=1")
                .at("/loads/8");
        for (String path : new String[] {"LOCAL", "FORWARDED"}) {
            assertThat(load.at("/rounds/" + path + "/0/latency/requests").asLong())
                    .isPositive();
        }
        assertThat(load.get("forwarded").asLong())
                .isGreaterThanOrEqualTo(
                        load.at("/rounds/FORWARDED/0/latency/requests").asLong());
        assertThat(load.get("p50Ratio").asDouble()).isPositive();
    }

    @Test
    @Timeout(120)
    void aKilledBrokersRequestsAreAnsweredElsewhere() throws IOException {
        JsonNode written = run("cluster-kills --strikes=1 --workers=4 --work-millis=50");
        assertThat(written.at("/found/failures").asLong()).isZero();
        assertThat(written.at("/found/ownFirst")).hasSize(1);
        assertThat(written.at("/found/ownFirst/0").asDouble()).isPositive();
        assertThat(written.get("lentAnsweredMillisMax").asDouble())
                .isGreaterThanOrEqualTo(written.get("lentAnsweredMillisMedian").asDouble());
    }

    @Test
    @Timeout(120)
    void clustersUnderAnUnevenLoadAnswerEverythingAndEachBrokerIsWatched() throws IOException {
        JsonNode written = run("clusters --clusters=2 --workers=4 --worker-processes=1 --clients=4 --in-flight=3"
                + " --work-millis=50 --seconds=1 --rounds=1 --warm-up=1 --joins=0");
        JsonNode window = written.at("/windows/0");
        assertThat(window.at("/outcome/offered").asLong()).isPositive();
        assertThat(window.at("/outcome/answered").asLong())
                .isEqualTo(window.at("/outcome/offered").asLong());
        assertThat(window.get("brokers")).hasSize(2);
        assertThat(window.at("/brokers/0/descriptors").asLong()).isPositive();
        assertThat(window.at("/brokers/0/stateBytesSentPerSecond").asDouble()).isPositive();
        assertThat(window.at("/brokers/0/counts/lent").asLong()).isPositive();
    }

    @Test
    @Timeout(120)
    void loadThatEntersOneClusterGoesToAll() throws IOException {
        JsonNode round = run("utilisation --clusters=2 --workers=4 --rounds=1 --seconds=1 --warm-up=1")
                .at("/rounds/0");
        assertThat(round.at("/outcome/answered").asLong())
                .isPositive()
                .isEqualTo(round.at("/outcome/offered").asLong());
        assertThat(round.get("forwardedShare").asDouble()).isPositive();
        assertThat(round.get("promptShare").asDouble()).isBetween(0.0, 1.0);
    }
}
