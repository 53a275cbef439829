package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a refusal says of a call that was sent more than once: a server refuses an attempt, not the call. */
class ClientRefusalTest extends ClientWorld {

    private static final Duration ATTEMPT = CallOptions.DEFAULT_ATTEMPT_TIMEOUT;
    private static final Duration TICK = Duration.ofMillis(2);
    private static final CallOptions ONCE = OPTIONS.withDelivery(Delivery.ONCE);

    /** The server may have refused the first attempt and taken the second. */
    private void givenASecondAttempt() {
        take();
        pass(ATTEMPT.plus(WAIT).plus(TICK).plus(TICK), 0);
        assertThat(takeRequests()).containsExactly("A request 1.2");
    }

    @Test
    void doesNotSendAnAtMostOnceRequestElsewhereAfterARefusalOfOneAttemptOfTwo() {
        welcome(0, LIFE);
        submit("one", ONCE);
        take();
        givenASecondAttempt();
        reply(0, 1, Status.BUSY, 0, "");
        disconnect(0);
        welcome(1, NEXT_LIFE);
        pass(WAIT.multipliedBy(4), 1);
        assertThat(take())
                .noneMatch(what -> what.startsWith("B request"))
                .contains("fail 1 MAY_HAVE_RUN it was sent, and the server it was sent to is gone");
    }

    @Test
    void sendsAnAtMostOnceRequestElsewhereOnceEveryAttemptWasRefused() {
        welcome(0, LIFE);
        submit("one", ONCE);
        givenASecondAttempt();
        reply(0, 1, Status.BUSY, 0, "");
        reply(0, 1, Status.BUSY, 0, "");
        disconnect(0);
        welcome(1, NEXT_LIFE);
        pass(WAIT.multipliedBy(4), 1);
        assertThat(takeRequests()).containsExactly("B request 1.3");
    }

    @Test
    void takesTheReplyToAnotherAttemptThanTheOneThatWasRefused() {
        welcome(0, LIFE);
        submit("one");
        givenASecondAttempt();
        reply(0, 1, Status.BUSY, 0, "");
        reply(0, 1);
        assertThat(take()).containsExactly("succeed 1");
    }

    @Test
    void doesNotSayThatARequestWasNotExecutedWhichAnotherServerMayHaveExecuted() {
        welcome(0, LIFE);
        submit("one");
        disconnect(0);
        welcome(1, NEXT_LIFE);
        take();
        reply(1, 1, Status.BUSY, 30_000, "");
        assertThat(take()).isEmpty();
        pass(CallOptions.DEFAULT_DEADLINE.plus(TICK), 1);
        assertThat(take()).contains("fail 1 TIMED_OUT").doesNotContain("fail 1 OVERLOADED");
    }

    /** The first attempt was lost with its connection, so nobody will ever refuse or answer that. */
    @Test
    void goesElsewhereAfterOneRefusalIfTheServerTakesNoRequests() {
        welcome(0, LIFE);
        submit("one");
        disconnect(0);
        welcome(1, NEXT_LIFE);
        assertThat(takeRequests()).containsExactly("A request 1.1", "B request 1.2");
        reply(1, 1, Status.NOT_ACTIVE, 0, "");
        pass(WAIT.multipliedBy(4), 1);
        welcome(0, LIFE);
        assertThat(takeRequests()).containsExactly("A request 1.3");
    }

    /** The server leaves it to the worker that has it, and another goes on with it. */
    @Test
    void doesNotSayThatNobodyServedWhatAWorkerHas() {
        welcome(0, LIFE);
        submit("one", ONCE);
        reply(0, 1, Status.NOT_ACTIVE, 1, 0, "");
        take();
        pass(CallOptions.DEFAULT_DEADLINE.plus(TICK), 0);
        assertThat(take()).contains("fail 1 MAY_HAVE_RUN");
    }
}
