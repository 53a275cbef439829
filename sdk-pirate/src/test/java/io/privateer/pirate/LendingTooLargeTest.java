package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.Prv;
import io.privateer.core.wire.Status;
import io.privateer.pirate.Lending.Credit;
import io.privateer.pirate.LendingWorld.Cluster;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of requests that are longer than lenders take, and of those behind them. East takes the shortest frames that may be. */
class LendingTooLargeTest extends WestAndEast {

    private static final String LARGE = "x".repeat(Prv.MESSAGE_BYTES_MIN + 1);
    private static final String LARGER = "x".repeat(2 * Prv.MESSAGE_BYTES_MIN + 1);

    @BeforeEach
    void eastTakesShortFrames() {
        east.hasWorker("p2", 10);
        takes("east", Prv.MESSAGE_BYTES_MIN);
    }

    private void takes(String lender, int messageBytesMax) {
        Lender known = Objects.requireNonNull(west.lenders().get(lender));
        Objects.requireNonNull(known.link).limit(messageBytesMax);
    }

    /** A cluster that takes long frames, and lends {@code credit}. */
    private Cluster north(int credit) {
        Cluster north = net.cluster("north");
        north.hasWorker("p3", 10);
        west.borrows("north", credit);
        return north;
    }

    private void request(long id, String text) {
        west.world.request("c1", id, text);
        net.settle();
    }

    @Test
    void whatNoLenderTakesIsRefusedWhereThereIsNoWorkerOfItsOwn() {
        request(1, LARGE);
        assertThat(west.sent()).containsExactly("c1 REPLY 1 TOO_LARGE x0");
        request(2, "r2");
        assertThat(east.sent()).containsExactly("p2 REQUEST 1 x1: r2");
        assertThat(west.world.stats().deadLettered()).isEqualTo(1);
    }

    @Test
    void whatNoLenderTakesWaitsForAWorkerOfItsOwnAndLetsOthersPass() {
        // given a worker of its own at work, and what no lender takes next in line
        west.hasWorker("w1", 1);
        request(1, "r1");
        request(2, LARGE);
        assertThat(west.sent()).containsExactly("w1 REQUEST 1 x1: r1");
        // when there is more behind it
        request(3, "r3");
        request(4, "r4");
        // then lenders get that
        assertThat(east.sent()).containsExactly("p2 REQUEST 1 x1: r3", "p2 REQUEST 2 x1: r4");
        assertThat(west.world.stats().pending()).isEqualTo(1);
        // and the own worker gets the large one first, when it is free
        request(5, LARGE + "5");
        west.reply("w1", 1, "a1");
        assertThat(west.sent()).containsExactly("c1 REPLY 1 OK x1: a1", "w1 REQUEST 2 x1: " + LARGE);
        west.reply("w1", 2, "a2");
        assertThat(west.sent()).contains("w1 REQUEST 3 x1: " + LARGE + "5");
    }

    @Test
    void whatALenderTakesThatIsBusyWaitsForItAndLetsOthersPass() {
        Cluster north = north(0);
        request(1, LARGE);
        request(2, "r2");
        assertThat(east.sent()).containsExactly("p2 REQUEST 1 x1: r2");
        assertThat(west.sent()).isEmpty();
        west.credit("north", 1);
        assertThat(north.sent()).containsExactly("p3 REQUEST 1 x1: " + LARGE);
    }

    @Test
    void whatIsTooLargeForAllButOneDoesNotKeepSmallerFromOthers() {
        // given one lender that takes all, one that takes more than the first, and nobody with room but the first
        Cluster north = north(0);
        Cluster south = net.cluster("south");
        south.hasWorker("p4", 10);
        west.borrows("south", 0);
        takes("south", LARGE.length());
        request(1, LARGER);
        request(2, LARGE);
        // when the one that takes more has room
        west.credit("south", 10);
        // then what it takes goes there, and the rest when the other has room
        assertThat(south.sent()).containsExactly("p4 REQUEST 1 x1: " + LARGE);
        assertThat(west.world.stats().pending()).isEqualTo(1);
        west.credit("north", 10);
        assertThat(north.sent()).containsExactly("p3 REQUEST 1 x1: " + LARGER);
    }

    @Test
    void whatALenderMayTakeThatIsNotHeardNowWaitsUntilThatIsKnown() {
        north(5);
        net.unreachable.add("north");
        net.disconnect("west", "north");
        request(1, LARGE);
        request(2, "r2");
        assertThat(east.sent()).containsExactly("p2 REQUEST 1 x1: r2");
        assertThat(west.world.stats().pending()).isEqualTo(1);
        west.lenders().close(west.now(), "north", false);
        net.settle();
        assertThat(west.sent()).containsExactly("c1 REPLY 1 TOO_LARGE x0");
    }

    @Test
    void whatIsTooLargeForLendersIsRefusedWhenTheLastWorkerOfItsOwnLeaves() {
        west.hasWorker("w1", 1);
        request(1, "r1");
        request(2, LARGE);
        west.sent();
        west.reply("w1", 1, "a1");
        assertThat(west.sent()).contains("w1 REQUEST 2 x1: " + LARGE);
        west.world.fromWorker("w1", it -> it.goodbye(Status.OK));
        net.settle();
        net.pass(BLINK);
        assertThat(west.sent()).contains("c1 REPLY 2 TOO_LARGE x1");
    }

    @Test
    void whatWaitsAsideEndsWithItsTimeOrItsClient() {
        west.hasWorker("w1", 1);
        request(1, "r1");
        west.world.request("c1", 2, 1, 0, 100_000, "", LARGE);
        request(3, LARGE);
        request(4, LARGE);
        assertThat(west.world.stats().pending()).isEqualTo(3);
        west.sent();
        net.pass(Duration.ofMillis(150));
        assertThat(west.sent()).contains("c1 REPLY 2 EXPIRED x0");
        west.world.fromClient("c1", it -> it.cancel(3));
        net.settle();
        assertThat(west.world.stats().abandoned()).isEqualTo(1);
        assertThat(west.world.stats().pending()).isEqualTo(1);
        west.machine().onStandBy(west.now(), 0, "");
        net.settle();
        assertThat(west.sent()).contains("c1 REPLY 4 NOT_ACTIVE x0 retry after 100");
        assertThat(west.world.stats().pending()).isZero();
    }

    @Test
    void aServiceThatNoLenderOffersIsNotRefusedForItsLength() {
        west.lenders().credit(west.now(), "east", Map.of("ocr", new Credit(5, 5)));
        request(1, LARGE);
        assertThat(west.world.stats().pending()).isEqualTo(1);
        west.hasWorker("w1", 1);
        assertThat(west.world.stats().inFlight()).isEqualTo(1);
    }

    @Test
    void whatIsBorrowedIsTurnedBackBehindWhatWaitsAside() {
        // given what is too large for a lender, aside, at a cluster that lends too
        west.hasWorker("w1", 1);
        request(1, "r1");
        request(2, LARGE);
        east.world.fromWorker("p2", it -> it.goodbye(Status.OK));
        east.borrows("west", 1);
        // when it is asked by another
        east.request(1);
        // then that neither waits there nor goes on to others
        assertThat(west.world.stats().turnedBack()).isEqualTo(1);
        assertThat(east.world.stats().pending()).isEqualTo(1);
        assertThat(west.world.stats().pending()).isEqualTo(1);
    }
}
