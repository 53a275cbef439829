package io.privateer.pirate;

import static io.privateer.pirate.QueueWorld.GRACE;
import static io.privateer.pirate.QueueWorld.SILENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.pirate.Lending.Credit;
import io.privateer.pirate.LendingWorld.Cluster;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What becomes of requests that one cluster has another one's workers do. */
class LendingTest extends WestAndEast {

    @Test
    void lendsOnlyWhatFindsNoFreeWorkerOfItsOwn() {
        west.hasWorker("p1", 1);
        east.hasWorker("p2", 5);
        west.request(1);
        assertThat(west.sent()).containsExactly("p1 REQUEST 1 x1: r1");
        west.request(2);
        assertThat(west.sent()).isEmpty();
        assertThat(east.sent()).containsExactly("p2 REQUEST 1 x1: r2");
        east.reply("p2", 1, "a2");
        assertThat(west.sent()).containsExactly("c1 REPLY 2 OK x1: a2");
        assertThat(west.world.stats().lent()).isEqualTo(1);
    }

    @Test
    void lendsNoMoreThanTheCredit() {
        west.credit("east", 2);
        east.hasWorker("p2", 10);
        for (int i = 1; i <= 3; i++) {
            west.request(i);
        }
        assertThat(east.sent()).hasSize(2);
        assertThat(west.world.stats().pending()).isEqualTo(1);
        east.reply("p2", 1, "a1");
        assertThat(east.sent()).containsExactly("p2 REQUEST 3 x1: r3");
    }

    @Test
    void prefersTheLenderWithMostToSpareAndDrawsLotsAmongEquals() {
        Cluster north = net.cluster("north");
        west.borrows("north", 12);
        east.hasWorker("p2", 20);
        north.hasWorker("p3", 20);
        west.request(1);
        west.request(2);
        assertThat(north.sent()).hasSize(2);
        for (int i = 3; i <= 22; i++) {
            west.request(i);
        }
        assertThat(north.sent()).hasSizeBetween(8, 10);
        assertThat(east.sent()).hasSize(10);
    }

    @Test
    void whatALenderRefusesWaitsAgainAndTheLenderGetsNoMoreUntilItSaysWhatItHas() {
        west.request(1);
        assertThat(west.world.stats().refusedByLenders()).isEqualTo(1);
        assertThat(west.world.stats().pending()).isEqualTo(1);
        assertThat(east.world.stats().turnedBack()).isEqualTo(1);
        east.hasWorker("p2", 1);
        west.request(2);
        assertThat(east.sent()).isEmpty();
        west.credit("east", 1);
        assertThat(east.sent()).containsExactly("p2 REQUEST 1 x1: r1");
        assertThat(west.world.stats().redelivered()).isZero();
    }

    @Test
    void refusedAgainAndAgainARequestIsNoPoison() {
        for (int i = 0; i < 3 * QueueWorld.DELIVERIES_MAX; i++) {
            west.request(i + 1);
            west.credit("east", 1);
        }
        assertThat(west.world.stats().deadLettered()).isZero();
        assertThat(west.world.stats().pending()).isEqualTo(3 * QueueWorld.DELIVERIES_MAX);
    }

    @Test
    void whatIsBorrowedIsNeverLentOn() {
        Cluster north = net.cluster("north");
        east.borrows("north", 10);
        north.hasWorker("p3", 10);
        west.request(1);
        assertThat(north.sent()).isEmpty();
        assertThat(west.world.stats().pending()).isEqualTo(1);
        assertThat(east.world.stats().lent()).isZero();
    }

    @Test
    void whatIsBorrowedDoesNotWaitBehindTheLendersOwnRequests() {
        east.hasWorker("p2", 1);
        east.request(1);
        east.request(2);
        east.sent();
        west.request(1);
        assertThat(east.world.stats().pending()).isEqualTo(1);
        assertThat(west.world.stats().pending()).isEqualTo(1);
    }

    @Test
    void whatMustNotRunTwiceMayHaveRunAtALenderThatHasCeasedToServeMeanwhile() {
        // given an at-most-once request in the hands of a lender's worker
        east.hasWorker("p2", 1);
        west.world.once("c1", 1, 1, "r1");
        net.settle();
        assertThat(east.sent()).containsExactly("p2 REQUEST 1 x1 once: r1");
        // when its connection is lost, it ceases to serve, and it is told of the request again
        net.disconnect("west", "east");
        east.machine().onStandBy(east.now(), 0, "");
        west.hasWorker("w1", 1);
        net.pass(BLINK);
        // then that it does not take it is no reason to have it done at home
        assertThat(west.sent()).contains("c1 REPLY 1 WORKER_LOST x1").noneMatch(sent -> sent.contains("REQUEST"));
    }

