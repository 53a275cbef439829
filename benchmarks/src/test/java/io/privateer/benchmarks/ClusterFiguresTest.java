package io.privateer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.privateer.benchmarks.ClusterFleet.BrokerUse;
import io.privateer.benchmarks.ClusterFleet.Size;
import io.privateer.core.Message;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the benchmarks of clusters come to their figures. */
class ClusterFiguresTest {

    private static ClusterStats stats(long stateBytes, long lent, long refused) {
        return new ClusterStats(
                3, Map.of("east", 4, "north", 5), Map.of("east", 1), 10, stateBytes, 20, lent, refused, 7, 8);
    }

    @Test
    void aJobAndItsAnswerSayWhatTheyWereMadeOf() {
        Job job = new Job("j7", 1_500_000);
        assertThat(Job.of(job.message().text())).isEqualTo(job);
        Job.Answer answer = new Job.Answer("west", 2_000_000);
        assertThat(Job.Answer.of(answer.message())).isEqualTo(answer);
        assertThatThrownBy(() -> Job.Answer.of(Message.of("nothing"))).hasMessageContaining("nothing");
    }

    @Test
    void whatABrokerSaysOfItselfSurvivesTheWayToTheParent() throws IOException {
        ObjectMapper json = new ObjectMapper();
        ClusterStats stats = stats(100, 9, 2);
        assertThat(json.readValue(json.writeValueAsString(stats), ClusterStats.class))
                .isEqualTo(stats);
    }

    @Test
    void countsAreThoseOfTheWindowAndStateGoesToEveryPeer() {
        ClusterStats window = stats(700, 30, 6).since(stats(100, 9, 2));
        assertThat(window.stateBytes()).isEqualTo(600);
        assertThat(window.stateBytesSent()).isEqualTo(1_200);
        assertThat(window.forwarded()).isEqualTo(17);
        assertThat(window.workers()).isEqualTo(3);
        assertThat(window.credit()).isEqualTo(9);
    }

    @Test
    void ratesAreOfTheTimeBetweenTheReadings() {
        ProcStat before = new ProcStat(1.0, 1_024, 10, 0);
        ProcStat after = new ProcStat(1.5, 2_048, 12, 2_000_000_000);
        BrokerUse use = BrokerUse.of("west", before, after, stats(600, 0, 0));
        assertThat(use.cpuPercent()).isEqualTo(25);
        assertThat(use.residentMiB()).isEqualTo(2);
        assertThat(use.descriptors()).isEqualTo(12);
        assertThat(use.stateMessagesPerSecond()).isEqualTo(5);
        assertThat(use.stateBytesPerSecond()).isEqualTo(300);
        assertThat(use.stateBytesSentPerSecond()).isEqualTo(600);
    }

    @Test
    void halfOfAllClientsAreOfTheFirstClusterAndTheRestAreSpreadOverTheOthers() {
        assertThat(size(4, 11, 1).clientsByCluster()).containsExactly(6, 2, 2, 1);
        assertThat(size(1, 11, 1).clientsByCluster()).containsExactly(11);
    }

    @Test
    void aLimitOfOpenFilesThatIsTooLowIsNamedWithWhatNeedsMore() {
        assertThatThrownBy(() -> size(2, 10, 1).checkFiles(1_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the limit of open files (ulimit -n) must be at least ")
                .hasMessageContaining("a process with 600 workers")
                .hasMessageEndingWith(": 1000");
        size(2, 10, 1).checkFiles(20_000);
    }

    @Test
    void theSoftLimitCounts() {
        assertThat(OpenFiles.limit(List.of(
                        "Limit                     Soft Limit           Hard Limit           Units",
                        "Max open files            1024                 20000                files")))
                .isEqualTo(1_024);
        assertThat(OpenFiles.limit(
                        List.of("Max open files            unlimited            unlimited            files")))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(OpenFiles.limit()).isPositive();
    }

    @Test
    void jobLengthsHaveTheMeanThatWasAskedFor() {
        SplittableRandom random = new SplittableRandom(1);
        double sum = 0;
        for (int i = 0; i < 100_000; i++) {
            sum += new JobLoad.Length(1_000, true).draw(random);
        }
        assertThat(sum / 100_000).isCloseTo(1_000, within(20.0));
        assertThat(new JobLoad.Length(1_000, false).draw(random)).isEqualTo(1_000);
    }

    @Test
    void theLoadIsAShareOfWhatAllWorkersCanDo() {
        assertThat(Utilisation.requestsPerSecond(100, 20, 80)).isEqualTo(4_000);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 2.2, 0.1, true",
        "1, 2.21, 1, false",
        "64, 9, 0.1, true",
        "1000, 9, 0.6, true",
        "1000, 1, 0.59, false"
    })
    void latencyIsJudgedWhereOneIsUnderWayAndThroughputWhereAThousandAre(
            int inFlight, double p50Ratio, double throughputRatio, boolean met) {
        assertThat(Forwarding.isMet(inFlight, p50Ratio, throughputRatio)).isEqualTo(met);
    }

    @Test
    void killsAreJudgedByTheirMedianAndNotAtAllWithoutACase() {
        assertThat(ClusterKills.isMet(List.of(1.0, 500.0, 9_000.0))).isTrue();
        assertThat(ClusterKills.isMet(List.of(1.0, 501.0, 9_000.0))).isFalse();
        assertThat(ClusterKills.isMet(List.of())).isFalse();
    }

    @Test
    void aClusterThatJoinsAndHasNoTaskIsAFailureAndNoClusterAtAllIsNone() {
        assertThat(Clusters.haveWorked(List.of(800.0, 900.0))).isTrue();
        assertThat(Clusters.haveWorked(List.of(800.0, Double.NaN))).isFalse();
        assertThat(Clusters.haveWorked(List.of())).isTrue();
    }

    private static Size size(int clusters, int clients, int workerProcesses) {
        return new Size(clusters, 300, workerProcesses, clients, 4, 200, 128);
    }
}
