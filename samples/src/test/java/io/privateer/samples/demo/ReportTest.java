package io.privateer.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.privateer.samples.demo.FaultJournal.Summary;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final DemoSettings SETTINGS =
            new DemoSettings(ScenarioKind.WORKER, Duration.ofSeconds(30), 1, 4, 16);

    private static final DemoSettings PEERING =
            new DemoSettings(ScenarioKind.PEERING, Duration.ofSeconds(15), 1, 4, 16);

    private static final DemoSettings STAR = new DemoSettings(ScenarioKind.STAR, Duration.ofSeconds(30), 1, 4, 16);

    private static Outcome outcome(long sent, long answered, long duplicates, int kills, String... problems) {
        return outcome(SETTINGS, sent, answered, duplicates, kills, problems);
    }

    private static Outcome outcome(
            DemoSettings settings, long sent, long answered, long duplicates, int kills, String... problems) {
        return new Outcome(
                settings,
                new Ledger.Totals(sent, answered, 0, duplicates, sent + 2, 0, 20_000, 40_000, 800_000),
                3,
                1,
                settings.equals(PEERING) ? sent / 2 : 0,
                List.of(
                        new Summary(Fault.Kind.KILL, kills, List.of(1_000_000L, 3_000_000L), List.of(2_000_000L), 2, 0),
                        new Summary(Fault.Kind.FREEZE, 1, List.of(800_000_000L), List.of(801_260_000L), 1, 0)),
                List.of(problems));
    }

    @Test
    void allAnsweredOnceUnderKillsPasses() {
        // when
        Outcome outcome = outcome(29_311, 29_311, 0, 9);
        // then
        assertThat(Report.text(outcome)).endsWith("PASS 29311 of 29311 answered exactly once to the caller");
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void aLostRequestFails() {
        // when
        Outcome outcome = outcome(10, 9, 0, 9);
        // then
        assertThat(Report.text(outcome)).endsWith("FAIL 9 of 10 answered exactly once to the caller; 1 lost");
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    @Test
    void aSecondReplyFails() {
        // when
        Outcome outcome = outcome(10, 10, 1, 9);
        // then
        assertThat(outcome.verdict()).startsWith("FAIL ").endsWith("; 1 answered twice");
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    @Test
    void aDemoThatKilledNobodyFails() {
        // when
        Outcome outcome = outcome(10, 10, 0, 0);
        // then
        assertThat(outcome.verdict()).startsWith("FAIL ").endsWith("; no worker was killed");
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    @Test
    void aDemoThatSentNothingFails() {
        assertThat(outcome(0, 0, 0, 1).exitCode()).isEqualTo(1);
    }

    @Test
    void aProblemBesideTheRequestsFails() {
        // when
        Outcome outcome = outcome(10, 10, 0, 9, "the queue did not end");
        // then
        assertThat(outcome.verdict()).endsWith("; the queue did not end");
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    @Test
    void aPairHasWordsOfItsOwn() {
        // when
        Outcome outcome = outcome(STAR, 10, 10, 0, 0);
        // then
        assertThat(outcome.verdict()).endsWith("; no server was killed");
        assertThat(Report.text(outcome)).contains("until the other server is", "servers that had been replaced");
        assertThat(Report.text(outcome).lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void clustersHaveWordsOfTheirOwn() {
        // when
        Outcome outcome = outcome(PEERING, 10, 10, 0, 1);
        // then
        assertThat(outcome.verdict()).isEqualTo("PASS 10 of 10 answered exactly once to the caller");
        assertThat(Report.text(outcome))
                .contains("what it had lent", "brokers that had been given up", "than they had entered: 5.");
        assertThat(Report.text(outcome).lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(Report.json(outcome).path("lent").asLong()).isEqualTo(5);
    }

    @Test
    void clustersThatLentNothingFail() {
        assertThat(outcome(PEERING, 1, 1, 0, 1).verdict()).endsWith("; no request was lent");
    }

    @Test
    void severalScenariosPassTogether() {
        // given
        Outcome good = outcome(10, 10, 0, 1);
        Outcome bad = outcome(STAR, 20, 19, 0, 1);
        // then
        assertThat(Report.verdicts(List.of(good, outcome(STAR, 20, 20, 0, 1))))
                .contains("worker: PASS 10 of 10", "star: PASS 20 of 20")
                .endsWith("PASS all scenarios");
        assertThat(Report.verdicts(List.of(good, bad))).contains("1 lost").endsWith("FAIL all scenarios");
        ObjectNode json = Report.json(List.of(good, bad));
        assertThat(json.path("verdict").asText()).isEqualTo("FAIL");
        assertThat(json.path("sent").asLong()).isEqualTo(30);
        assertThat(json.path("lost").asLong()).isEqualTo(1);
        assertThat(json.at("/scenarios/0/scenario").asText()).isEqualTo("worker");
        assertThat(json.at("/scenarios/1/lost").asLong()).isEqualTo(1);
    }

    @Test
    void theTextHasARowPerFaultAndSaysWhatIsGuaranteed() {
        // when
        String text = Report.text(outcome(10, 10, 0, 2));
        // then
        assertThat(text)
                .containsPattern("SIGKILL \\| +2 \\| +1\\.0 \\| +3\\.0 \\| +2\\.0 \\| +2\\.0 \\| +2 \\| +0 ")
                .containsPattern("SIGSTOP \\| +1 \\| +800\\.0 \\| +800\\.0 \\| +801\\.3 \\| +801\\.3 \\| +1 \\| +0 ")
                .contains("callers are answered once", "Handlers may run twice", "idempotent");
        assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void theJsonHasTheNamesOfTheContract() {
        // when
        ObjectNode json = Report.json(outcome(10, 9, 1, 2));
        // then
        assertThat(json.path("sent").asLong()).isEqualTo(10);
        assertThat(json.path("answered").asLong()).isEqualTo(9);
        assertThat(json.path("lost").asLong()).isEqualTo(1);
        assertThat(json.path("duplicateReplies").asLong()).isEqualTo(1);
        assertThat(json.path("redelivered").asLong()).isEqualTo(3);
        assertThat(json.path("executions").asLong()).isEqualTo(12);
        assertThat(json.path("kills").asLong()).isEqualTo(2);
        assertThat(json.path("freezes").asLong()).isEqualTo(1);
        assertThat(json.at("/latencyMicros/p50").asLong()).isEqualTo(20_000);
        assertThat(json.at("/latencyMicros/p99").asLong()).isEqualTo(40_000);
        assertThat(json.at("/latencyMicros/max").asLong()).isEqualTo(800_000);
        assertThat(json.at("/recoveryMillis/p50").asDouble()).isEqualTo(2.0);
        assertThat(json.at("/recoveryMillis/max").asDouble()).isEqualTo(801.3);
    }
}
