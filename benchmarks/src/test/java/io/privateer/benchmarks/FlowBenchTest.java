package io.privateer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmarks of pipelines and publish-subscribe run. */
class FlowBenchTest extends BenchRun {

    @Test
    @Timeout(120)
    void aPipelineIsComparedWithPlainSockets() throws IOException {
        JsonNode written = run("pipeline --tasks=1000 --rounds=1 --bytes=64 --journal");
        assertThat(written.at("/bytes64/0/raw").asDouble()).isPositive();
        assertThat(written.at("/bytes64/0/reliable").asDouble()).isPositive();
    }

    @Test
    @Timeout(120)
    void synchronizedPublishSubscribeIsComparedWithPlainSockets() throws IOException {
        JsonNode written = run("pubsub --messages=1000 --rounds=1 --bytes=64 --subscribers=2 --topics=16");
        assertThat(written.at("/bytes64/0/raw").asDouble()).isPositive();
        assertThat(written.at("/bytes64/0/synced").asDouble()).isPositive();
        assertThat(written.at("/bytes64/0/missed").asLong()).isZero();
    }

    @Test
    @Timeout(120)
    void whatAStoppedSinkMakesTheOthersHoldIsBounded() throws IOException {
        JsonNode written = run("stopped-sink --bytes=65536");
        assertThat(written.get("taken").asLong()).isPositive();
        assertThat(written.get("pass").asBoolean()).isTrue();
    }
}
