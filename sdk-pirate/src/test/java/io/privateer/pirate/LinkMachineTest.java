package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.Attempt;
import io.privateer.core.Attempt.Outcome;
import io.privateer.core.wire.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of connections, and of the calls on them. */
class LinkMachineTest extends ClientWorld {

    private static final Duration TICK = Duration.ofMillis(2);

    @Test
    void goesToTheNextServerAtOnceAndSendsAgainWhenThatHasShownItself() {
        welcome(0, LIFE);
        ClientCall call = submit("one");
        take();
        disconnect(0);
        assertThat(take()).containsExactly("A close", "A lost DISCONNECTED open 1", "B open", "B hello");
        submit("two");
        assertThat(take()).containsExactly("B request 2.1");
        welcome(1, LIFE);
        assertThat(take()).containsExactly("B request 1.2");
        assertThat(call.attempts()).extracting(Attempt::outcome).containsExactly(Outcome.DISCONNECTED);
        reply(1, 1);
        assertThat(take()).containsExactly("succeed 1");
    }

    @Test
    void waitsBeforeItTriesAServerAgain() {
        withOneEndpoint();
        welcome(0, LIFE);
        submit("one");
        take();
        disconnect(0);
        assertThat(take()).containsExactly("A close", "A lost DISCONNECTED open 1");
        submit("two");
        pass(WAIT.minus(TICK));
        assertThat(take()).isEmpty();
        pass(TICK.multipliedBy(2));
        assertThat(take()).containsExactly("A open", "A hello", "A request 2.1");
    }

    @Test
    void staysWithTheServerThatWorks() {
        disconnect(0);
        welcome(1, LIFE);
        take();
        pass(Duration.ofMinutes(1), 1);
        submit("one");
        assertThat(takeRequests()).containsExactly("B request 1.1");
    }

    @Test
    void givesAServerUpThatDoesNotAnswerTheHello() {
        verbose = true;
        take();
        pass(Duration.ofSeconds(2).minus(TICK));
        assertThat(take()).containsExactly("A beat", "A flush");
        pass(TICK);
        assertThat(take())
                .containsExactly(
                        "A breaker TIMED_OUT", "A close", "A lost TIMED_OUT open 0", "B open", "B hello", "B flush");
    }

    @Test
    void givesAServerUpThatFallsSilent() {
        welcome(0, LIFE);
        take();
        pass(Duration.ofMillis(2_990), 0);
        take();
        pass(Duration.ofMillis(2_999));
        assertThat(take()).doesNotContain("A close");
        pass(TICK);
        assertThat(take()).containsExactly("A close", "A lost TIMED_OUT open 0", "B open", "B hello");
    }

    @Test
    void doesNotCallOthersSilentWhenItStoodStillItself() {
        welcome(0, LIFE);
        pass(Duration.ofMillis(500), 0);
        take();
        nowNanos += Duration.ofMinutes(1).toNanos();
        machine.onTick(nowNanos);
        machine.flush(nowNanos);
        assertThat(take()).doesNotContain("A close");
        pass(Duration.ofSeconds(4));
        assertThat(take()).contains("A close");
    }

    @Test
    void whatItHearsAfterItStoodStillIsNoSignOfLifeInTheFuture() {
        withOneEndpoint();
        welcome(0, LIFE);
        pass(Duration.ofMillis(500), 0);
        nowNanos += Duration.ofMinutes(1).toNanos();
        machine.links().onHeard(nowNanos, 0); // Read before the tick that is late.
        machine.onTick(nowNanos);
        machine.flush(nowNanos);
        take();
        pass(Duration.ofSeconds(4));
        assertThat(take()).contains("A close");
    }

    @Test
    void greetsAnewInTimeWhenItStoodStillWhileTheServerForgotIt() {
        withOneEndpoint();
        welcome(0, LIFE);
        pass(Duration.ofMillis(500), 0);
        nowNanos += Duration.ofMinutes(1).toNanos();
        goodbye(0, Status.UNKNOWN_PEER);
        machine.onTick(nowNanos);
        machine.flush(nowNanos);
        assertThat(take()).contains("A hello").doesNotContain("A close");
        pass(Duration.ofSeconds(3));
        assertThat(take()).contains("A close");
    }

    @Test
    void beatsOnlyWhenItHasNothingElseToSay() {
        welcome(0, LIFE);
        take();
        for (int i = 1; i <= 5; i++) {
            pass(Duration.ofMillis(900), 0);
            submit("ask");
            reply(0, i);
        }
        assertThat(take()).noneMatch("A beat"::equals);
        pass(Duration.ofMillis(1_001), 0);
        assertThat(take()).contains("A beat");
    }

    @Test
    void holdsWhatAServerSaysOfItsHeartbeatWithinBounds() {
        machine.links().onWelcome(nowNanos, 0, LIFE, 0, 0, false);
        take();
        pass(Duration.ofMillis(25), 0);
        assertThat(take()).containsExactly("A beat", "A beat");
        machine.links().onWelcome(nowNanos, 0, LIFE, Integer.MAX_VALUE, Integer.MAX_VALUE, false);
        pass(Duration.ofSeconds(61), 0);
        assertThat(take()).contains("A beat");
    }