    @Test
    void aServiceThatALenderOffersNoMoreIsForgotten() {
        west.lenders().credit(west.now(), "east", Map.of("ocr", new Credit(1, 1)));
        west.lenders().credit(west.now(), "east", Map.of("resize", new Credit(1, 1)));
        assertThat(Objects.requireNonNull(west.lenders().get("east")).workers)
                .extracting(worker -> worker.service.name)
                .containsExactly("resize");
    }

    @Test
    void aLostConnectionThatIsBackWithinTheGraceCostsNothing() {
        east.hasWorker("p2", 1);
        west.request(1);
        assertThat(east.sent()).containsExactly("p2 REQUEST 1 x1: r1");
        net.disconnect("west", "east");
        net.pass(BLINK);
        east.reply("p2", 1, "a1");
        assertThat(west.sent()).containsExactly("c1 REPLY 1 OK x1: a1");
        assertThat(east.world.stats().deliveries()).isEqualTo(1);
        assertThat(west.world.stats().returned()).isZero();
    }

    @Test
    void aReplyThatWasLostWithTheConnectionIsRepeated() {
        east.hasWorker("p2", 1);
        west.request(1);
        net.unreachable.add("west");
        east.reply("p2", 1, "a1");
        assertThat(west.sent()).isEmpty();
        net.unreachable.clear();
        net.disconnect("west", "east");
        net.pass(BLINK);
        assertThat(west.sent()).containsExactly("c1 REPLY 1 OK x1: a1");
        assertThat(east.world.stats().deliveries()).isEqualTo(1);
    }

    @Test
    void whatALenderHadThatDoesNotComeBackGoesToAnother() {
        east.hasWorker("p2", 2);
        west.request(1);
        west.request(2);
        net.kill("east");
        west.hasWorker("p1", 2);
        assertThat(west.sent()).isEmpty();
        net.pass(GRACE.plus(BLINK));
        assertThat(west.sent()).containsExactly("p1 REQUEST 1 x2: r1", "p1 REQUEST 2 x2: r2");
    }

    @Test
    void whatALenderHadThatHasForgottenItGoesToAnotherAtOnce() {
        east.hasWorker("p2", 1);
        west.request(1);
        net.kill("east");
        Cluster again = net.cluster("east");
        again.hasWorker("p2", 1);
        net.pass(BLINK);
        assertThat(again.sent()).containsExactly("p2 REQUEST 1 x1: r1");
        again.reply("p2", 1, "a1");
        assertThat(west.sent()).containsExactly("c1 REPLY 1 OK x2: a1");
    }

    @Test
    void aLenderThatIsBackBeforeAnybodyHearsHowItStandsKeepsWhatItHas() {
        // given a lender that was started again, has answered, and has something that must not run twice
        net.kill("east");
        Cluster again = net.cluster("east");
        again.hasWorker("p2", 5);
        net.pass(BLINK);
        west.told.clear();
        west.world.once("c1", 1, 1, "r1");
        net.settle();
        assertThat(again.sent()).containsExactly("p2 REQUEST 1 x1 once: r1");
        // when its new life is heard
        west.opens("east", 2);
        // then that is the one that has it, and gets more once it has said what it will have
        west.request(2);
        assertThat(west.told).isEmpty();
        assertThat(again.sent()).isEmpty();
        west.credit("east", 5);
        assertThat(again.sent()).containsExactly("p2 REQUEST 2 x1: r2");
        again.reply("p2", 1, "a1");
        assertThat(west.sent()).containsExactly("c1 REPLY 1 OK x1: a1");
    }

    @Test
    void aLenderThatIsHeardToLiveAnewLosesWhatItHadAtOnce() {
        east.hasWorker("p2", 5);
        west.request(1);
        assertThat(east.sent()).containsExactly("p2 REQUEST 1 x1: r1");
        west.opens("east", 2);
        assertThat(west.world.stats().pending()).isEqualTo(1);
        assertThat(west.world.stats().returned()).isEqualTo(1);
        assertThat(east.sent()).containsExactly("p2 CANCEL 1");
    }

