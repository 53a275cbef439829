package io.privateer.chaos.process;

import static io.privateer.chaos.process.Operation.Kind.INFO;
import static io.privateer.chaos.process.Operation.Kind.INVOKE;
import static io.privateer.chaos.process.Operation.Kind.OK;
import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.chaos.process.HistoryChecker.Report;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A checker that finds nothing is worth nothing. */
class HistoryCheckerTest {

    private static final Operation INVOKED = new Operation(INVOKE, 1, "", 10);
    private static final Operation ANSWERED = new Operation(OK, 1, "re:1", 90);
    private static final Execution FIRST = new Execution(false, 1, 100, 20);
    private static final Execution SECOND = new Execution(false, 1, 200, 60);

    @Test
    void aGoodHistoryPasses() {
        Report report = HistoryChecker.check(
                List.of(INVOKED, ANSWERED), List.of(FIRST, new Execution(true, 1, 100, 30)), List.of());
        assertThat(report).isEqualTo(new Report(1, 1, 0, 0, List.of()));
    }

    @Test
    void aRequestThatNeverEndsIsFound() {
        assertThat(violations(List.of(INVOKED), List.of(FIRST))).containsExactly("request 1 ended 0 times");
    }

    @Test
    void aSecondAnswerIsFound() {
        assertThat(violations(List.of(INVOKED, ANSWERED, ANSWERED), List.of(FIRST)))
                .containsExactly("request 1 ended 2 times");
    }

    @Test
    void theReplyToAnotherRequestIsFound() {
        Operation mixedUp = new Operation(OK, 1, "re:2", 90);
        assertThat(violations(List.of(INVOKED, mixedUp), List.of(FIRST)))
                .containsExactly("request 1 got the reply re:2");
    }

    @Test
    void anAnswerThatNobodyWorkedForIsFound() {
        assertThat(violations(List.of(INVOKED, ANSWERED), List.of()))
                .containsExactly("request 1 was answered but not executed");
    }

    @Test
    void anEndWithoutABeginningIsFound() {
        assertThat(violations(List.of(ANSWERED), List.of(FIRST)))
                .containsExactly("request 1 ended, but nobody made it");
    }

    @Test
    void aRepetitionWithoutALossBetweenIsFound() {
        // given losses before the first execution and after the second
        List<Long> elsewhere = List.of(19L, 61L);
        // when
        Report report = HistoryChecker.check(List.of(INVOKED, ANSWERED), List.of(SECOND, FIRST), elsewhere);
        // then
        assertThat(report.violations()).containsExactly("request 1 was executed again without a loss");
        assertThat(report.repeated()).isEqualTo(1);
    }

    @Test
    void aRepetitionAfterALossIsCountedOnly() {
        Report report = HistoryChecker.check(List.of(INVOKED, ANSWERED), List.of(FIRST, SECOND), List.of(40L));
        assertThat(report).isEqualTo(new Report(1, 1, 0, 1, List.of()));
    }

    @Test
    void anUnansweredRequestIsCounted() {
        Operation givenUp = new Operation(INFO, 1, "timed out", 90);
        Report report = HistoryChecker.check(List.of(INVOKED, givenUp), List.of(FIRST), List.of());
        assertThat(report).isEqualTo(new Report(1, 0, 1, 0, List.of()));
    }

    @Test
    void theReplyOfARunIsThatOfItsRequestAndAStaleOneIsFound() {
        // given a request that the primary's worker answers after one of the backup's, which serves since
        Execution ofBackup = new Execution(false, 1, 100, 20, 7, 1);
        Execution ofPrimary = new Execution(false, 2, 100, 30, 8, 0);
        List<Operation> history = List.of(
                INVOKED,
                new Operation(INVOKE, 2, "", 11),
                new Operation(OK, 1, "re:1#7", 90),
                new Operation(OK, 2, "re:2#8", 91));
        List<Reign> reigns = List.of(new Reign(0, 2, 5), new Reign(1, 3, 15));
        // when
        Report report = HistoryChecker.checkPair(history, List.of(ofBackup, ofPrimary), List.of(), reigns);
        // then
        assertThat(report.answered()).isEqualTo(2);
        assertThat(report.violations())
                .containsExactly("request 2 was answered under epoch 2 at most, after an answer under epoch 3");
    }

    private static List<String> violations(List<Operation> history, List<Execution> log) {
        return HistoryChecker.check(history, log, List.of()).violations();
    }
}
