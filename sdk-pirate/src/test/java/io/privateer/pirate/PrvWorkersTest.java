package io.privateer.pirate;

import static io.privateer.pirate.PrvWorld.FIRST;
import static io.privateer.pirate.QueueWorld.DELIVERIES_MAX;
import static io.privateer.pirate.QueueWorld.GRACE;
import static io.privateer.pirate.QueueWorld.HEARTBEAT;
import static io.privateer.pirate.QueueWorld.LEASE;
import static io.privateer.pirate.QueueWorld.SILENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.Status;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What workers of PRV/1 get, what they may keep, and how the queue finds out that they are lost. */
class PrvWorkersTest {

    private static final Duration MILLI = Duration.ofMillis(1);

    private final PrvWorld world = new PrvWorld();

    @BeforeEach
    void aClientIsThere() {
        world.hello("c1");
    }

    /** Whatever a test did, every accepted request is accounted for. */
    @AfterEach
    void everyAcceptedRequestIsSomewhere() {
        world.queue.assertNothingIsLost();
    }

    /** Lets worker 1 hold three requests, in one service. */
    private void givenThreeInFlight() {
        world.ready("p1", 3);
        for (int i = 1; i <= 3; i++) {
            world.request("c1", i, "r" + i);
        }
        world.takeSent();
        world.queue.takeTold();
    }

    @Test
    void letsAWorkerKeepOnANewConnectionWhatItStillHolds() {
        givenThreeInFlight();
        world.workerGone("p1");
        world.pass(GRACE.minus(MILLI));
        world.ready("p1-again", 3, 1, 3);
        assertThat(world.queue.takeTold()).containsExactly("returned 2 from p1 GAVE_BACK");
        assertThat(world.takeSent()).containsExactly("p1-again WELCOME", "p1-again REQUEST 4 x2: r2");
        world.reply("p1-again", 1, "a1");
        world.reply("p1-again", 3, "a3");
        assertThat(world.takeSent()).containsExactly("c1 REPLY 1 OK x1: a1", "c1 REPLY 3 OK x1: a3");
        world.pass(GRACE.multipliedBy(2));
        assertThat(world.stats().returned()).isEqualTo(1);
    }

    @Test
    void takesTheNewConnectionOfAWorkerWhoseOldOneItBelievesIn() {
        givenThreeInFlight();
        world.ready("p1-again", 3, 1, 2, 3, 77);
        world.takeSent();
        world.workerGone("p1");
        world.pass(GRACE.multipliedBy(2));
        assertThat(world.stats().returned()).isZero();
        world.beat("p1");
        assertThat(world.takeSent()).containsExactly("p1 GOODBYE UNKNOWN_PEER");
        world.reply("p1-again", 2, "a2");
        assertThat(world.takeSent()).containsExactly("c1 REPLY 2 OK x1: a2");
    }

    @Test
    void redeliversWhatALostWorkerHeldAfterTheGraceAndInOrder() {
        givenThreeInFlight();
        world.ready("p2", 3);
        world.takeSent();
        world.workerGone("p1");
        world.workerGone("p1");
        world.pass(GRACE.minus(MILLI));
        assertThat(world.takeSent()).isEmpty();
        world.pass(MILLI);
        assertThat(world.takeSent())
                .containsExactly("p2 REQUEST 4 x2: r1", "p2 REQUEST 5 x2: r2", "p2 REQUEST 6 x2: r3");
        assertThat(world.stats().workers()).isEqualTo(1);
    }

    @Test
    void forgetsAWorkerThatHeldNothingWithItsConnection() {
        world.ready("p1", 1);
        world.queue.takeTold();
        world.workerGone("p1");
        assertThat(world.queue.takeTold()).containsExactly("lost p1 DISCONNECTED");
        assertThat(world.stats().workers()).isZero();
    }

