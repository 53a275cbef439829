package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What becomes of calls while a server drains, or stands by for another. */
class InactiveServersTest extends ClientWorld {

    private static final CallOptions ONCE = OPTIONS.withDelivery(Delivery.ONCE);

    @Test
    void goesToTheOtherServerWhenOneIsNotActive() {
        welcome(0, LIFE);
        submit("one");
        submit("two", ONCE);
        take();
        reply(0, 1, Status.NOT_ACTIVE, 0, "");
        reply(0, 2, Status.NOT_ACTIVE, 0, "");
        // then both go to the other, the at-most-once request too, because it has not run
        assertThat(take()).containsExactly("A inactive", "B open", "B hello");
        welcome(1, NEXT_LIFE);
        assertThat(take()).containsExactly("B request 1.2", "B request 2.2");
    }

    @Test
    void waitsForTheOnlyServerToBecomeActive() {
        withOneEndpoint();
        welcome(0, LIFE);
        submit("one");
        take();
        reply(0, 1, Status.NOT_ACTIVE, 200, "");
        assertThat(take()).containsExactly("A inactive");
        // when it is asked, once an interval, and says that it takes requests now
        pass(Duration.ofMillis(1_001), 0);
        assertThat(take()).containsExactly("A hello with a vote");
        standBy(0, LIFE);
        pass(Duration.ofMillis(990), 0);
        assertThat(take()).isEmpty();
        welcome(0, LIFE);
        assertThat(takeRequests()).containsExactly("A request 1.2");
    }

    @Test
    void letsADrainingServerFinishAndAsksTheOtherMeanwhile() {
        welcome(0, LIFE);
        submit("held", ONCE);
        take();
        // when the server takes no more
        drain(0);
        submit("new");
        assertThat(take()).containsExactly("A inactive", "B open", "B hello", "B request 2.1");
        welcome(1, NEXT_LIFE);
        // then it is not asked again for what it holds, and its answer counts
        pass(Duration.ofSeconds(4), 0, 1);
        assertThat(takeRequests()).noneMatch(request -> request.contains("request 1"));
        reply(0, 1);
        assertThat(take()).contains("succeed 1");
    }

    @Test
    void sendsWhatADrainingServerRefusedToItsSuccessorWithoutSparing() {
        // given a client that has no retries to spare
        newMachine(config -> config.endpoints("tcp://a:1").inFlightMax(100));
        welcome(0, LIFE);
        drain(0);
        take();
        for (int call = 1; call <= 30; call++) {
            submit("call " + call);
        }
        assertThat(takeRequests()).isEmpty();
        // when the server has gone, and another life of it is there
        goodbye(0, Status.OK);
        pass(Duration.ofSeconds(1));
        welcome(0, NEXT_LIFE);
        // then all go out, for the first time
        assertThat(takeRequests()).hasSize(30).allMatch(request -> request.endsWith(".1"));
    }

    @Test
    void votesAtServersThatStandByAndTakesTheFirstThatServes() {
        // given a call, and two servers that stand by
        submit("one");
        standBy(0, LIFE);
        standBy(1, NEXT_LIFE);
        assertThat(take()).contains("A hello with a vote", "B hello with a vote");
        // when one begins to serve
        welcome(1, NEXT_LIFE);
        // then it gets what the other did not take
        reply(0, 1, Status.NOT_ACTIVE, 0, "");
        assertThat(takeRequests()).containsExactly("B request 1.2");
    }

    @Test
    void doesNotHedgeToAServerThatStandsBy() {
        welcome(0, LIFE);
        submit("one", OPTIONS.withHedgeAfter(Duration.ofMillis(50)));
        pass(Duration.ofMillis(60), 0);
        standBy(1, NEXT_LIFE);
        take();
        submit("two", OPTIONS.withHedgeAfter(Duration.ofMillis(50)));
        pass(Duration.ofMillis(100), 0, 1);
        assertThat(takeRequests()).containsExactly("A request 2.1");
    }

    @Test
    void saysThatNothingWasExecutedWhereEveryServerRefused() {
        withOneEndpoint();
        welcome(0, LIFE);
        submit("one", OPTIONS.withDeadline(Duration.ofSeconds(1)));
        reply(0, 1, Status.NOT_ACTIVE, 0, "");
        pass(Duration.ofMillis(1_010), 0);
        assertThat(take()).contains("fail 1 NOT_SERVED");
    }

    @Test
    void doesNotSayThatNothingWasExecutedWhereAServerLetGoOfWhatItHadDelivered() {
        withOneEndpoint();
        welcome(0, LIFE);
        submit("one", OPTIONS.withDeadline(Duration.ofSeconds(1)));
        letGo(0, 1);
        pass(Duration.ofMillis(1_010), 0);
        assertThat(take()).contains("fail 1 TIMED_OUT");
    }

