package io.privateer.pirate;

import static io.privateer.pirate.QueueWorld.LEASE;
import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.Status;
import io.privateer.pirate.Lending.Capacity;
import io.privateer.pirate.Lending.Credit;
import io.privateer.pirate.Lending.Holding;
import io.privateer.pirate.Lending.ServiceCapacity;
import io.privateer.pirate.LendingWorld.Cluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What becomes of what was lent when somebody gives up, drains, leaves or talks nonsense, and what a lender says of itself. */
class LendingOrderTest extends WestAndEast {

    @Test
    void aRequestThatNobodyWantsAnyMoreIsCancelledAtTheLender() {
        east.hasWorker("p2", 1);
        west.request(1);
        east.sent();
        west.world.fromClient("c1", it -> it.cancel(1));
        net.settle();
        assertThat(east.sent()).containsExactly("p2 CANCEL 1");
        assertThat(west.world.stats().inFlight()).isEqualTo(1);
        east.world.reply("p2", 1, Status.EXPIRED, "");
        net.settle();
        assertThat(west.world.stats().inFlight()).isZero();
        assertThat(west.world.stats().abandoned()).isEqualTo(1);
        assertThat(east.world.stats().abandoned()).isEqualTo(1);
    }

    @Test
    void aRequestThatNobodyWantsAnyMoreEndsWhenItIsRefused() {
        net.unreachable.add("east");
        west.request(1);
        west.world.fromClient("c1", it -> it.cancel(1));
        net.settle();
        net.unreachable.clear();
        net.disconnect("west", "east");
        net.pass(BLINK);
        assertThat(west.world.stats().abandoned()).isEqualTo(1);
        assertThat(west.world.stats().pending()).isZero();
    }

    @Test
    void aLostWorkersRequestStaysWithTheLenderWhileAnotherIsFree() {
        east.hasWorker("p1", 1);
        east.hasWorker("p2", 1);
        west.request(1);
        assertThat(east.sent()).containsExactly("p1 REQUEST 1 x1: r1");
        east.world.fromWorker("p1", it -> it.goodbye(Status.OK));
        net.settle();
        assertThat(east.sent()).containsExactly("p2 REQUEST 2 x2: r1");
    }

    @Test
    void aLostWorkersRequestComesBackIfNoOtherIsFree() {
        east.hasWorker("p1", 1);
        west.request(1);
        east.sent();
        east.world.fromWorker("p1", it -> it.goodbye(Status.OK));
        net.settle();
        assertThat(west.world.stats().pending()).isEqualTo(1);
        assertThat(west.world.stats().returned()).isEqualTo(1);
        west.hasWorker("p1", 1);
        west.reply("p1", 1, "a1");
        assertThat(west.sent()).contains("c1 REPLY 1 OK x2: a1");
    }

    @Test
    void aHungWorkerOfALenderIsFoundByTheLendersLease() {
        east.hasWorker("p1", 1);
        east.hasWorker("p2", 1);
        west.request(1);
        assertThat(east.sent()).containsExactly("p1 REQUEST 1 x1: r1");
        net.pass(LEASE.plus(Duration.ofSeconds(1)));
        assertThat(east.sent()).contains("p1 CANCEL 1", "p2 REQUEST 2 x2: r1");
        east.reply("p2", 2, "a1");
        assertThat(west.sent()).contains("c1 REPLY 1 OK x1: a1");
        assertThat(west.world.stats().returned()).isZero();
    }

    @Test
    void aWorkerThatAsksItsQueueForTimeGetsIt() {
        east.hasWorker("p2", 1);
        west.request(1);
        for (int i = 0; i < 3; i++) {
            net.pass(LEASE.dividedBy(2).plus(BLINK));
            east.world.fromWorker("p2", it -> it.progress(east.world.deliveryId(1)));
            net.settle();
        }
        assertThat(west.world.stats().returned()).isZero();
        assertThat(east.world.stats().returned()).isZero();
        east.reply("p2", 1, "a1");
        assertThat(west.sent()).contains("c1 REPLY 1 OK x1: a1");
    }

    @Test
    void aLenderThatLeavesInOrderFinishesWhatItHas() {
        east.hasWorker("p2", 5);
        west.request(1);
        west.lenders().close(west.now(), "east", true);
        net.settle();
        west.request(2);
        assertThat(west.world.stats().pending()).isEqualTo(1);
        east.reply("p2", 1, "a1");
        assertThat(west.sent()).contains("c1 REPLY 1 OK x1: a1");
        assertThat(west.lenders().get("east")).isNull();
    }

