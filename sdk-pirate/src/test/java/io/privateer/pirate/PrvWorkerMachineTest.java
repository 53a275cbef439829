package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a worker does with what it holds. */
class PrvWorkerMachineTest extends PrvWorkerWorld {

    @Test
    void handlesADeliveryAndReplies() {
        start();
        request(1);
        assertThat(take()).containsExactly("handle 1");
        assertThat(machine.running()).isEqualTo(1);
        end(1);
        assertThat(take()).containsExactly("reply 1 OK");
        assertThat(machine.held()).isZero();
    }

    @Test
    void handlesAsManyAtOnceAsItsConcurrencyInOrderOfArrival() {
        machine = newMachine(2, 4);
        start();
        request(1);
        request(2);
        request(3);
        request(4);
        assertThat(take()).containsExactly("handle 1", "handle 2");
        assertThat(machine.held()).isEqualTo(4);
        end(2);
        assertThat(take()).containsExactly("reply 2 OK", "handle 3");
        end(1);
        assertThat(take()).containsExactly("reply 1 OK", "handle 4");
    }

    @Test
    void dropsWhatComesBeyondTwiceItsCredit() {
        start();
        for (int id = 1; id <= 10; id++) {
            request(id);
        }
        assertThat(machine.held()).isEqualTo(8);
        assertThat(machine.counters().droppedJobs).isEqualTo(2);
    }

    @Test
    void dropsWhatComesBeforeWelcome() {
        machine.onStart(nowNanos);
        request(1);
        assertThat(machine.held()).isZero();
        assertThat(machine.counters().droppedJobs).isEqualTo(1);
    }

    @Test
    void answersWhatHasExpiredBeforeItsTurnWithoutHandlingIt() {
        start();
        request(1);
        requestWithTtl(2, BEAT);
        requestWithTtl(3, BEAT.plusNanos(1_000));
        pass(BEAT);
        take();
        end(1);
        assertThat(take()).containsExactly("reply 1 OK", "reply 2 EXPIRED", "handle 3");
        assertThat(machine.counters().expired).isEqualTo(1);
    }

    @Test
    void takesTheLongestTimeToLiveForAYear() {
        start();
        PrvDelivery delivery = newDelivery(1, Long.MAX_VALUE);
        machine.onRequest(nowNanos, delivery);
        assertThat(delivery.remaining()).contains(Duration.ofDays(365));
        nowNanos += Duration.ofDays(366).toNanos();
        assertThat(delivery.remaining()).contains(Duration.ZERO);
    }

    @Test
    void repliesAtOnceToACancelledDeliveryThatWaits() {
        start();
        request(1);
        request(2);
        request(3);
        take();
        machine.onCancel(nowNanos, 2);
        machine.onCancel(nowNanos, 2);
        assertThat(machine.held()).isEqualTo(2);
        assertThat(take()).containsExactly("reply 2 EXPIRED", "not held 2");
        end(1);
        assertThat(take()).containsExactly("reply 1 OK", "handle 3");
        assertThat(machine.counters().cancelled).isEqualTo(1);
    }

    @Test
    void saysThatItDoesNotHoldACancelledDeliveryWhichItMayHaveDropped() {
        start();
        machine.onCancel(nowNanos, 9);
        assertThat(take()).containsExactly("not held 9");
        machine.onDisconnected(nowNanos);
        take();
        machine.onCancel(nowNanos, 9);
        assertThat(take()).isEmpty();
    }

    @Test
    void tellsTheHandlerOfACancelledDeliveryAndRepliesAllTheSame() {
        start();
        request(1);
        machine.onCancel(nowNanos, 1);
        machine.onCancel(nowNanos, 1);
        assertThat(delivery(1).isCancelled()).isTrue();
        assertThat(machine.counters().cancelled).isEqualTo(1);
        assertThat(machine.held()).isEqualTo(1);
        end(1);
        assertThat(take()).containsExactly("handle 1", "reply 1 OK");
    }

    @Test
    void doesNotCancelWhatIsDoneAndWaitsForAConnection() {
        start();
        request(1);
        machine.onDisconnected(nowNanos);
        end(1);
        machine.onCancel(nowNanos, 1);
        assertThat(machine.counters().cancelled).isZero();
        assertThat(machine.held()).isEqualTo(1);
    }

