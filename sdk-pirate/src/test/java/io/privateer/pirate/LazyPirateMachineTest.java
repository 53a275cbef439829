package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.privateer.core.Attempt;
import io.privateer.core.Attempt.Outcome;
import io.privateer.core.Backoff;
import io.privateer.core.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LazyPirateMachineTest implements LazyPiratePort {

    private static final Duration TIMEOUT = Duration.ofMillis(2_500);
    private static final Duration WAIT = Duration.ofMillis(100);
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final RequestOptions OPTIONS = RequestOptions.defaults();
    private static final String A = "tcp://a:1";
    private static final String B = "tcp://b:1";

    private final List<String> done = new ArrayList<>();
    private final Set<Integer> openBreakers = new HashSet<>();
    private final Set<Integer> unreachable = new HashSet<>();
    private List<Attempt> failedAttempts = List.of();
    private long nowNanos = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos();
    private Duration settle = Duration.ZERO;
    private LazyPirateMachine machine = newMachine(A);

    private LazyPirateMachine newMachine(String... endpoints) {
        Backoff backoff = Backoff.exponential(WAIT, Duration.ofSeconds(1), 0);
        return new LazyPirateMachine(List.of(endpoints), backoff, settle.toNanos(), new SplittableRandom(1), this);
    }

    @Test
    void sendsAndHandsOverTheReply() {
        submit(OPTIONS);
        machine.onReply(nowNanos, frames("answer"));
        assertThat(take()).containsExactly("open 0", "send ask", "REPLIED 0", "succeed answer");
        assertThat(machine.isIdle()).isTrue();
    }

    @Test
    void keepsTheSocketForTheNextRequest() {
        submit(OPTIONS);
        machine.onReply(nowNanos, frames("answer"));
        take();
        submit(OPTIONS);
        assertThat(take()).containsExactly("send ask");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MIN_VALUE, -1, Long.MAX_VALUE, Long.MAX_VALUE - 2_500_000_000L + 1})
    void reopensTheSocketAndSendsAgainOnceTheTimeoutHasPassed(long originNanos) {
        nowNanos = originNanos;
        machine = newMachine(A);
        submit(OPTIONS);
        take();
        pass(TIMEOUT.minusNanos(1));
        assertThat(take()).isEmpty();
        pass(Duration.ofNanos(1));
        assertThat(take()).containsExactly("TIMED_OUT 0", "close", "retry 2");
        pass(WAIT.minusNanos(1));
        assertThat(take()).isEmpty();
        pass(Duration.ofNanos(1));
        assertThat(take()).containsExactly("open 0", "send ask");
    }

    @Test
    void givesUpAfterTheLastAttemptAndTellsEachOfThem() {
        submit(OPTIONS);
        pass(Duration.ofSeconds(10));
        assertThat(take()).endsWith("TIMED_OUT 0", "close", "fail TIMED_OUT");
        assertThat(failedAttempts).hasSize(3).allSatisfy(attempt -> {
            assertThat(attempt.endpoint()).isEqualTo(A);
            assertThat(attempt.outcome()).isEqualTo(Outcome.TIMED_OUT);
            assertThat(attempt.elapsed()).isEqualTo(TIMEOUT);
        });
        assertThat(machine.isIdle()).isTrue();
    }

    @Test
    void triesAnEndpointItHasNotTriedWithoutWaitingAndStaysWithTheOneThatAnswers() {
        machine = newMachine(A, B);
        submit(OPTIONS);
        pass(TIMEOUT);
        assertThat(take())
                .containsExactly("open 0", "send ask", "TIMED_OUT 0", "close", "retry 2", "open 1", "send ask");
        machine.onReply(nowNanos, frames("answer"));
        take();
        submit(OPTIONS);
        assertThat(take()).containsExactly("send ask");
    }

    @Test
    void asksTheOtherServerAtOnceWhenOneRefusesAndComesBackAfterAWhile() {
        machine = newMachine(A, B);
        submit(OPTIONS);
        take();
        // when both stand by
        machine.onRefused(nowNanos);
        assertThat(take()).containsExactly("REPLIED 0", "close", "open 1", "send ask");
        machine.onRefused(nowNanos);
        assertThat(take()).containsExactly("REPLIED 1", "close");
        pass(WAIT);
        assertThat(take()).containsExactly("open 0", "send ask");
        // then all of that is one attempt, which ends in time
        machine.onReply(nowNanos, frames("answer"));
        assertThat(take()).containsExactly("REPLIED 0", "succeed answer");
    }

    @Test
    void staysWithAServerThatStandsByForOneThatIsGone() {
        machine = newMachine(A, B);
        submit(OPTIONS);
        machine.onDisconnected(nowNanos);
        take();
        // when the other does not serve yet
        machine.onRefused(nowNanos);
        pass(WAIT);
        machine.onRefused(nowNanos);
        pass(WAIT);
        // then it is asked again and again, and not the one that is gone
        assertThat(take()).containsExactly("REPLIED 1", "send ask", "REPLIED 1", "send ask");
    }

    @Test
    void givesUpWhenEverybodyRefusesForAllItsAttempts() {
        submit(OPTIONS);
        for (int i = 0; i < 1_000 && !machine.isIdle(); i++) {
            machine.onRefused(nowNanos);
            pass(WAIT);
        }
        assertThat(machine.isIdle()).isTrue();
        assertThat(failedAttempts).hasSize(3).allMatch(attempt -> attempt.outcome() == Outcome.REFUSED);
        machine.onRefused(nowNanos);
        assertThat(machine.strayReplies()).isPositive();
    }

    @Test
    void letsAPairOfTheGuideSettleBeforeItAsksTheOther() {
        settle = Duration.ofSeconds(2);
        machine = newMachine(A, B);
        submit(OPTIONS);
        pass(TIMEOUT);
        take();
        pass(settle.minus(MILLI));
        assertThat(take()).isEmpty();
        pass(MILLI);
        assertThat(take()).containsExactly("open 1", "send ask");
        // but not before one that is gone
        machine.onDisconnected(nowNanos);
        pass(WAIT);
        assertThat(take()).contains("open 0", "send ask");
    }

    @Test
    void waitsBeforeItTriesTheFirstEndpointAgain() {
        machine = newMachine(A, B);
        submit(OPTIONS);
        pass(TIMEOUT.multipliedBy(2));
        take();
        pass(WAIT.minus(MILLI));
        assertThat(take()).isEmpty();
        pass(MILLI);
        assertThat(take()).containsExactly("open 0", "send ask");
    }

    @Test
    void doesNotWaitForAReplyThatALostConnectionCannotBring() {
        machine = newMachine(A, B);
        submit(OPTIONS);
        take();
        machine.onDisconnected(nowNanos);
        assertThat(take()).containsExactly("DISCONNECTED 0", "close", "retry 2", "open 1", "send ask");
    }

    @Test
    void goesOnAtOnceFromAnEndpointThatCannotBeConnectedTo() {
        machine = newMachine(A, B);
        unreachable.add(0);
        submit(OPTIONS);
        assertThat(take()).containsExactly("open 0", "UNREACHABLE 0", "retry 2", "open 1", "send ask");
    }

    @Test
    void waitsBetweenAttemptsWhenNothingCanBeConnectedTo() {
        unreachable.add(0);
        submit(OPTIONS);
        assertThat(take()).containsExactly("open 0", "UNREACHABLE 0", "retry 2");
        pass(Duration.ofSeconds(1));
        assertThat(take()).endsWith("fail TIMED_OUT");
        assertThat(failedAttempts).hasSize(3);
    }

    @Test
    void skipsEndpointsWhoseBreakerIsOpen() {
        machine = newMachine(A, B);
        openBreakers.add(0);
        submit(OPTIONS);
        assertThat(take()).containsExactly("open 1", "send ask");
    }

    @Test
    void failsAtOnceWhenEveryBreakerIsOpen() {
        machine = newMachine(A, B);
        openBreakers.addAll(Set.of(0, 1));
        submit(OPTIONS);
        assertThat(take()).containsExactly("fail CIRCUIT_OPEN");
        assertThat(machine.isIdle()).isTrue();
    }

    @Test
    void endsAtTheDeadlineInTheMiddleOfAnAttempt() {
        submit(OPTIONS.withDeadline(Duration.ofSeconds(3)));
        pass(Duration.ofSeconds(3).minus(MILLI));
        assertThat(machine.isIdle()).isFalse();
        pass(MILLI);
        assertThat(take()).endsWith("fail TIMED_OUT");
        assertThat(failedAttempts).hasSize(2);
    }

    @Test
    void doesNotWaitForAnAttemptThatWouldBeginAfterTheDeadline() {
        submit(OPTIONS.withDeadline(TIMEOUT.plus(WAIT)));
        pass(TIMEOUT);
        assertThat(take()).endsWith("fail TIMED_OUT");
    }

    @Test
    void dropsRepliesThatNobodyWaitsFor() {
        machine.onReply(nowNanos, frames("out of nowhere"));
        submit(OPTIONS);
        pass(TIMEOUT);
        machine.onReply(nowNanos, frames("too late"));
        assertThat(take()).doesNotContain("succeed too late", "succeed out of nowhere");
        assertThat(machine.strayReplies()).isEqualTo(2);
    }

    @Test
    void endsWhenTheCallerGivesUpWhateverItIsDoing() {
        machine.onGiveUp(nowNanos, Reason.CLOSED);
        assertThat(take()).isEmpty();
        submit(OPTIONS);
        take();
        machine.onGiveUp(nowNanos, Reason.INTERRUPTED);
        assertThat(take()).containsExactly("ABANDONED 0", "close", "fail INTERRUPTED");
        submit(OPTIONS);
        pass(TIMEOUT);
        take();
        machine.onGiveUp(nowNanos, Reason.CLOSED);
        assertThat(take()).containsExactly("fail CLOSED");
    }

    @Test
    void closesTheSocketWhenTheConnectionIsLostWhileIdle() {
        machine.onDisconnected(nowNanos);
        machine.onTick(nowNanos);
        assertThat(take()).isEmpty();
        submit(OPTIONS);
        machine.onReply(nowNanos, frames("answer"));
        take();
        machine.onDisconnected(nowNanos);
        submit(OPTIONS);
        assertThat(take()).containsExactly("close", "open 0", "send ask");
    }

    @Test
    void saysThatItSentNothingOnlyWhenItSentNothing() {
        submit(OPTIONS);
        openBreakers.add(0);
        pass(Duration.ofSeconds(4));
        assertThat(take()).endsWith("retry 2", "fail TIMED_OUT");
        assertThat(failedAttempts).hasSize(1);
    }

    @Test
    void refusesASecondRequestWhileOneIsOutstanding() {
        submit(OPTIONS);
        assertThatThrownBy(() -> submit(OPTIONS)).isInstanceOf(IllegalStateException.class);
    }

    private void submit(RequestOptions options) {
        long leftNanos = options.deadline().map(Duration::toNanos).orElse(Long.MAX_VALUE);
        machine.onSubmit(nowNanos, frames("ask"), options, leftNanos);
    }

    private void pass(Duration time) {
        long untilNanos = nowNanos + time.toNanos();
        while (!machine.isIdle() && untilNanos - machine.nextDeadlineNanos() >= 0) {
            nowNanos = machine.nextDeadlineNanos();
            machine.onTick(nowNanos - 1); // Early ticks change nothing.
            machine.onTick(nowNanos);
        }
        nowNanos = untilNanos;
    }

    private List<String> take() {
        List<String> taken = List.copyOf(done);
        done.clear();
        return taken;
    }

    private static byte[][] frames(String text) {
        return new byte[][] {text.getBytes(StandardCharsets.UTF_8)};
    }

    private static String text(byte[][] frames) {
        return new String(frames[0], StandardCharsets.UTF_8);
    }

    @Override
    public boolean open(int endpoint) {
        done.add("open " + endpoint);
        return !unreachable.contains(endpoint);
    }

    @Override
    public void closeSocket() {
        done.add("close");
    }

    @Override
    public boolean send(byte[][] body) {
        done.add("send " + text(body));
        return true;
    }

    @Override
    public boolean tryAcquire(int endpoint) {
        return !openBreakers.contains(endpoint);
    }

    @Override
    public void ended(int endpoint, Attempt attempt) {
        done.add(attempt.outcome() + " " + endpoint);
    }

    @Override
    public void retrying(Attempt failed, int nextAttempt, long waitNanos) {
        done.add("retry " + nextAttempt);
    }

    @Override
    public void succeed(byte[][] body) {
        done.add("succeed " + text(body));
    }

    @Override
    public void fail(Reason reason, List<Attempt> attempts) {
        done.add("fail " + reason);
        failedAttempts = attempts;
    }
}