    @Test
    void whatAForsakenLenderHadComesBackAtOnceAndIsCancelledThere() {
        east.hasWorker("p2", 5);
        west.request(1);
        east.sent();
        west.lenders().close(west.now(), "east", false);
        net.settle();
        assertThat(west.world.stats().pending()).isEqualTo(1);
        assertThat(east.sent()).containsExactly("p2 CANCEL 1");
        assertThat(west.lenders().get("east")).isNull();
        west.lenders().close(west.now(), "east", false);
        west.lenders().credit(west.now(), "east", Map.of("", new Credit(1, 1)));
    }

    @Test
    void whatAForsakenLenderStillFindsOutIsNoAnswerToAnotherRequest() {
        // given a request in the hands of a lender that does not hear the borrower's goodbye, and answered at home
        east.hasWorker("p1", 1);
        west.request(1);
        net.unreachable.add("east");
        west.lenders().close(west.now(), "east", false);
        net.settle();
        west.hasWorker("w1", 1);
        west.reply("w1", 1, "a1 of west");
        assertThat(west.sent()).contains("c1 REPLY 1 OK x2: a1 of west");
        // when the lender's worker is done after all, and the lender is asked for something else
        east.reply("p1", 1, "a1 of east");
        net.unreachable.clear();
        west.borrows("east", 1);
        west.request(2); // For the worker at home.
        west.request(3);
        // then that is no answer
        assertThat(east.sent()).contains("p1 REQUEST 2 x1: r3");
        assertThat(west.sent()).noneMatch(it -> it.contains("of east"));
    }

    @Test
    void aLenderThatMovesIsAnother() {
        Cluster moved = net.cluster("east-2");
        east.hasWorker("p2", 1);
        moved.hasWorker("p3", 1);
        west.request(1);
        west.lenders().open(west.now(), "east", new PeerId(0, 1), "east-2");
        net.settle();
        west.credit("east", 1);
        assertThat(moved.sent()).containsExactly("p3 REQUEST 1 x1: r1");
    }

    @Test
    void aLenderThatDrainsFinishesWhatItHasAndGetsNoMore() {
        east.hasWorker("p2", 5);
        west.request(1);
        east.machine().onDrain(east.now());
        net.settle();
        west.request(2);
        assertThat(west.world.stats().pending()).isEqualTo(1);
        east.reply("p2", 1, "a1");
        assertThat(west.sent()).contains("c1 REPLY 1 OK x1: a1");
        assertThat(east.machine().capacity.now().services())
                .extracting(ServiceCapacity::spare)
                .containsOnly(0);
    }

    @Test
    void aLenderKeepsNoReplyThatHasArrived() {
        east.hasWorker("p2", 1);
        for (int i = 1; i <= 20; i++) {
            west.request(i);
            east.reply("p2", i, "a" + i);
        }
        net.pass(Duration.ofSeconds(2));
        assertThat(east.world.stats().repliesKept()).isZero();
    }

    @Test
    void fillsWhatIsFetchedAheadWhenNobodyIsFreeItsOwnWorkersFirst() {
        // given a worker of its own and one of a lender, each of which does one at a time and holds two
        west.hasWorker("w1", 2);
        east.hasWorker("p2", 2);
        west.lenders().credit(west.now(), "east", Map.of("", new Credit(1, 2)));
        for (int i = 1; i <= 5; i++) {
            west.request(i);
        }
        assertThat(west.sent()).containsExactly("w1 REQUEST 1 x1: r1", "w1 REQUEST 2 x1: r3");
        assertThat(east.sent()).containsExactly("p2 REQUEST 1 x1: r2", "p2 REQUEST 2 x1: r4");
        // when the own one is done with the first, then it has nothing to spare, and takes the next only to hold it
        west.reply("w1", 1, "a1");
        assertThat(west.sent()).containsExactly("c1 REPLY 1 OK x1: a1", "w1 REQUEST 3 x1: r5");
    }

    @Test
    void saysWhatItsWorkersCouldDoAndWhatBorrowersHave() {
        east.hasWorker("p2", 3);
        assertThat(east.machine().capacity.now())
                .isEqualTo(new Capacity(true, List.of(new ServiceCapacity("", 2, 1, 0)), List.of()));
        west.request(1);
        assertThat(east.machine().capacity.now())
                .isEqualTo(new Capacity(
                        true,
                        List.of(new ServiceCapacity("", 1, 1, 0)),
                        List.of(new Holding(new UUID(42, "west".hashCode()), "", 1))));
        for (int i = 1; i <= 4; i++) {
            east.request(i);
        }
        assertThat(east.machine().capacity.now().services()).containsExactly(new ServiceCapacity("", 0, 0, 2));
    }

    @Test
    void underAnotherNameTheQueueIsAnotherBorrower() {
        east.hasWorker("p2", 5);
        west.request(1);
        east.sent();
        west.lenders().forgetAll(west.now());
        net.settle();
        net.pass(BLINK);
        assertThat(west.told).endsWith("lost east GAVE_BACK", "welcomed by east");
        assertThat(east.sent()).containsExactly("p2 CANCEL 1", "p2 REQUEST 2 x1: r1");
    }