    @Test
    void doesNotSaySoOfAHedgedCallEither() {
        welcome(0, LIFE);
        submit("one", OPTIONS.withHedgeAfter(Duration.ofMillis(50)).withDeadline(Duration.ofSeconds(1)));
        pass(Duration.ofMillis(60), 0);
        letGo(1, 1);
        standBy(1, NEXT_LIFE);
        reply(0, 1, Status.NOT_ACTIVE, 0, "");
        pass(Duration.ofSeconds(1), 0, 1);
        assertThat(take()).contains("fail 1 TIMED_OUT");
    }

    @Test
    void takesAnAtMostOnceRequestOnlyToWhoGoesOnForTheServerThatLetGoOfIt() {
        welcome(0, LIFE);
        submit("one", ONCE);
        letGo(0, 1);
        take();
        // when the other goes on as the same incarnation
        welcome(1, LIFE);
        assertThat(takeRequests()).containsExactly("B request 1.2");
        // and when it goes on as another
        letGo(1, 1);
        welcome(0, NEXT_LIFE);
        assertThat(take()).contains("fail 1 MAY_HAVE_RUN it was sent, and the server it was sent to is gone");
    }

    @Test
    void goesOnFromASecondServerThatRefusesWhatTheFirstMayHaveRun() {
        welcome(0, LIFE);
        submit("one");
        disconnect(0);
        welcome(1, NEXT_LIFE);
        assertThat(takeRequests()).containsExactly("A request 1.1", "B request 1.2");
        // when the second takes no more, and the first is back, without a newer epoch
        reply(1, 1, Status.NOT_ACTIVE, 0, "");
        pass(WAIT.multipliedBy(2), 1);
        welcome(0, LIFE);
        assertThat(takeRequests()).containsExactly("A request 1.3");
    }

    @Test
    void takesTheRefusalOfAServerThatHeldTwoAttemptsForTheEndOfBoth() {
        twoAttempts(OPTIONS);
        reply(0, 1, Status.NOT_ACTIVE, 0, "");
        welcome(1, NEXT_LIFE);
        assertThat(takeRequests()).containsExactly("B request 1.3");
    }

    @Test
    void saysAtOnceThatAnAtMostOnceRequestMayHaveRunOfWhichOneAttemptOfTwoWasRefused() {
        twoAttempts(ONCE);
        reply(0, 1, Status.NOT_ACTIVE, 0, "");
        welcome(1, NEXT_LIFE);
        assertThat(take())
                .contains("fail 1 MAY_HAVE_RUN it was sent, and the server it was sent to is gone")
                .noneMatch(what -> what.contains("request"));
    }

    private void twoAttempts(CallOptions options) {
        welcome(0, LIFE);
        submit("one", options);
        pass(CallOptions.DEFAULT_ATTEMPT_TIMEOUT.plus(WAIT.multipliedBy(2)), 0);
        assertThat(takeRequests()).containsExactly("A request 1.1", "A request 1.2");
    }

    @Test
    void saysThatNothingWasExecutedWhereBothServersOfAHedgedCallRefused() {
        welcome(0, LIFE);
        submit("one", OPTIONS.withHedgeAfter(Duration.ofMillis(50)).withDeadline(Duration.ofSeconds(1)));
        pass(Duration.ofMillis(60), 0);
        assertThat(takeRequests()).containsExactly("A request 1.1", "B request 1.2");
        reply(1, 1, Status.NOT_ACTIVE, 0, "");
        standBy(1, NEXT_LIFE);
        reply(0, 1, Status.NOT_ACTIVE, 0, "");
        pass(Duration.ofSeconds(1), 0, 1);
        assertThat(take()).contains("fail 1 NOT_SERVED");
    }

    @Test
    void takesItsCallsAwayFromAServerThatAnotherHasReplaced() {
        // given a call at a server that works
        welcome(0, LIFE);
        submit("one");
        take();
        // when it turns out that it has been replaced
        machine.links().onStale(nowNanos, 0);
        machine.flush(nowNanos);
        // then it is told, and the other gets the call
        assertThat(take()).contains("A inactive", "B open", "B hello", "A hello with a vote");
        welcome(1, NEXT_LIFE);
        assertThat(takeRequests()).containsExactly("B request 1.2");
        // and what it says next counts for nothing, once
        machine.links().onStale(nowNanos, 0);
        machine.flush(nowNanos);
        assertThat(take()).isEmpty();
    }

    @Test
    void takesAllOthersForReplacedWhenOneKnowsANewerEpoch() {
        // given two servers of which the first serves
        welcome(0, LIFE);
        submit("one", OPTIONS.withHedgeAfter(Duration.ofMillis(50)));
        pass(Duration.ofMillis(60), 0);
        standBy(1, NEXT_LIFE);
        take();
        // when the second has taken over
        machine.links().onNewerEpoch(nowNanos, 1);
        welcome(1, NEXT_LIFE);
        // then it gets what the first has
        assertThat(take()).contains("A inactive").anyMatch(what -> what.startsWith("B request 1."));
        // and when the first has taken over again, it gets what comes
        machine.links().onNewerEpoch(nowNanos, 0);
        welcome(0, LIFE);
        take();
        submit("two");
        assertThat(takeRequests()).containsExactly("A request 2.1");
    }
}