    @Test
    void aLenderThatIsWantedAgainGoesOnWithWhatItWasToFinish() {
        east.hasWorker("p2", 5);
        west.request(1);
        west.lenders().close(west.now(), "east", true);
        west.opens("east", 1);
        west.request(2);
        assertThat(east.sent()).containsExactly("p2 REQUEST 1 x1: r1");
        west.credit("east", 5);
        assertThat(east.sent()).containsExactly("p2 REQUEST 2 x1: r2");
        east.reply("p2", 1, "a1");
        assertThat(west.sent()).containsExactly("c1 REPLY 1 OK x1: a1");
    }

    @Test
    void whatMustNotRunTwiceEndsWithTheLender() {
        east.hasWorker("p2", 1);
        west.world.once("c1", 1, 1, "r1");
        net.settle();
        assertThat(east.sent()).containsExactly("p2 REQUEST 1 x1 once: r1");
        net.kill("east");
        west.hasWorker("p1", 1);
        net.pass(GRACE.plus(BLINK));
        assertThat(west.world.stats().lostOnce()).isEqualTo(1);
        assertThat(west.world.stats().pending()).isZero();
    }

    @Test
    void whatMustNotRunTwiceMayBeRefusedAndGoElsewhere() {
        west.world.once("c1", 1, 1, "r1");
        net.settle();
        west.hasWorker("p1", 1);
        assertThat(west.world.stats().lostOnce()).isZero();
        assertThat(west.world.stats().inFlight()).isEqualTo(1);
    }

    @Test
    void aLenderThatHearsNothingSaysSoAndLosesWhatItWasNotToldOf() {
        // given a network that carries only what the lender says
        east.hasWorker("p2", 1);
        net.deaf.add("east");
        west.request(1);
        assertThat(east.sent()).isEmpty();
        // when the lender has missed its borrower for long enough
        net.pass(SILENCE.plus(BLINK.multipliedBy(10)));
        // then the request is where it can be done
        assertThat(west.told).contains("lost east DISCONNECTED");
        assertThat(west.world.stats().pending()).isEqualTo(1);
        west.hasWorker("p1", 1);
        west.reply("p1", 1, "a1");
        assertThat(west.sent()).contains("c1 REPLY 1 OK x2: a1");
    }

    @Test
    void aConnectionThatWasGivenUpBeforeItWasMadeSaysNothingAnyMore() {
        // given a lender that is away, is dialled all the same, and is given up
        west.lenders().close(west.now(), "east", false);
        net.settle();
        net.unconnected.add("east");
        west.borrows("east", 1);
        net.pass(SILENCE.multipliedBy(2));
        west.lenders().close(west.now(), "east", false);
        net.settle();
        // when it is back, is dialled anew, and has something in hand
        net.unconnected.clear();
        west.borrows("east", 1);
        east.hasWorker("p2", 1);
        west.request(1);
        net.connect();
        // then it knows whose that is
        east.reply("p2", 1, "a1");
        assertThat(west.sent()).containsExactly("c1 REPLY 1 OK x1: a1");
        assertThat(west.world.stats().returned()).isZero();
    }

    @Test
    void aSilentLenderLosesWhatItHasAndIsCalledAgain() {
        east.hasWorker("p2", 1);
        west.request(1);
        east.sent();
        net.unreachable.add("east");
        west.hasWorker("p1", 1);
        net.pass(SILENCE.plus(BLINK));
        assertThat(west.told).contains("lost east SILENT");
        assertThat(west.world.stats().inFlight()).isEqualTo(1);
        west.reply("p1", 1, "a1");
        assertThat(west.sent()).contains("c1 REPLY 1 OK x2: a1");
        net.unreachable.clear();
        net.pass(SILENCE.multipliedBy(2));
        assertThat(west.told).endsWith("welcomed by east");
        assertThat(east.sent()).contains("p2 CANCEL 1");
    }

    @Test
    void anAddressThatIsNotKnownYetIsTriedAgain() {
        net.unknown.add("south");
        west.borrows("south", 5);
        Cluster south = net.cluster("south");
        south.hasWorker("p3", 5);
        net.pass(Duration.ofSeconds(1));
        assertThat(west.told).doesNotContain("welcomed by south");
        net.unknown.clear();
        net.pass(Duration.ofSeconds(3));
        assertThat(west.told).contains("welcomed by south");
    }
}
