package io.privateer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmarks of a pair run. */
class PairBenchTest extends BenchRun {

    @Test
    @Timeout(120)
    void aGuardedQueueIsComparedWithOneOnItsOwn() throws IOException {
        JsonNode written = run("guarded --starts=1 --rounds=1 --seconds=1 --warm-up=0 --workers=1 --in-flight=8");
        for (String guarding : new String[] {"NONE", "PAIR"}) {
            assertThat(written.get("rounds")
                            .get(guarding)
                            .get(0)
                            .get("latency")
                            .get("requests")
                            .asLong())
                    .isPositive();
        }
        assertThat(written.get("ratios").get("NONE").asDouble()).isEqualTo(1);
        assertThat(written.get("ratios").get("PAIR").asDouble()).isPositive();
    }

    @Test
    @Timeout(120)
    void aPairThatReplicatesIsComparedInTheSameRun() throws IOException {
        JsonNode written =
                run("guarded --replication --starts=1 --rounds=1 --seconds=1 --warm-up=0 --workers=1 --in-flight=8");
        assertThat(written.get("rounds").size()).isEqualTo(3);
        assertThat(written.get("ratios").get("REPLICATED_PAIR").asDouble()).isPositive();
        assertThat(written.get("pass").asBoolean())
                .isEqualTo(written.get("ratios").get("PAIR").asDouble() >= 0.97);
    }

    @Test
    @Timeout(120)
    void aFreezeOfTheActiveServerIsTimedToTheFirstAnswerOfTheOther() throws IOException {
        JsonNode written = run("failover --freeze --strikes=1 --heartbeat-millis=100");
        assertThat(written.get("benchmark").asText()).isEqualTo("failover-freezes");
        assertThat(written.get("firstAnswerMillis")).hasSize(1);
        assertThat(written.get("firstAnswerMillisMax").asDouble()).isPositive();
    }

    @Test
    @Timeout(120)
    void pausesOfEitherServerAreCountedAndWhatBecameOfTheCalls() throws IOException {
        JsonNode written = run("false-failover --minutes=0.02 --heartbeat-millis=200 --workers=1 --in-flight=4");
        assertThat(written.get("pauses").asInt()).isGreaterThanOrEqualTo(1);
        assertThat(written.get("answered").asLong()).isPositive();
        assertThat(written.get("lost").asLong()).isZero();
        assertThat(written.has("failovers")).isTrue();
    }
}
