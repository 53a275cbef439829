package io.privateer.chaos.process;

import static io.privateer.chaos.process.Execution.ANY_SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.chaos.process.Operation.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories with stale answers planted in them, and without. */
class StaleAnswersTest {

    /** The primary served under 2, the backup under 3, the primary again under 4. */
    private static final List<Reign> REIGNS = List.of(new Reign(0, 2, 100), new Reign(1, 3, 200), new Reign(0, 4, 300));

    private final List<Operation> history = new ArrayList<>();
    private final List<Execution> log = new ArrayList<>();

    /** The next request is answered by a run that began at a time, of a worker of a server. */
    private void answered(long begunAtNanos, int server) {
        long requestId = 1L + history.size() / 2;
        long run = 1_000 + requestId;
        log.add(new Execution(false, requestId, 1, begunAtNanos, run, server));
        log.add(new Execution(true, requestId, 1, begunAtNanos + 1, run, server));
        history.add(new Operation(Kind.INVOKE, requestId, "", 0));
        history.add(new Operation(Kind.OK, requestId, StaleAnswers.replyOf("" + requestId, run), 0));
    }

    private List<String> stale() {
        return StaleAnswers.find(history, log, REIGNS);
    }

    @Test
    void answersOfOneReignAfterTheOtherAreGood() {
        answered(110, 0);
        answered(210, 1);
        answered(220, ANY_SERVER);
        answered(310, 0);
        assertThat(stale()).isEmpty();
    }

    @Test
    void anAnswerOfTheReplacedServerIsFoundWhenItsWorkerKnowsNoOther() {
        // given a run for the primary while the backup had served for long, as after a freeze
        answered(210, 1);
        answered(250, 0);
        assertThat(stale())
                .containsExactly("request 2 was answered under epoch 2 at most, after an answer under epoch 3");
    }

    @Test
    void anAnswerOfARunThatIsOlderThanTheNewReignIsFoundWhicheverServerItWasFor() {
        answered(210, 1);
        answered(199, ANY_SERVER);
        assertThat(stale())
                .containsExactly("request 2 was answered under epoch 2 at most, after an answer under epoch 3");
    }

    @Test
    void anAnswerOfTheReplacedServerIsGoodAsLongAsNoneOfItsSuccessorWasTaken() {
        answered(210, 0);
        answered(220, 0);
        answered(230, 1);
        assertThat(stale()).isEmpty();
    }

    @Test
    void aServerThatServesAgainIsNotStale() {
        answered(110, 0);
        answered(210, 1);
        answered(310, 0);
        answered(320, 0);
        assertThat(stale()).isEmpty();
    }

    @Test
    void anAnswerOfAReignBetweenIsFound() {
        answered(310, 0);
        answered(320, 1);
        assertThat(stale())
                .containsExactly("request 2 was answered under epoch 3 at most, after an answer under epoch 4");
    }

    @Test
    void whatMayBeOfEitherServerAccusesNobody() {
        // given a run that may be of the primary's first reign or of the backup's
        answered(210, ANY_SERVER);
        answered(220, 0);
        assertThat(stale()).isEmpty();
    }

    @Test
    void anAnswerThatNoRunHasMadeIsFound() {
        answered(110, 0);
        log.clear();
        assertThat(stale()).containsExactly("request 1 was answered by nobody: re:1#1001");
    }

    @Test
    void callsWithoutAnAnswerAreLeftOut() {
        history.add(new Operation(Kind.INVOKE, 1, "", 0));
        history.add(new Operation(Kind.INFO, 1, "timed out", 0));
        assertThat(stale()).isEmpty();
    }
}