    @Test
    void runsTheActionsOfACancelledRequestOnceEach() {
        start();
        request(1);
        List<String> told = new ArrayList<>();
        delivery(1).onCancel(() -> told.add("first"));
        delivery(1).onCancel(() -> {
            throw new AssertionError("broken");
        });
        delivery(1).onCancel(() -> told.add("third"));
        take();
        machine.onCancel(nowNanos, 1);
        assertThat(told).containsExactly("first", "third");
        delivery(1).onCancel(() -> told.add("late"));
        assertThat(told).containsExactly("first", "third", "late");
        assertThat(take()).containsExactly("action failed");
    }

    @Test
    void passesProgressOnOnlyWhileAHandlerIsAtWorkAndTheQueueListens() {
        start();
        request(1);
        request(2);
        PrvDelivery first = delivery(1);
        machine.onProgress(first);
        assertThat(take()).containsExactly("handle 1", "progress 1");
        machine.onDisconnected(nowNanos);
        take();
        machine.onProgress(first);
        assertThat(take()).isEmpty();
        welcome(QUEUE);
        end(1);
        take();
        machine.onProgress(first);
        assertThat(take()).isEmpty();
    }

    @Test
    void sendsProgressAtMostOnceInTenMilliseconds() {
        start();
        request(1);
        take();
        delivery(1).progress();
        delivery(1).progress();
        nowNanos += Duration.ofMillis(10).toNanos() - 1;
        delivery(1).progress();
        assertThat(take()).containsExactly("progress 1");
        nowNanos++;
        delivery(1).progress();
        assertThat(take()).containsExactly("progress 1");
    }

    @Test
    void keepsWhatItHoldsThroughALostConnection() {
        machine = newMachine(2, 4);
        start();
        request(1);
        request(2);
        request(3);
        take();
        // when the connection is lost and one handler ends meanwhile
        machine.onDisconnected(nowNanos);
        end(1);
        assertThat(take()).containsExactly("abandon", "open", "ready 4 [1, 2, 3]", "handle 3");
        // then its reply goes out as soon as the same queue has answered
        welcome(QUEUE);
        assertThat(take()).containsExactly("reply 1 OK");
        end(2);
        end(3);
        assertThat(take()).containsExactly("reply 2 OK", "reply 3 OK");
        assertThat(machine.counters().vainReplies).isZero();
    }

    @Test
    void givesUpWhatItHoldsWhenTheQueueIsAnother() {
        machine = newMachine(2, 4);
        start();
        request(1);
        request(2);
        request(3);
        request(4);
        PrvDelivery running = delivery(2);
        machine.onDisconnected(nowNanos);
        end(1); // 3 starts
        machine.onDisconnected(nowNanos);
        pass(Duration.ofSeconds(1));
        take();
        // when another incarnation answers
        welcome(OTHER_QUEUE);
        // then the reply that waited is in vain, those at work are told, and what waited is forgotten
        assertThat(machine.held()).isZero();
        assertThat(machine.counters().vainReplies).isEqualTo(1);
        assertThat(machine.counters().cancelled).isEqualTo(3);
        assertThat(running.isCancelled()).isTrue();
        // and they keep their handlers until they return
        request(1);
        assertThat(take()).isEmpty();
        machine.onHandled(nowNanos, running);
        assertThat(take()).containsExactly("handle 1");
        assertThat(machine.counters().vainReplies).isEqualTo(2);
        assertThat(machine.running()).isEqualTo(2);
    }

    @Test
    void finishesWhatItHoldsWhenDrained() {
        start();
        request(1);
        request(2);
        request(3);
        take();
        machine.onDrain(nowNanos);
        end(1);
        machine.onCancel(nowNanos, 3);
        assertThat(take()).containsExactly("drain", "reply 1 OK", "handle 2", "reply 3 EXPIRED");
        machine.onDrainHeard(nowNanos);
        end(2);
        assertThat(take()).containsExactly("reply 2 OK", "goodbye", "close", "drained");
    }

    @Test
    void doesNotRunWhatWasCancelledWhileItIntroducedItselfAgain() {
        start();
        request(1);
        request(2);
        pass(BEAT);
        machine.onGoodbye(nowNanos, Status.UNKNOWN_PEER);
        machine.onCancel(nowNanos, 2);
        take();
        end(1);
        assertThat(take()).doesNotContain("handle 2");
    }
}
