package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.Attempt;
import io.privateer.core.Attempt.Outcome;
import io.privateer.core.Message;
import io.privateer.core.Reason;
import io.privateer.core.wire.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of single calls. */
class ClientMachineTest extends ClientWorld {

    private static final Duration ATTEMPT = CallOptions.DEFAULT_ATTEMPT_TIMEOUT;
    private static final Duration TICK = Duration.ofMillis(2);
    private static final CallOptions ONCE = OPTIONS.withDelivery(Delivery.ONCE);
    private static final CallOptions HEDGED = OPTIONS.withHedgeAfter(Duration.ofMillis(50));

    @Test
    void saysHelloAndSendsAtOnceAndHandsOverTheReply() {
        submit("one");
        reply(0, 1);
        assertThat(take()).containsExactly("A open", "A hello", "A request 1.1", "succeed 1");
        assertThat(machine.openCount()).isZero();
    }

    @Test
    void numbersCallsAndTellsTheServerWhichHaveEndedInFrontOfTheNextBatch() {
        welcome(0, LIFE);
        submit("one");
        submit("two");
        submit("three");
        take();
        reply(0, 1);
        reply(0, 3);
        submit("four");
        assertThat(take()).containsExactly("succeed 1", "succeed 3", "A acknowledge 2", "A request 4.1");
        reply(0, 2);
        submit("five");
        assertThat(take()).containsExactly("succeed 2", "A acknowledge 4", "A request 5.1");
    }

    @Test
    void tellsTheServerWhatHasEndedWithAHeartbeatWhenThereIsNothingElseToSend() {
        welcome(0, LIFE);
        submit("one");
        reply(0, 1);
        take();
        pass(Duration.ofMillis(1_100), 0);
        assertThat(take()).containsExactly("A acknowledge 2", "A beat");
    }