    @Test
    void leavesAServerThatSaysGoodbye() {
        welcome(0, LIFE);
        take();
        goodbye(0, Status.OK);
        assertThat(take()).containsExactly("A close", "A lost DISCONNECTED open 0", "B open", "B hello");
    }

    @ParameterizedTest
    @EnumSource(names = {"NOT_ACTIVE", "UNAUTHORIZED", "BUSY"})
    void leavesAServerThatDoesNotWantIt(Status why) {
        welcome(0, LIFE);
        take();
        goodbye(0, why);
        assertThat(take()).containsExactly("A close", "A lost REFUSED open 0", "B open", "B hello");
    }

    @Test
    void introducesItselfAgainToAServerThatHasForgottenItAndSendsEverythingAgain() {
        welcome(0, LIFE);
        submit("one");
        pass(Duration.ofMillis(1_500), 0);
        take();
        goodbye(0, Status.UNKNOWN_PEER);
        assertThat(take()).containsExactly("A hello");
        welcome(0, LIFE);
        assertThat(take()).containsExactly("A request 1.2");
    }

    @Test
    void leavesAServerThatForgetsItAllTheTime() {
        welcome(0, LIFE);
        pass(Duration.ofMillis(1_500), 0);
        goodbye(0, Status.UNKNOWN_PEER);
        welcome(0, LIFE);
        take();
        goodbye(0, Status.UNKNOWN_PEER);
        assertThat(take()).startsWith("A close");
    }

    @Test
    void sendsEverythingAgainWhenTheServerSaysThatItIsAnother() {
        welcome(0, LIFE);
        submit("one");
        submit("two");
        take();
        welcome(0, LIFE);
        assertThat(take()).isEmpty();
        welcome(0, NEXT_LIFE);
        assertThat(take()).containsExactly("A request 1.2", "A request 2.2");
    }

    @Test
    void doesNotRunFromServerToServerWhenAllSendItAway() {
        int opened = 0;
        for (int i = 0; i < 1_000; i++) {
            for (int endpoint = 0; endpoint < 2; endpoint++) {
                if (machine.links().all().at(endpoint) != null) {
                    welcome(endpoint, LIFE);
                    goodbye(endpoint, Status.OK);
                }
            }
            pass(Duration.ofMillis(1));
            opened +=
                    (int) take().stream().filter(what -> what.endsWith("open")).count();
        }
        assertThat(opened).isBetween(4, 16);
    }

    @Test
    void failsNewCallsWhenEveryBreakerIsOpenAndKeepsThoseThatItHas() {
        submit("one");
        openBreakers.add(0);
        openBreakers.add(1);
        disconnect(0);
        take();
        submit("two");
        assertThat(take()).containsExactly("fail 0 CIRCUIT_OPEN");
        openBreakers.remove(1);
        pass(Duration.ofSeconds(1));
        submit("three");
        welcome(1, LIFE);
        assertThat(takeRequests()).containsExactly("B request 2.1", "B request 1.2");
    }

    @Test
    void passesOverServersThatCannotBeReachedAtAll() {
        verbose = true;
        unreachable.add(0);
        newMachine(config -> config);
        assertThat(take()).endsWith("A unreachable", "A breaker UNREACHABLE", "B open", "B hello", "B flush");
        unreachable.add(1);
        newMachine(config -> config);
        take();
        submit("one");
        assertThat(take()).isEmpty();
        unreachable.remove(0);
        pass(WAIT.plus(TICK));
        assertThat(takeRequests()).hasSize(1).first().asString().startsWith("A request 1.1");
    }

    @Test
    void tellsTheBreakerOfEachConnectionOnce() {
        verbose = true;
        welcome(0, LIFE);
        welcome(0, NEXT_LIFE);
        disconnect(0);
        disconnect(0);
        assertThat(take().stream().filter(what -> what.contains("breaker"))).containsExactly("A breaker REPLIED");
    }

    @Test
    void takesNoNoticeOfConnectionsThatAreGone() {
        take();
        welcome(1, LIFE);
        goodbye(1, Status.OK);
        disconnect(1);
        assertThat(take()).isEmpty();
    }

    /** Every message that crossed the HELLO brings another goodbye. */
    @Test
    void doesNotLeaveAServerForTheGoodbyesToWhatCrossedItsHello() {
        welcome(0, LIFE);
        submit("one", OPTIONS.withDelivery(Delivery.ONCE));
        pass(Duration.ofMillis(1_500), 0);
        take();
        goodbye(0, Status.UNKNOWN_PEER);
        goodbye(0, Status.UNKNOWN_PEER);
        goodbye(0, Status.UNKNOWN_PEER);
        assertThat(take()).containsExactly("A hello");
        welcome(0, LIFE);
        assertThat(take()).containsExactly("A request 1.2");
    }
}
