package io.privateer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {

    @Test
    void figuresAreMediansAndRatiosAreMediansOfTheRatiosOfEachRound() {
        // given three rounds, in the second of which the machine was slow for both
        List<Result> results = List.of(
                Results.of(Peer.PRIVATEER, 64, 1, 400),
                Results.of(Peer.PRIVATEER, 64, 2, 30),
                Results.of(Peer.PRIVATEER, 64, 3, 500),
                Results.of(Peer.RAW, 64, 1, 100),
                Results.of(Peer.RAW, 64, 2, 10),
                Results.of(Peer.RAW, 64, 3, 100));
        // when
        List<Summary> summaries = Summary.of(results);
        // then
        assertThat(summaries).extracting(Summary::peer).containsExactly("privateer", "raw");
        assertThat(summaries).extracting(Summary::requestsPerSecond).containsExactly(400.0, 100.0);
        assertThat(summaries.get(0).privateerTo().requestsPerSecond()).isEqualTo(1);
        assertThat(summaries.get(1).privateerTo().requestsPerSecond()).isEqualTo(4);
        assertThat(summaries.get(1).privateerTo().p50()).isEqualTo(0.25);
        assertThat(summaries.get(1).rounds()).isEqualTo(3);
        assertThat(summaries.get(1).cpuSecondsPerMillion()).isEqualTo(new PerRole(1, 2, 3, 6));
    }

    @Test
    void loadsAreNotMixed() {
        // given
        List<Result> results = List.of(
                Results.of(Peer.PRIVATEER, 1, 1, 100),
                Results.of(Peer.RAW, 1, 1, 50),
                Results.of(Peer.PRIVATEER, 1_000, 1, 900),
                Results.of(Peer.RAW, 1_000, 1, 100));
        // when
        List<Summary> summaries = Summary.of(results);
        // then
        assertThat(summaries).extracting(Summary::inFlight).containsExactly(1, 1, 1_000, 1_000);
        assertThat(summaries)
                .extracting(summary -> summary.privateerTo().requestsPerSecond())
                .containsExactly(1.0, 2.0, 1.0, 9.0);
    }

    @Test
    void aPeerThatFailedAfterSomeRoundsIsComparedWithThoseItHas() {
        // given
        List<Result> results = List.of(
                Results.of(Peer.PRIVATEER, 64, 1, 100),
                Results.of(Peer.PRIVATEER, 64, 2, 500),
                Results.of(Peer.NATS, 64, 1, 50));
        // when
        List<Summary> summaries = Summary.of(results);
        // then
        assertThat(summaries.get(1).rounds()).isEqualTo(1);
        assertThat(summaries.get(1).privateerTo().requestsPerSecond()).isEqualTo(2);
    }

    @Test
    void aMedianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
        assertThat(Report.median(4, 1, 3, 2)).isEqualTo(2.5);
        assertThat(Report.median(5)).isEqualTo(5);
        assertThat(Report.medianRatio(List.of(1.0), List.<Double>of(), value -> value))
                .isNaN();
    }
}