    @Test
    void sendsWhatIsLeftOfTheDeadlineWithEachAttempt() {
        verbose = true;
        welcome(0, LIFE);
        submit("one");
        assertThat(takeRequests()).containsExactly("A request 1.1 ttl 29970");
        pass(ATTEMPT.plus(WAIT).plus(TICK).plus(TICK), 0);
        assertThat(takeRequests()).hasSize(1).first().asString().startsWith("A request 1.2 ttl 273");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MIN_VALUE, -1, Long.MAX_VALUE, Long.MAX_VALUE - 2_500_000_000L + 1})
    void sendsAgainUnderTheSameIdAfterTheAttemptTimeoutAndABackoff(long originNanos) {
        nowNanos = originNanos;
        withOneEndpoint();
        welcome(0, LIFE);
        submit("one");
        take();
        pass(ATTEMPT.plus(WAIT).minus(TICK), 0);
        assertThat(takeRequests()).isEmpty();
        pass(TICK.multipliedBy(3), 0);
        assertThat(takeRequests()).containsExactly("A request 1.2");
    }

    @Test
    void takesAReplyToAnEarlierAttemptWhileItBacksOff() {
        welcome(0, LIFE);
        ClientCall call = submit("one");
        pass(ATTEMPT.plus(TICK), 0);
        take();
        reply(0, 1);
        assertThat(take()).containsExactly("succeed 1");
        assertThat(call.attempts()).extracting(Attempt::outcome).containsExactly(Outcome.TIMED_OUT);
    }

    @Test
    void doesNotAskAServerAgainThatHasNotShownItself() {
        newMachine(config -> config.endpoints("tcp://a:1").welcomeTimeout(Duration.ofSeconds(20)));
        submit("one");
        take();
        pass(Duration.ofSeconds(10));
        assertThat(takeRequests()).isEmpty();
    }

    @Test
    void endsAtTheDeadlineAndTakesTheRequestBack() {
        welcome(0, LIFE);
        submit("one", OPTIONS.withDeadline(Duration.ofSeconds(1)));
        take();
        pass(Duration.ofMillis(999), 0);
        assertThat(take()).isEmpty();
        pass(TICK.multipliedBy(2), 0);
        assertThat(take()).contains("A cancel 1", "fail 1 TIMED_OUT");
        reply(0, 1);
        assertThat(machine.counters().strayReplies).isEqualTo(1);
    }

    @Test
    void keepsDeadlinesBeyondOneTurnOfTheWheel() {
        welcome(0, LIFE);
        submit("one", OPTIONS.withAttemptTimeout(Duration.ofSeconds(60)).withDeadline(Duration.ofSeconds(20)));
        take();
        pass(Duration.ofMillis(19_990), 0);
        assertThat(take()).doesNotContain("fail 1 TIMED_OUT");
        pass(Duration.ofMillis(20), 0);
        assertThat(take()).contains("fail 1 TIMED_OUT");
    }

    @ParameterizedTest
    @CsvSource({
        "HANDLER_FAILED, HANDLER_FAILED",
        "EXPIRED, EXPIRED",
        "NO_WORKERS, NO_WORKERS",
        "REDELIVERY_EXHAUSTED, REDELIVERY_EXHAUSTED",
        "TOO_LARGE, TOO_LARGE",
        "UNAUTHORIZED, UNAUTHORIZED",
        "WORKER_LOST, MAY_HAVE_RUN"
    })
    void endsWithWhatTheServerSays(Status status, Reason reason) {
        welcome(0, LIFE);
        submit("one");
        take();
        reply(0, 1, status, 0, "why");
        assertThat(take()).containsExactly("fail 1 " + reason + " why");
    }

    @Test
    void triesAgainWhenABusyServerSaysButNotBeforeItsOwnBackoff() {
        welcome(0, LIFE);
        submit("one");
        submit("two");
        take();
        reply(0, 1, Status.BUSY, 700, "");
        reply(0, 2, Status.BUSY, 1, "");
        pass(Duration.ofMillis(98), 0);
        assertThat(takeRequests()).isEmpty();
        pass(Duration.ofMillis(5), 0);
        assertThat(takeRequests()).containsExactly("A request 2.2");
        pass(Duration.ofMillis(590), 0);
        assertThat(takeRequests()).isEmpty();
        pass(Duration.ofMillis(10), 0);
        assertThat(takeRequests()).containsExactly("A request 1.2");
    }

    @Test
    void failsAtOnceWhenTheServerIsBusyBeyondTheDeadline() {
        welcome(0, LIFE);
        submit("one");
        take();
        reply(0, 1, Status.BUSY, 30_000, "");
        assertThat(take()).containsExactly("fail 1 OVERLOADED");
    }

    @Test
    void callsItOverloadWhenTheServerWasBusyAndTheBudgetIsSpentUntilTheDeadline() {
        newMachine(config -> config.retryBudget(0));
        welcome(0, LIFE);
        submit("one", OPTIONS.withDeadline(Duration.ofSeconds(1)));
        take();
        reply(0, 1, Status.BUSY, 0, "");
        pass(Duration.ofMillis(1_010), 0);
        assertThat(take()).containsExactly("A beat", "fail 1 OVERLOADED");
    }

    @Test
    void saysThatAnAtMostOnceRequestMayHaveRunWhereItWasNotAnsweredInTime() {
        withOneEndpoint();
        welcome(0, LIFE);
        submit("one", ONCE.withDeadline(Duration.ofSeconds(1)));
        pass(Duration.ofMillis(1_010), 0);
        assertThat(take()).contains("fail 1 MAY_HAVE_RUN");
    }

    @Test
    void takesACancelledRequestBackAndCountsItsReplyAsStray() {
        welcome(0, LIFE);
        ClientCall call = submit("one");
        take();
        giveUp(call, null);
        giveUp(call, null);
        reply(0, 1);
        assertThat(take()).containsExactly("A cancel 1", "withdrawn 1");
        assertThat(machine.counters().cancelled).isEqualTo(1);
        assertThat(machine.counters().strayReplies).isEqualTo(1);
    }

    @Test
    void tellsACallerThatGivesUpWhatWasTried() {
        welcome(0, LIFE);
        ClientCall call = submit("one");
        take();
        giveUp(call, Reason.INTERRUPTED);
        assertThat(take()).contains("A cancel 1", "fail 1 INTERRUPTED");
        assertThat(call.attempts()).extracting(Attempt::outcome).containsExactly(Outcome.ABANDONED);
    }

    @Test
    void sendsAnAtMostOnceRequestOnlyToAServerItKnows() {
        submit("one", ONCE);
        assertThat(takeRequests()).isEmpty();
        welcome(0, LIFE);
        assertThat(takeRequests()).containsExactly("A request 1.1");
    }

    @Test
    void sendsAnAtMostOnceRequestAgainOnlyToTheSameLifeOfTheServer() {
        withOneEndpoint();
        welcome(0, LIFE);
        submit("one", ONCE);
        disconnect(0);
        pass(WAIT.plus(TICK));
        take();
        welcome(0, LIFE);
        assertThat(take()).containsExactly("A request 1.2");
        disconnect(0);
        pass(WAIT.multipliedBy(3));
        take();
        welcome(0, NEXT_LIFE);
        assertThat(take()).containsExactly("fail 1 MAY_HAVE_RUN it was sent, and the server it was sent to is gone");
    }

    @Test
    void keepsALargeRequestBackUntilTheServerHasToldItsLimit() {
        submit(Message.of(new byte[9_000]), OPTIONS);
        submit(Message.of(new byte[9_000], new byte[10]), OPTIONS);
        assertThat(takeRequests()).isEmpty();
        machine.links().onWelcome(nowNanos, 0, LIFE, 1_000, 9_000, false);
        machine.flush(nowNanos);
        assertThat(takeRequests()).containsExactly("A request 1.1", "A request 2.1");
    }

    @Test
    void refusesWhatIsLongerThanTheServerTakes() {
        machine.links().onWelcome(nowNanos, 0, LIFE, 1_000, 1_000, false);
        take();
        submit(Message.of(new byte[1_001]), OPTIONS);
        assertThat(take()).containsExactly("fail 1 TOO_LARGE the server takes frames of 1000 bytes");
    }

    @Test
    void hedgesToASecondServerAndTakesTheFirstReply() {
        welcome(0, LIFE);
        submit("one", HEDGED);
        take();
        pass(Duration.ofMillis(52), 0);
        assertThat(take()).containsExactly("B open", "B hello", "B request 1.2");
        welcome(1, NEXT_LIFE);
        take();
        reply(1, 1);
        assertThat(take()).containsExactly("A acknowledge 2", "A cancel 1", "succeed 1");
        assertThat(machine.counters().hedges).isEqualTo(1);
        assertThat(machine.counters().hedgesWon).isEqualTo(1);
    }

    @Test
    void takesTheSecondServerForGranted() {
        welcome(0, LIFE);
        submit("one", HEDGED);
        pass(Duration.ofMillis(52), 0);
        welcome(1, NEXT_LIFE);
        take();
        reply(0, 1);
        submit("two", HEDGED);
        assertThat(take()).contains("B cancel 1", "succeed 1", "A request 2.1");
        pass(Duration.ofMillis(52), 0, 1);
        assertThat(take()).containsExactly("B request 2.2");
    }

    @Test
    void doesNotMindWhatTheSecondServerHasAgainstARequest() {
        welcome(0, LIFE);
        submit("one", HEDGED);
        pass(Duration.ofMillis(52), 0);
        take();
        reply(1, 1, Status.BUSY, 0, "");
        assertThat(take()).isEmpty();
        reply(0, 1);
        assertThat(take()).containsExactly("succeed 1");
    }

    @Test
    void doesNotHedgeWithoutASecondServerOrBudget() {
        withOneEndpoint();
        welcome(0, LIFE);
        submit("one", HEDGED);
        take();
        pass(Duration.ofMillis(100), 0);
        assertThat(take()).isEmpty();
        newMachine(config -> config.retryBudget(0));
        welcome(0, LIFE);
        submit("two", HEDGED);
        pass(Duration.ofMillis(100), 0);
        assertThat(takeRequests()).containsExactly("A request 1.1");
        openBreakers.add(1);
        newMachine(config -> config);
        welcome(0, LIFE);
        submit("three", HEDGED);
        pass(Duration.ofMillis(100), 0);
        assertThat(takeRequests()).containsExactly("A request 1.1");
    }

    @Test
    void goesOnWithTheSecondServerWhenTheFirstIsLost() {
        welcome(0, LIFE);
        submit("one", HEDGED);
        pass(Duration.ofMillis(52), 0);
        welcome(1, NEXT_LIFE);
        take();
        disconnect(0);
        assertThat(take()).containsExactly("A close", "A lost DISCONNECTED open 1", "B request 1.3");
        reply(1, 1, Status.HANDLER_FAILED, 0, "no");
        assertThat(take()).containsExactly("fail 1 HANDLER_FAILED no");
    }

    @Test
    void forgetsASecondServerThatIsLost() {
        welcome(0, LIFE);
        submit("one", HEDGED);
        pass(Duration.ofMillis(52), 0);
        take();
        disconnect(1);
        reply(0, 1);
        assertThat(take()).containsExactly("B close", "B lost DISCONNECTED open 1", "succeed 1");
    }

    @Test
    void countsRepliesThatNobodyWaitsForOrThatComeFromElsewhere() {
        welcome(0, LIFE);
        submit("one");
        take();
        reply(0, 7);
        reply(1, 1);
        assertThat(take()).isEmpty();
        assertThat(machine.counters().strayReplies).isEqualTo(2);
    }

    @Test
    void endsEverythingWhenItIsClosed() {
        welcome(0, LIFE);
        ClientCall call = submit("one");
        submit("two");
        take();
        machine.close(nowNanos, Reason.CLOSED);
        assertThat(take()).containsExactly("fail 1 CLOSED", "fail 2 CLOSED", "A goodbye", "A close");
        assertThat(call.attempts()).extracting(Attempt::outcome).containsExactly(Outcome.ABANDONED);
    }
}
