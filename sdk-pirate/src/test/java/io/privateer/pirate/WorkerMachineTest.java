package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.Backoff;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerMachineTest implements WorkerPort {

    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Backoff RECONNECT = Backoff.exponential(Duration.ofSeconds(1), Duration.ofSeconds(32), 0);

    private final List<String> done = new ArrayList<>();
    private long nowNanos = Long.MAX_VALUE - Duration.ofSeconds(2).toNanos();
    private WorkerMachine machine = newMachine();

    private WorkerMachine newMachine() {
        return new WorkerMachine(BEAT.toNanos(), 3, RECONNECT, new SplittableRandom(1), this);
    }

    @Test
    void connectsAndSaysThatItIsReady() {
        machine.onStart(nowNanos);
        assertThat(done).containsExactly("open", "ready");
    }

    @Test
    void handlesAJobAndRepliesUnderItsAddress() {
        start();
        job("d1", "ask");
        machine.onHandled(nowNanos, frames("answer"));
        assertThat(take()).containsExactly("handle ask", "reply d1 answer");
    }

    @Test
    void letsASecondJobWaitUntilTheFirstIsDone() {
        start();
        job("d1", "a");
        job("d2", "b");
        assertThat(take()).containsExactly("handle a");
        machine.onHandled(nowNanos, frames("A"));
        assertThat(take()).containsExactly("reply d1 A", "handle b");
    }

    @Test
    void countsWhatItHoldsWhetherItWorksOrWaits() {
        start();
        assertThat(machine.isBusy()).isFalse();
        assertThat(machine.held()).isZero();
        job("d1", "a");
        job("d2", "b");
        assertThat(machine.isBusy()).isTrue();
        assertThat(machine.held()).isEqualTo(2);
        machine.onDisconnected(nowNanos);
        assertThat(machine.isBusy()).isTrue();
        assertThat(machine.held()).isEqualTo(1);
    }

    @Test
    void takesAnyWordOfTheQueueForASignOfLife() {
        start();
        for (int i = 0; i < 10; i++) {
            pass(BEAT.multipliedBy(2));
            machine.onMalformed(nowNanos);
        }
        assertThat(take()).containsOnly("beat");
    }

    @Test
    void givesAFailedJobBackBySayingReady() {
        start();
        job("d1", "ask");
        machine.onFailed(nowNanos);
        assertThat(take()).containsExactly("handle ask", "ready");
    }

    @Test
    void beatsOnceAnIntervalWhileIdle() {
        start();
        pass(BEAT.multipliedBy(2));
        assertThat(take()).containsExactly("beat", "beat");
    }

    @Test
    void doesNotBeatWhileBusyToAQueueThatWouldTakeItForReady() {
        start();
        machine.onHeartbeat(nowNanos, false);
        job("d1", "ask");
        pass(BEAT.multipliedBy(5));
        assertThat(take()).containsExactly("handle ask");
    }

    @Test
    void beatsWhileBusyToAQueueThatSaidItUnderstands() {
        start();
        machine.onHeartbeat(nowNanos, true);
        assertThat(take()).containsExactly("beatWhileBusy");
        job("d1", "ask");
        pass(BEAT.multipliedBy(2));
        assertThat(take()).containsExactly("handle ask", "beatWhileBusy", "beatWhileBusy");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MIN_VALUE, -1, Long.MAX_VALUE, Long.MAX_VALUE - 2_000_000_000L})
    void replacesItsSocketWhenTheQueueFallsSilentNeitherEarlyNorLate(long originNanos) {
        nowNanos = originNanos;
        machine = newMachine();
        start();
        pass(BEAT.multipliedBy(3).minus(MILLI));
        assertThat(take()).containsExactly("beat", "beat");
        pass(MILLI);
        assertThat(take()).containsExactly("close", "open", "ready");
    }

    @Test
    void doesNotTakeItsOwnStandingStillForTheSilenceOfTheQueue() {
        start();
        nowNanos += BEAT.multipliedBy(10).toNanos();
        machine.onTick(nowNanos);
        assertThat(take()).containsExactly("beat");
        // but then the queue has no more than its time
        pass(BEAT.multipliedBy(3).minus(MILLI));
        assertThat(opened()).isZero();
        pass(MILLI);
        assertThat(opened()).isEqualTo(1);
    }

    @Test
    void givesEachFurtherSocketMorePatience() {
        start();
        pass(BEAT.multipliedBy(3));
        assertThat(opened()).isEqualTo(1);
        pass(BEAT.multipliedBy(3).plusSeconds(1).minus(MILLI));
        assertThat(opened()).isZero();
        pass(MILLI);
        assertThat(opened()).isEqualTo(1);
        pass(BEAT.multipliedBy(3).plusSeconds(2).minus(MILLI));
        assertThat(opened()).isZero();
        pass(MILLI);
        assertThat(opened()).isEqualTo(1);
    }

    @Test
    void losesItsPatienceAnewOnceTheQueueWasHeard() {
        start();
        pass(BEAT.multipliedBy(3));
        machine.onHeartbeat(nowNanos, false);
        take();
        pass(BEAT.multipliedBy(3));
        assertThat(opened()).isEqualTo(1);
    }

    @Test
    void doesNotJudgeTheQueueWhileBusyAndGivesItFullTimeAfterwards() {
        start();
        job("d1", "ask");
        pass(BEAT.multipliedBy(10));
        machine.onHandled(nowNanos, frames("answer"));
        assertThat(take()).containsExactly("handle ask", "reply d1 answer");
        pass(BEAT.multipliedBy(3).minus(MILLI));
        assertThat(opened()).isZero();
    }

    @Test
    void replacesItsSocketAtOnceWhenTheConnectionIsLost() {
        start();
        machine.onDisconnected(nowNanos);
        assertThat(take()).containsExactly("close", "open", "ready");
    }

    @Test
    void waitsLongerEachTimeWhenConnectionsDoNotLast() {
        start();
        machine.onDisconnected(nowNanos);
        take();
        machine.onDisconnected(nowNanos);
        assertThat(take()).containsExactly("close");
        pass(Duration.ofSeconds(1).minus(MILLI));
        assertThat(take()).isEmpty();
        pass(MILLI);
        assertThat(take()).containsExactly("open", "ready");
    }

    @Test
    void discardsTheReplyToWhatCameOverALostConnection() {
        start();
        job("d1", "ask");
        machine.onDisconnected(nowNanos);
        assertThat(take()).containsExactly("handle ask", "close", "open");
        machine.onHandled(nowNanos, frames("answer"));
        assertThat(take()).containsExactly("ready");
        assertThat(machine.vainReplies()).isEqualTo(1);
        assertThat(machine.reopenedSockets()).isEqualTo(1);
    }

    @Test
    void forgetsWhatWaitedWhenTheConnectionIsLost() {
        start();
        job("d1", "a");
        job("d2", "b");
        machine.onDisconnected(nowNanos);
        take();
        machine.onHandled(nowNanos, frames("A"));
        assertThat(take()).containsExactly("ready");
    }

    @Test
    void doesNotBeatWhileBusyToTheNextQueueBeforeThatSaysItUnderstands() {
        start();
        machine.onHeartbeat(nowNanos, true);
        machine.onDisconnected(nowNanos);
        job("d1", "ask");
        take();
        pass(BEAT.multipliedBy(2));
        assertThat(take()).isEmpty();
    }

    @Test
    void stopsAtOnceWhenDrainedWhileIdle() {
        start();
        machine.onDrain(nowNanos);
        assertThat(take()).containsExactly("close", "drained");
        pass(BEAT.multipliedBy(9));
        machine.onDisconnected(nowNanos);
        assertThat(take()).isEmpty();
    }

    @Test
    void finishesWhatItHoldsWhenDrainedWhileBusy() {
        start();
        job("d1", "a");
        job("d2", "goes back with the connection");
        machine.onDrain(nowNanos);
        assertThat(take()).containsExactly("handle a");
        machine.onHandled(nowNanos, frames("A"));
        assertThat(take()).containsExactly("reply d1 A", "close", "drained");
    }

    @Test
    void countsJobsThatNoSaneQueueSends() {
        start();
        for (int i = 0; i < 70; i++) {
            job("d" + i, "job");
        }
        assertThat(machine.droppedJobs()).isEqualTo(5);
    }

    private void start() {
        machine.onStart(nowNanos);
        done.clear();
    }

    private void job(String address, String body) {
        machine.onJob(nowNanos, frames(address), frames(body));
    }

    private void pass(Duration time) {
        long untilNanos = nowNanos + time.toNanos();
        while (untilNanos - machine.nextDeadlineNanos() >= 0 && machine.nextDeadlineNanos() - nowNanos > 0) {
            nowNanos = machine.nextDeadlineNanos();
            machine.onTick(nowNanos);
        }
        nowNanos = untilNanos;
        machine.onTick(nowNanos);
    }

    private List<String> take() {
        List<String> taken = List.copyOf(done);
        done.clear();
        return taken;
    }

    private long opened() {
        return take().stream().filter("open"::equals).count();
    }

    private static byte[][] frames(String text) {
        return new byte[][] {text.getBytes(StandardCharsets.UTF_8)};
    }

    private static String text(byte[][] frames) {
        return new String(frames[0], StandardCharsets.UTF_8);
    }

    @Override
    public void open() {
        done.add("open");
    }

    @Override
    public void closeSocket() {
        done.add("close");
    }

    @Override
    public void sendReady() {
        done.add("ready");
    }

    @Override
    public void sendHeartbeat(boolean whileBusy) {
        done.add(whileBusy ? "beatWhileBusy" : "beat");
    }

    @Override
    public void sendReply(byte[][] address, byte[][] body) {
        done.add("reply " + text(address) + " " + text(body));
    }

    @Override
    public void handle(byte[][] body) {
        done.add("handle " + text(body));
    }

    @Override
    public void drained() {
        done.add("drained");
    }
}
