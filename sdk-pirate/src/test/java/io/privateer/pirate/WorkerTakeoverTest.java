package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.Prv;
import io.privateer.core.wire.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The side of a worker that faces a queue of a pair, of which another takes over; and its other side. */
class WorkerTakeoverTest extends PrvWorkerWorld {

    private final PrvWorkerMachine first = newMachine(2, 4);

    @BeforeEach
    void heldOfTheFirstQueue() {
        first.onStart(nowNanos);
        first.onWelcome(nowNanos, QUEUE, BEAT_MILLIS, Prv.ACKNOWLEDGES);
        machine.onStart(nowNanos);
        machine.onWelcome(nowNanos, OTHER_QUEUE, BEAT_MILLIS, Prv.ACKNOWLEDGES);
        otherSide = first;
        done.clear();
    }

    private void takeOver() {
        machine.onWelcome(nowNanos, QUEUE, BEAT_MILLIS, Prv.ACKNOWLEDGES | Prv.TAKEOVER);
    }

    private void endAtFirst(long id) {
        delivery(id).end(Status.OK, null, false);
        first.onHandled(nowNanos, delivery(id));
    }

    @Test
    void tellsTheQueueThatTakesOverWhatItHoldsAndRepliesToIt() {
        // given one that runs and one whose reply has been sent and may be lost
        first.onRequest(nowNanos, newDelivery(1, -1));
        first.onRequest(nowNanos, newDelivery(2, -1));
        endAtFirst(1);
        take();
        // when
        takeOver();
        // then
        assertThat(take()).containsExactly("taken over 4 [2, 1]", "reply 1 OK");
        assertThat(first.held()).isZero();
        endAtFirst(2);
        assertThat(take()).containsExactly("reply 2 OK");
        assertThat(first.running()).isZero();
        assertThat(machine.held()).isZero();
    }

    @Test
    void forgetsAReplyThatIsAcknowledged() {
        first.onRequest(nowNanos, newDelivery(1, -1));
        endAtFirst(1);
        first.onAcknowledge(nowNanos, 1);
        take();
        takeOver();
        assertThat(take()).containsExactly("taken over 4 []");
    }

    @Test
    void saysAReplyAgainOnANewConnectionToTheSameQueue() {
        // given
        first.onRequest(nowNanos, newDelivery(1, -1));
        endAtFirst(1);
        take();
        // when
        first.onDisconnected(nowNanos);
        assertThat(take()).contains("ready 4 [1]");
        first.onWelcome(nowNanos, QUEUE, BEAT_MILLIS, Prv.ACKNOWLEDGES);
        // then
        assertThat(take()).containsExactly("reply 1 OK");
    }

    @Test
    void givesNothingToAQueueThatKnowsNothingOfTheOneBefore() {
        first.onRequest(nowNanos, newDelivery(1, -1));
        take();
        machine.onWelcome(nowNanos, NEXT_QUEUE, BEAT_MILLIS, Prv.ACKNOWLEDGES | Prv.TAKEOVER);
        assertThat(take()).containsExactly("taken over 4 []");
        assertThat(first.held()).isEqualTo(1);
    }

    @Test
    void keepsWhatItHoldsWhenItsQueueComesBackAndStandsBy() {
        // given one that runs, one that waits for its turn, and one whose reply may be lost
        PrvWorkerMachine narrow = newMachine(1, 4);
        otherSide = narrow;
        narrow.onStart(nowNanos);
        narrow.onWelcome(nowNanos, QUEUE, BEAT_MILLIS, Prv.ACKNOWLEDGES);
        narrow.onRequest(nowNanos, newDelivery(1, -1));
        delivery(1).end(Status.OK, null, false);
        narrow.onHandled(nowNanos, delivery(1));
        narrow.onRequest(nowNanos, newDelivery(2, -1));
        narrow.onRequest(nowNanos, newDelivery(3, -1));
        // when the queue's process begins anew, before the other one has taken over
        narrow.onDisconnected(nowNanos);
        narrow.onWelcome(nowNanos, NEXT_QUEUE, BEAT_MILLIS, Prv.ACKNOWLEDGES | Prv.STANDBY);
        take();
        // then it is told nothing, and the other one all
        delivery(2).end(Status.OK, null, false);
        narrow.onHandled(nowNanos, delivery(2));
        assertThat(take()).containsExactly("handle 3");
        takeOver();
        assertThat(take()).containsExactly("taken over 4 [2, 3, 1]", "reply 2 OK", "reply 1 OK");
    }

    @Test
    void forgetsWhatItHoldsOfAQueueWhoseNextLifeServes() {
        first.onRequest(nowNanos, newDelivery(1, -1));
        first.onDisconnected(nowNanos);
        first.onWelcome(nowNanos, NEXT_QUEUE, BEAT_MILLIS, Prv.ACKNOWLEDGES | Prv.STANDBY);
        assertThat(first.held()).isEqualTo(1);
        first.onWelcome(nowNanos, NEXT_QUEUE, BEAT_MILLIS, Prv.ACKNOWLEDGES);
        assertThat(first.held()).isZero();
    }

    @Test
    void beatsToAQueueThatStandsByInAnotherLife() {
        first.onWelcome(nowNanos, NEXT_QUEUE, BEAT_MILLIS, Prv.ACKNOWLEDGES | Prv.STANDBY);
        take();
        nowNanos += BEAT.toNanos();
        first.onTick(nowNanos);
        assertThat(take()).containsExactly("beat");
    }

    @Test
    void beginsWhatWaitedAtItsOtherSide() {
        // given as much as one side does at once, and one more
        first.onRequest(nowNanos, newDelivery(1, -1));
        first.onRequest(nowNanos, newDelivery(2, -1));
        first.onRequest(nowNanos, newDelivery(3, -1));
        take();
        // when
        takeOver();
        // then
        assertThat(take()).containsExactly("taken over 4 [1, 2, 3]", "handle 3");
    }

    @Test
    void saysAReplyAgainToAQueueThatDidNotKnowWhoSaidIt() {
        // given
        first.onRequest(nowNanos, newDelivery(1, -1));
        endAtFirst(1);
        nowNanos += BEAT.toNanos();
        take();
        // when
        first.onGoodbye(nowNanos, Status.UNKNOWN_PEER);
        // then
        assertThat(take()).containsExactly("ready 4 [1]");
        first.onWelcome(nowNanos, QUEUE, BEAT_MILLIS, Prv.ACKNOWLEDGES);
        assertThat(take()).containsExactly("reply 1 OK");
        first.onAcknowledge(nowNanos, 1);
        takeOver();
        assertThat(take()).containsExactly("taken over 4 []");
    }

    @Test
    void handsOverNothingThatWasTakenFromItBeforeItsTurn() {
        first.onRequest(nowNanos, newDelivery(1, -1));
        first.onRequest(nowNanos, newDelivery(2, -1));
        first.onRequest(nowNanos, newDelivery(3, -1));
        first.onDisconnected(nowNanos);
        first.onCancel(nowNanos, 3);
        take();
        takeOver();
        assertThat(take()).containsExactly("taken over 4 [1, 2]");
    }

    @Test
    void keepsNoReplyForAQueueThatAcknowledgesNone() {
        first.onWelcome(nowNanos, QUEUE, BEAT_MILLIS, 0);
        first.onRequest(nowNanos, newDelivery(1, -1));
        endAtFirst(1);
        take();
        takeOver();
        assertThat(take()).containsExactly("taken over 4 []");
    }
}
