package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The side of a worker that faces a queue of a pair, of which another takes over; and its other side. */
class WorkerTakeoverTest extends PrvWorkerWorld {

    private final PrvWorkerMachine first = newMachine(2, 4);

    @BeforeEach
    void heldOfTheFirstQueue() {
        first.onStart(nowNanos);
        first.onWelcome(nowNanos, QUEUE, BEAT_MILLIS, true, false);
        machine.onStart(nowNanos);
        machine.onWelcome(nowNanos, OTHER_QUEUE, BEAT_MILLIS, true, false);
        otherSide = first;
        done.clear();
    }

    private void takeOver() {
        machine.onWelcome(nowNanos, QUEUE, BEAT_MILLIS, true, true);
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
        first.onWelcome(nowNanos, QUEUE, BEAT_MILLIS, true, false);
        // then
        assertThat(take()).containsExactly("reply 1 OK");
    }

    @Test
    void givesNothingToAQueueThatKnowsNothingOfTheOneBefore() {
        first.onRequest(nowNanos, newDelivery(1, -1));
        take();
        machine.onWelcome(nowNanos, NEXT_QUEUE, BEAT_MILLIS, true, true);
        assertThat(take()).containsExactly("taken over 4 []");
        assertThat(first.held()).isEqualTo(1);
    }

    @Test
    void keepsNoReplyForAQueueThatAcknowledgesNone() {
        first.onWelcome(nowNanos, QUEUE, BEAT_MILLIS, false, false);
        first.onRequest(nowNanos, newDelivery(1, -1));
        endAtFirst(1);
        take();
        takeOver();
        assertThat(take()).containsExactly("taken over 4 []");
    }
}