    @Test
    void losesAWorkerThatFallsSilentWhateverItHolds() {
        givenThreeInFlight();
        world.ready("p2", 3);
        world.takeSent();
        world.passBeating(SILENCE.plus(HEARTBEAT), "p2");
        assertThat(world.queue.takeTold())
                .containsExactly(
                        "joined p2",
                        "lost p1 SILENT",
                        "returned 3 from p1 SILENT",
                        "returned 2 from p1 SILENT",
                        "returned 1 from p1 SILENT");
        assertThat(world.takeSent())
                .containsExactly(
                        "p1 CANCEL 3",
                        "p1 CANCEL 2",
                        "p1 CANCEL 1",
                        "p2 REQUEST 4 x2: r1",
                        "p2 REQUEST 5 x2: r2",
                        "p2 REQUEST 6 x2: r3");
        // and it gets nothing new before it is done with anything that it held
        world.request("c1", 4, "r4");
        world.beat("p1");
        assertThat(world.takeSent()).isEmpty();
        world.reply("p1", 2, "late");
        assertThat(world.takeSent()).containsExactly("p1 REQUEST 7 x1: r4");
        assertThat(world.queue.takeTold()).containsExactly("joined p1");
        assertThat(world.stats().lateReplies()).isEqualTo(1);
    }

    @Test
    void forgetsAWorkerThatStaysSilentForLong() {
        world.ready("p1", 1);
        world.pass(SILENCE.multipliedBy(11));
        assertThat(world.stats().workers()).isZero();
        world.takeSent();
        world.beat("p1");
        assertThat(world.takeSent()).containsExactly("p1 GOODBYE UNKNOWN_PEER");
    }

    @Test
    void extendsTheLeaseOfADeliveryThatMakesProgress() {
        givenThreeInFlight();
        world.passBeating(LEASE.minus(HEARTBEAT), "p1");
        world.fromWorker("p1", it -> {
            it.progress(world.deliveryId(1));
            it.progress(world.deliveryId(3));
            it.progress(99);
        });
        world.passBeating(HEARTBEAT.multipliedBy(2), "p1");
        assertThat(world.queue.takeTold()).containsExactly("lost p1 LEASE_EXPIRED", "returned 2 from p1 LEASE_EXPIRED");
        assertThat(world.takeSent()).containsExactly("p1 CANCEL 2");
        world.passBeating(LEASE.minus(HEARTBEAT.multipliedBy(4)), "p1");
        assertThat(world.stats().inFlight()).isEqualTo(2);
    }

    @Test
    void givesNothingNewToAWorkerWithAnExpiredLeaseUntilItRepliesToAnything() {
        givenThreeInFlight();
        world.passBeating(LEASE.minus(HEARTBEAT), "p1", "c1");
        world.fromWorker("p1", it -> it.progress(world.deliveryId(3)));
        world.passBeating(HEARTBEAT.multipliedBy(2), "p1", "c1");
        assertThat(world.takeSent()).containsExactly("p1 CANCEL 1", "p1 CANCEL 2");
        assertThat(world.queue.takeTold())
                .filteredOn(it -> it.startsWith("lost"))
                .hasSize(1);
        world.beat("p1");
        assertThat(world.takeSent()).isEmpty();
        world.reply("p1", 3, "a3");
        assertThat(world.takeSent())
                .containsExactly("c1 REPLY 3 OK x1: a3", "p1 REQUEST 4 x2: r2", "p1 REQUEST 5 x2: r1");
        assertThat(world.queue.takeTold()).containsExactly("joined p1");
    }

    @Test
    void letsADrainingWorkerFinishAndGivesItNothing() {
        givenThreeInFlight();
        world.fromWorker("p1", Outbox::drain);
        world.reply("p1", 1, "a1");
        world.request("c1", 4, "r4");
        assertThat(world.takeSent()).containsExactly("p1 DRAIN", "c1 REPLY 1 OK x1: a1");
        world.reply("p1", 2, "a2");
        // what it still holds when it leaves comes back
        world.ready("p2", 3);
        world.takeSent();
        world.fromWorker("p1", it -> it.goodbye(Status.OK));
        assertThat(world.takeSent()).containsExactly("p2 REQUEST 5 x2: r3");
        assertThat(world.queue.takeTold())
                .containsExactly("joined p2", "lost p1 GAVE_BACK", "returned 3 from p1 GAVE_BACK");
        assertThat(world.stats().workers()).isEqualTo(1);
        world.workerGone("p1");
    }

