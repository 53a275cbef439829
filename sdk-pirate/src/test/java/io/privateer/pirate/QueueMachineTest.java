package io.privateer.pirate;

import static io.privateer.pirate.QueueWorld.PENDING_MAX;
import static io.privateer.pirate.QueueWorld.TTL;
import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.Dialect;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the queue takes, hands out, refuses and drops. */
class QueueMachineTest {

    private static final Duration MILLI = Duration.ofMillis(1);

    private final QueueWorld world =
            new QueueWorld(Long.MAX_VALUE - Duration.ofSeconds(20).toNanos(), true);

    /** Whatever a test did, every accepted request is accounted for. */
    @AfterEach
    void everyAcceptedRequestIsSomewhere() {
        world.assertNothingIsLost();
    }

    @Test
    void givesARequestToAWaitingWorkerAndTheReplyToItsClient() {
        world.ready("w1");
        world.request("anon-c1", "ask");
        assertThat(world.takeSent()).containsExactly("deliver 1 to w1: ask");
        world.reply("w1", 1, "answer");
        assertThat(world.takeSent()).containsExactly("reply to anon-c1: answer");
        assertThat(world.stats().answered()).isEqualTo(1);
    }

    @Test
    void keepsRequestsInOrderUntilAWorkerComes() {
        world.request("anon-c1", "first");
        world.request("anon-c2", "second");
        assertThat(world.takeSent()).isEmpty();
        world.ready("w1");
        assertThat(world.takeSent()).containsExactly("deliver 1 to w1: first");
        world.reply("w1", 1, "done");
        assertThat(world.takeSent()).containsExactly("reply to anon-c1: done", "deliver 2 to w1: second");
    }

    @Test
    void prefersTheWorkerThatHasBeenIdleLongest() {
        world.ready("w1");
        world.ready("w2");
        world.request("anon-c1", "a");
        world.reply("w1", 1, "a");
        world.request("anon-c1", "b");
        world.request("anon-c1", "c");
        assertThat(world.takeSent())
                .containsExactly(
                        "deliver 1 to w1: a", "reply to anon-c1: a", "deliver 2 to w2: b", "deliver 3 to w1: c");
    }

    @Test
    void givesAWorkerOneRequestAtATime() {
        world.ready("w1");
        world.request("anon-c1", "a");
        world.request("anon-c1", "b");
        world.beat("w1"); // In the Guide's queue a sign of life makes a busy worker ready again.
        assertThat(world.takeSent()).containsExactly("deliver 1 to w1: a");
    }

    @Test
    void discardsTheSecondReplyToADelivery() {
        world.ready("w1");
        world.request("anon-c1", "ask");
        world.reply("w1", 1, "answer");
        world.reply("w1", 1, "answer again");
        assertThat(world.takeSent()).containsExactly("deliver 1 to w1: ask", "reply to anon-c1: answer");
        assertThat(world.stats().lateReplies()).isEqualTo(1);
    }

    @Test
    void takesAReplyOnlyFromTheWorkerThatHoldsTheDelivery() {
        world.ready("w1");
        world.ready("w2");
        world.request("anon-c1", "ask");
        world.takeSent();
        world.reply("w2", 1, "forged");
        world.reply("stranger", 1, "forged");
        assertThat(world.takeSent()).isEmpty();
        world.reply("w1", 1, "answer");
        assertThat(world.takeSent()).containsExactly("reply to anon-c1: answer");
    }

    @Test
    void makesNoWorkerOfAStrangerThatBeatsOrReplies() {
        world.beat("stranger");
        world.reply("stranger", 7, "out of nowhere");
        world.machine.onStrayReply(world.nowNanos, QueueWorld.id("stranger"));
        world.request("anon-c1", "ask");
        assertThat(world.takeSent()).isEmpty();
        assertThat(world.stats().workers()).isZero();
        assertThat(world.stats().strayReplies()).isEqualTo(1);
    }