    /** Whoever is opened anew while the lender still knows the queue must not get an old reply, nor silence. */
    @Test
    void aLenderThatIsOpenedAnewWithoutHavingHeardOfItIsAskedUnderNewIds() {
        east.hasWorker("p2", 5);
        west.request(1);
        east.reply("p2", 1, "a1");
        net.unreachable.add("east");
        west.lenders().close(west.now(), "east", false);
        net.unreachable.clear();
        west.borrows("east", 5);
        west.sent();
        west.request(2);
        east.reply("p2", 2, "a2");
        assertThat(west.sent()).containsExactly("c1 REPLY 2 OK x1: a2");
    }

    @Test
    void whatWasCancelledIsNotAskedForAgainOnANewConnection() {
        east.hasWorker("p2", 5);
        west.world.once("c1", 1, 1, "r1");
        net.settle();
        west.world.fromClient("c1", it -> it.cancel(1));
        net.settle();
        net.unreachable.add("west");
        east.world.reply("p2", 1, Status.EXPIRED, "");
        net.settle();
        net.unreachable.clear();
        east.sent();
        net.disconnect("west", "east");
        net.pass(BLINK);
        assertThat(east.sent()).isEmpty();
        assertThat(west.world.stats().abandoned()).isEqualTo(1);
        assertThat(west.world.stats().inFlight()).isZero();
    }

    @Test
    void aRequestThatLosesWorkerAfterWorkerTravelsNoFurther() {
        east.hasWorker("p1", 1);
        east.hasWorker("p2", 1);
        west.request(1);
        for (String worker : List.of("p1", "p2")) {
            east.world.fromWorker(worker, it -> it.goodbye(Status.OK));
            net.settle();
        }
        assertThat(west.world.stats().pending()).isEqualTo(1);
        west.hasWorker("p1", 1);
        west.world.fromWorker("p1", it -> it.goodbye(Status.OK));
        net.settle();
        assertThat(west.sent()).contains("c1 REPLY 1 REDELIVERY_EXHAUSTED x3");
    }

    @Test
    void lendsByService() {
        east.world.readyFor("ocr", "p2", 2);
        net.settle();
        east.sent();
        west.lenders().credit(west.now(), "east", Map.of("ocr", new Credit(2, 2)));
        west.world.request("c1", 1, 1, 0, Prv.NO_TTL, "ocr", "r1");
        west.world.request("c1", 2, 1, 0, Prv.NO_TTL, "", "r2");
        net.settle();
        assertThat(east.sent()).containsExactly("p2 REQUEST 1 x1 for ocr: r1");
        assertThat(west.world.stats().pending()).isEqualTo(1);
    }

    @Test
    void nonsenseFromALenderIsDropped() {
        Lender lender = Objects.requireNonNull(west.lenders().get("east"));
        LenderReader reader = new LenderReader(west.lenders(), west);
        west.told.clear();
        reader.onMessage(west.now(), lender, new byte[][] {{1, 2, 3}});
        west.world.messages(it -> it.credit(3)).forEach(frames -> reader.onMessage(west.now(), lender, frames));
        west.world
                .messages(it -> it.reply(99, Status.OK, 1, 0, PrvWorld.body("late")))
                .forEach(frames -> reader.onMessage(west.now(), lender, frames));
        assertThat(west.told).hasSize(2);
        assertThat(west.world.stats().lateReplies()).isEqualTo(1);
        west.world.messages(Outbox::drain).forEach(frames -> reader.onMessage(west.now(), lender, frames));
        west.request(1);
        assertThat(west.world.stats().pending()).isEqualTo(1);
    }

    @Test
    void aFailingHandlerOfALenderEndsTheCall() {
        east.hasWorker("p2", 1);
        west.request(1);
        east.world.reply("p2", 1, Status.HANDLER_FAILED, "no");
        net.settle();
        assertThat(west.sent()).containsExactly("c1 REPLY 1 HANDLER_FAILED x1: no");
    }

    @Test
    void aFailingHandlerOfALenderReturnsThePlainClientsRequest() {
        east.hasWorker("p2", 1);
        west.world.queue.request("anon1", "r1");
        net.settle();
        west.hasWorker("p1", 1);
        east.world.reply("p2", 1, Status.HANDLER_FAILED, "no");
        net.settle();
        west.reply("p1", 1, "a1");
        assertThat(west.sent()).contains("reply to anon1: a1");
    }

    @Test
    void leavingTellsTheLenders() {
        east.hasWorker("p2", 1);
        west.request(1);
        east.sent();
        west.machine().onClose();
        west.lenders().closeAll();
        net.settle();
        assertThat(west.lenders().all()).isEmpty();
        assertThat(east.sent()).containsExactly("p2 CANCEL 1");
    }
}