    @Test
    void heedsAChangeOfCredit() {
        world.ready("p1", 0);
        world.request("c1", 1, "r1");
        world.request("c1", 2, "r2");
        assertThat(world.stats().inFlight()).isZero();
        world.fromWorker("p1", it -> it.credit(2));
        assertThat(world.stats().inFlight()).isEqualTo(2);
        world.fromWorker("p1", it -> it.credit(1));
        world.reply("p1", 1, "a1");
        world.request("c1", 3, "r3");
        assertThat(world.stats().inFlight()).isEqualTo(1);
        world.fromWorker("p1", it -> it.credit(0));
        world.reply("p1", 2, "a2");
        assertThat(world.stats().inFlight()).isZero();
    }

    @Test
    void givesRequestsToTheWorkersOfTheirService() {
        world.readyFor("print", "p1", 1);
        world.ready("p2", 1);
        world.takeSent();
        world.request("c1", 1, FIRST, 0, Prv.NO_TTL, "print", "page");
        world.request("c1", 2, FIRST, 0, Prv.NO_TTL, "scan", "page");
        assertThat(world.takeSent()).containsExactly("p1 REQUEST 1 x1 for print: page");
        assertThat(world.stats().pending()).isEqualTo(1);
        // and a worker may move
        world.readyFor("scan", "p2", 1);
        assertThat(world.takeSent()).containsExactly("p2 WELCOME", "p2 REQUEST 2 x1 for scan: page");
        world.queue.request("anon-c1", "to nobody");
        world.endTurn();
        assertThat(world.takeSent()).isEmpty();
    }

    @Test
    void remembersAServiceWhileARequestForItIsInFlight() {
        // given a worker that moves on while it holds a request of its old service
        world.readyFor("print", "p1", 1);
        world.request("c1", 1, FIRST, 0, Prv.NO_TTL, "print", "page");
        world.readyFor("scan", "p1", 1, 1);
        // when so many services are asked for that unused ones are forgotten
        for (int i = 0; i < 1_100; i++) {
            world.request("c1", 2 + i, FIRST, 0, 0, "service" + i, "");
        }
        world.readyFor("print", "p2", 1);
        world.takeSent();
        // then the request is not forgotten with its service
        world.fromWorker("p1", it -> it.goodbye(Status.OK));
        assertThat(world.takeSent()).containsExactly("p2 REQUEST 2 x2 for print: page");
    }

    @Test
    void givesUpARequestAfterItsLastDelivery() {
        world.request("c1", 1, "poison");
        for (int i = 1; i <= DELIVERIES_MAX; i++) {
            world.ready("p1", 1);
            world.takeSent();
            world.fromWorker("p1", it -> it.goodbye(Status.OK));
        }
        assertThat(world.takeSent()).containsExactly("c1 REPLY 1 REDELIVERY_EXHAUSTED x" + DELIVERIES_MAX);
        assertThat(world.stats().deadLettered()).isEqualTo(1);
    }

    @Test
    void dropsAnAbandonedRequestThatComesBack() {
        world.ready("p1", 1);
        world.request("c1", 1, "ask");
        world.fromClient("c1", it -> it.cancel(1));
        world.takeSent();
        world.fromWorker("p1", it -> it.goodbye(Status.OK));
        assertThat(world.takeSent()).isEmpty();
        assertThat(world.stats().abandoned()).isEqualTo(1);
    }

    @Test
    void takesAReplyOnlyFromTheWorkerThatHoldsTheDelivery() {
        world.ready("p1", 1);
        world.ready("p2", 1);
        world.request("c1", 1, "ask");
        world.takeSent();
        world.reply("p2", 1, "forged");
        assertThat(world.takeSent()).isEmpty();
        assertThat(world.stats().lateReplies()).isEqualTo(1);
        world.fromWorker("p2", it -> it.progress(world.deliveryId(1)));
        world.fromWorker("p2", it -> it.reply(Long.MIN_VALUE | 0xFFFFFF, Status.OK, 0, 0, null));
        assertThat(world.stats().lateReplies()).isEqualTo(2);
    }

    @Test
    void findsEveryDeliveryOfMany() {
        // given more in flight than the table of deliveries holds at first
        world.ready("p1", 1_000);
        for (int i = 1; i <= 200; i++) {
            world.request("c1", i, "r");
        }
        world.takeSent();
        // when they are answered the other way round
        for (int i = 200; i >= 1; i--) {
            world.reply("p1", i, "a");
        }
        // then each has been
        assertThat(world.stats().answered()).isEqualTo(200);
        assertThat(world.takeSent()).hasSize(200).startsWith("c1 REPLY 200 OK x1: a");
    }
}
