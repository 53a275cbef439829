package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a worker comes, stays and goes. */
class PrvWorkerLinkTest extends PrvWorkerWorld {

    @Test
    void connectsAndIntroducesItself() {
        machine.onStart(nowNanos);
        assertThat(done).containsExactly("open", "ready 4 []");
    }

    @Test
    void beatsAlsoWhileBusyAndAsTheQueueWishes() {
        start();
        request(1);
        take();
        pass(BEAT.multipliedBy(2));
        assertThat(take()).containsExactly("beat", "beat");
        machine.onWelcome(nowNanos, QUEUE, 100, 0);
        pass(Duration.ofMillis(200));
        assertThat(take()).containsExactly("beat", "beat");
    }

    @Test
    void takesNoHeartbeatForGrantedThatNobodyCouldKeep() {
        start();
        machine.onWelcome(nowNanos, QUEUE, 0, 0);
        assertThat(machine.nextDeadlineNanos() - nowNanos)
                .isEqualTo(Duration.ofMillis(10).toNanos());
        machine.onWelcome(nowNanos, QUEUE, Integer.MAX_VALUE, 0);
        assertThat(machine.nextDeadlineNanos() - nowNanos)
                .isEqualTo(Duration.ofHours(1).toNanos());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MIN_VALUE, -1, Long.MAX_VALUE, Long.MAX_VALUE - 2_000_000_000L})
    void replacesItsSocketWhenTheQueueFallsSilentNeitherEarlyNorLateBusyOrNot(long originNanos) {
        nowNanos = originNanos;
        machine = newMachine(1, 4);
        start();
        request(1);
        take();
        pass(BEAT.multipliedBy(3).minus(MILLI));
        assertThat(take()).containsExactly("beat", "beat");
        pass(MILLI);
        assertThat(take()).containsExactly("abandon", "open", "ready 4 [1]");
    }

    @Test
    void anySignOfLifeKeepsTheConnection() {
        start();
        pass(BEAT.multipliedBy(2));
        machine.onHeartbeat(nowNanos);
        pass(BEAT.multipliedBy(2));
        machine.onMalformed(nowNanos);
        pass(BEAT.multipliedBy(2));
        assertThat(opened()).isZero();
        pass(BEAT);
        assertThat(opened()).isEqualTo(1);
    }

    @Test
    void doesNotTakeItsOwnStandingStillForTheSilenceOfTheQueue() {
        start();
        nowNanos += BEAT.multipliedBy(10).toNanos();
        machine.onTick(nowNanos);
        assertThat(take()).containsExactly("beat");
        pass(BEAT.multipliedBy(3).minus(MILLI));
        assertThat(opened()).isZero();
        pass(MILLI);
        assertThat(opened()).isEqualTo(1);
    }

    @Test
    void doesNotTakeBeatsForAnAnswerToReady() {
        machine.onStart(nowNanos);
        take();
        pass(BEAT.multipliedBy(2));
        machine.onHeartbeat(nowNanos);
        machine.onMalformed(nowNanos);
        pass(BEAT);
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
    }

    @Test
    void waitsLongerEachTimeWhenConnectionsDoNotLast() {
        start();
        machine.onDisconnected(nowNanos);
        assertThat(take()).containsExactly("abandon", "open", "ready 4 []");
        machine.onDisconnected(nowNanos);
        assertThat(take()).containsExactly("abandon");
        pass(Duration.ofSeconds(1).minus(MILLI));
        assertThat(take()).isEmpty();
        pass(MILLI);
        assertThat(take()).containsExactly("open", "ready 4 []");
    }

    @Test
    void introducesItselfAgainToAQueueThatDoesNotKnowIt() {
        start();
        request(1);
        take();
        // given that it did so an interval ago, not less
        pass(BEAT.minusNanos(1));
        machine.onGoodbye(nowNanos, Status.UNKNOWN_PEER);
        assertThat(take()).isEmpty();
        pass(Duration.ofNanos(1));
        take();
        // when it is unknown
        machine.onGoodbye(nowNanos, Status.UNKNOWN_PEER);
        machine.onGoodbye(nowNanos, Status.UNKNOWN_PEER);
        assertThat(take()).containsExactly("ready 4 [1]");
        end(1);
        assertThat(take()).isEmpty();
        welcome(QUEUE);
        assertThat(take()).containsExactly("reply 1 OK");
    }

    @Test
    void replacesItsSocketWhenAQueueOnlySaysThatItDoesNotKnowIt() {
        start();
        machine.onGoodbye(nowNanos, Status.UNKNOWN_PEER);
        pass(BEAT.multipliedBy(2));
        machine.onGoodbye(nowNanos, Status.UNKNOWN_PEER);
        pass(BEAT);
        assertThat(opened()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            names = {"OK", "UNAUTHORIZED", "NOT_ACTIVE"})
    void comesBackLaterToAQueueThatSaysGoodbye(Status why) {
        start();
        machine.onGoodbye(nowNanos, why);
        assertThat(take()).containsExactly("abandon");
        machine.onGoodbye(nowNanos, why);
        machine.onDisconnected(nowNanos);
        machine.onWelcome(nowNanos, QUEUE, BEAT_MILLIS, 0);
        assertThat(take()).isEmpty();
        pass(Duration.ofSeconds(1));
        assertThat(take()).containsExactly("open", "ready 4 []");
    }

    @Test
    void stopsWhenTheQueueHasHeardThatItDrains() {
        start();
        machine.onDrain(nowNanos);
        machine.onDrain(nowNanos);
        assertThat(take()).containsExactly("drain");
        machine.onDrainHeard(nowNanos);
        assertThat(take()).containsExactly("goodbye", "close", "drained");
        pass(BEAT.multipliedBy(9));
        machine.onDisconnected(nowNanos);
        machine.onGoodbye(nowNanos, Status.OK);
        machine.onWelcome(nowNanos, QUEUE, BEAT_MILLIS, 0);
        machine.onCancel(nowNanos, 1);
        request(1);
        assertThat(take()).isEmpty();
    }

    /** A GOODBYE that crosses a request which must not run twice would end that for nothing. */
    @Test
    void answersWhatCrossesItsDrain() {
        start();
        machine.onDrain(nowNanos);
        request(1);
        machine.onDrainHeard(nowNanos);
        assertThat(take()).containsExactly("drain", "handle 1");
        end(1);
        assertThat(take()).containsExactly("reply 1 OK", "goodbye", "close", "drained");
    }

    @Test
    void waitsOneIntervalForAQueueThatDoesNotAnswerDrain() {
        start();
        machine.onDrain(nowNanos);
        pass(BEAT.minusNanos(1));
        assertThat(take()).containsExactly("drain");
        pass(Duration.ofNanos(1));
        assertThat(take()).containsExactly("goodbye", "close", "drained");
    }

    /** A deadline that has passed and stays would look like a process that stands still, for which nobody is silent. */
    @Test
    void findsAQueueSilentThatDidNotAnswerItsDrain() {
        start();
        request(1);
        machine.onDrain(nowNanos);
        take();
        pass(BEAT);
        assertThat(machine.nextDeadlineNanos() - nowNanos).isPositive();
        pass(BEAT.multipliedBy(3));
        assertThat(take()).contains("abandon", "open", "ready 0 [1]", "drain");
    }

    @Test
    void wantsNothingNewWhenItComesBackWhileDraining() {
        start();
        request(1);
        machine.onDrain(nowNanos);
        take();
        machine.onDisconnected(nowNanos);
        assertThat(take()).containsExactly("abandon", "open", "ready 0 [1]", "drain");
        end(1);
        assertThat(take()).isEmpty();
        welcome(QUEUE);
        machine.onDrainHeard(nowNanos);
        assertThat(take()).containsExactly("reply 1 OK", "goodbye", "close", "drained");
    }

    @Test
    void stopsWithoutAWordWhenDrainedBetweenTwoConnections() {
        start();
        machine.onGoodbye(nowNanos, Status.OK);
        take();
        machine.onDrain(nowNanos);
        assertThat(take()).containsExactly("drained");
    }

    @Test
    void saysGoodbyeWhenClosedAndTellsItsHandlers() {
        start();
        request(1);
        take();
        machine.onClose();
        assertThat(take()).containsExactly("goodbye");
        assertThat(delivery(1).isCancelled()).isTrue();
        // but not between two connections
        machine = newMachine(1, 4);
        start();
        machine.onGoodbye(nowNanos, Status.OK);
        take();
        machine.onClose();
        assertThat(take()).isEmpty();
    }
}