    @Test
    void refusesRequestsBeyondItsBoundAndTellsThatOnce() {
        for (int i = 0; i < PENDING_MAX + 3; i++) {
            world.request("anon-c" + i, "r" + i);
        }
        assertThat(world.stats().pending()).isEqualTo(PENDING_MAX);
        assertThat(world.stats().rejected()).isEqualTo(3);
        assertThat(world.takeTold()).containsExactly("intake closed FULL");
        // and when half of the room is free again, it tells that too
        world.ready("w1");
        world.reply("w1", 1, "done");
        assertThat(world.takeTold()).containsExactly("joined w1", "intake opened");
    }

    @Test
    void refusesRequestsBeyondItsBytes() {
        world.request("anon-c1", "x".repeat(60));
        world.request("anon-c2", "x".repeat(60));
        assertThat(world.stats().rejected()).isEqualTo(1);
        world.request("anon-c3", "x".repeat(40));
        assertThat(world.stats().pendingBytes()).isEqualTo(100);
    }

    @Test
    void dropsARequestThatWaitedTooLongBeforeAnybodyGetsIt() {
        world.request("anon-c1", "old");
        world.pass(TTL.minus(MILLI));
        world.request("anon-c2", "young");
        world.pass(MILLI);
        world.ready("w1");
        assertThat(world.takeSent()).containsExactly("deliver 1 to w1: young");
        assertThat(world.takeTold()).contains("dropped 1 EXPIRED");
    }

    @Test
    void dropsWhatAClientThatIsGoneWasWaitingFor() {
        world.ready("w1");
        world.request("anon-c1", "delivered");
        world.request("anon-c1", "waiting");
        world.request("anon-c2", "of another");
        world.takeSent();
        world.clientGone("anon-c1");
        assertThat(world.takeTold()).contains("dropped 2 ABANDONED");
        world.reply("w1", 1, "for nobody");
        assertThat(world.takeSent()).containsExactly("deliver 2 to w1: of another");
        assertThat(world.stats().abandoned()).isEqualTo(2);
    }

    @Test
    void keepsWhatAClientWithItsOwnIdentityWaitsForBecauseItMayComeBack() {
        world.request("named-client", "ask");
        world.clientGone("named-client");
        world.ready("w1");
        world.reply("w1", 1, "answer");
        assertThat(world.takeSent()).containsExactly("deliver 1 to w1: ask", "reply to named-client: answer");
    }

    @Test
    void refusesMoreWorkersThanItsBound() {
        for (int i = 1; i <= 6; i++) {
            world.ready("w" + i);
        }
        assertThat(world.stats().workers()).isEqualTo(5);
        assertThat(world.stats().workersRefused()).isEqualTo(1);
    }

    @Test
    void drainsByFinishingWhatItHoldsAndTakingNothingNew() {
        world.ready("w1");
        world.request("anon-c1", "a");
        world.request("anon-c2", "b");
        world.takeTold();
        world.machine.onDrain(world.nowNanos);
        world.request("anon-c3", "c");
        world.reply("w1", 1, "a");
        assertThat(world.takeTold()).containsExactly("intake closed DRAINING");
        world.reply("w1", 2, "b");
        assertThat(world.takeTold()).containsExactly("drained");
        assertThat(world.stats().rejected()).isEqualTo(1);
    }

    @Test
    void isDrainedAtOnceWhenItHoldsNothing() {
        world.machine.onDrain(world.nowNanos);
        assertThat(world.takeTold()).containsExactly("intake closed DRAINING", "drained");
        world.machine.onDrain(world.nowNanos);
        assertThat(world.takeTold()).isEmpty();
    }

    @Test
    void registersAWorkerAnewThatChangesItsDialect() {
        world.machine.onReady(world.nowNanos, QueueWorld.id("w1"), Dialect.SIMPLE);
        world.request("anon-c1", "ask");
        world.takeSent();
        world.ready("w1");
        assertThat(world.takeSent()).containsExactly("deliver 2 to w1: ask");
        assertThat(world.stats().workers()).isEqualTo(1);
    }
}
