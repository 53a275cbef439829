package io.privateer.pirate;

import static io.privateer.pirate.QueueWorld.DELIVERIES_MAX;
import static io.privateer.pirate.QueueWorld.GRACE;
import static io.privateer.pirate.QueueWorld.HEARTBEAT;
import static io.privateer.pirate.QueueWorld.LEASE;
import static io.privateer.pirate.QueueWorld.PENDING_MAX;
import static io.privateer.pirate.QueueWorld.SILENCE;
import static io.privateer.pirate.QueueWorld.TTL;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the queue does with requests and workers when everybody behaves, and when somebody does not. */
class QueueMachineTest {

    private static final Duration MILLI = Duration.ofMillis(1);

    private QueueWorld world =
            new QueueWorld(Long.MAX_VALUE - Duration.ofSeconds(20).toNanos(), true);

    /** Whatever a test did, every accepted request is accounted for. */
    @AfterEach
    void everyAcceptedRequestIsSomewhere() {
        QueueStats stats = world.stats();
        assertThat(stats.accepted())
                .isEqualTo(stats.answered()
                        + stats.deadLettered()
                        + stats.expired()
                        + stats.abandoned()
                        + stats.pending()
                        + stats.inFlight());
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
    void givesTheRequestOfADeadWorkerToAnotherAtOnceWhenItCannotComeBack() {
        world.ready("anon-w1");
        world.request("anon-c1", "ask");
        world.ready("w2");
        world.takeSent();
        world.takeTold();
        world.workerGone("anon-w1");
        assertThat(world.takeSent()).containsExactly("deliver 2 to w2: ask");
        assertThat(world.takeTold())
                .containsExactly("lost anon-w1 DISCONNECTED", "returned 1 from anon-w1 DISCONNECTED");
        assertThat(world.stats().redelivered()).isEqualTo(1);
    }

    @Test
    void waitsTheGraceForAWorkerThatMayComeBackUnderItsIdentity() {
        world.ready("w1");
        world.request("anon-c1", "ask");
        world.ready("w2");
        world.takeSent();
        world.workerGone("w1");
        world.pass(GRACE.minus(MILLI));
        assertThat(world.takeSent()).isEmpty();
        world.pass(MILLI);
        assertThat(world.takeSent()).containsExactly("deliver 2 to w2: ask");
    }

    @Test
    void takesTheReplyOfAWorkerThatCameBackWithinTheGrace() {
        world.ready("simple1");
        world.request("anon-c1", "ask");
        world.workerGone("simple1");
        world.pass(GRACE.minus(MILLI));
        world.takeSent();
        world.reply("simple1", 1, "answer");
        assertThat(world.takeSent()).containsExactly("reply to anon-c1: answer");
        world.pass(GRACE.multipliedBy(2));
        assertThat(world.stats().returned()).isZero();
        assertThat(world.stats().workersIdle()).isEqualTo(1);
    }

    @Test
    void waitsForNoWorkerOfOursBecauseItComesBackUnderANewIdentity() {
        world.ready("ours1");
        world.request("anon-c1", "ask");
        world.ready("ours2");
        world.takeSent();
        world.workerGone("ours1");
        assertThat(world.takeSent()).containsExactly("deliver 2 to ours2: ask");
    }

    @Test
    void putsAReturnedRequestBeforeThoseThatHaveNotBeenDelivered() {
        world.ready("anon-w1");
        world.request("anon-c1", "first");
        world.request("anon-c2", "second");
        world.workerGone("anon-w1");
        world.takeSent();
        world.ready("w2");
        assertThat(world.takeSent()).containsExactly("deliver 2 to w2: first");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MIN_VALUE, -1, Long.MAX_VALUE, Long.MAX_VALUE - 3_000_000_000L})
    void losesAnIdleWorkerThatFallsSilentNeitherEarlyNorLate(long originNanos) {
        world = new QueueWorld(originNanos, true);
        world.ready("w1");
        world.takeTold();
        world.pass(SILENCE.minus(MILLI));
        assertThat(world.takeTold()).isEmpty();
        world.pass(HEARTBEAT.dividedBy(4).plus(MILLI));
        assertThat(world.takeTold()).containsExactly("lost w1 SILENT");
        world.request("anon-c1", "ask");
        assertThat(world.takeSent()).isEmpty();
    }

    @Test
    void trustsASilentWorkerAgainWhenItIsHeard() {
        world.ready("w1");
        world.pass(SILENCE.plus(HEARTBEAT));
        world.takeTold();
        world.beat("w1");
        assertThat(world.takeTold()).containsExactly("joined w1");
        world.request("anon-c1", "ask");
        assertThat(world.takeSent()).containsExactly("deliver 1 to w1: ask");
    }

    @Test
    void forgetsAWorkerThatStaysSilentForLong() {
        world.ready("w1");
        world.pass(SILENCE.multipliedBy(11));
        assertThat(world.stats().workers()).isZero();
    }

    @Test
    void doesNotTakeTheSilenceOfABusyWorkerThatCannotBeatForDeath() {
        world.ready("w1");
        world.request("anon-c1", "ask");
        world.pass(SILENCE.multipliedBy(3));
        assertThat(world.stats().inFlight()).isEqualTo(1);
        world.reply("w1", 1, "answer");
        assertThat(world.stats().answered()).isEqualTo(1);
    }

    @Test
    void takesTheRequestFromABusyWorkerThatStopsBeatingAndDiscardsItsLateReply() {
        // given a worker of ours that is known to beat while it is busy
        world.ready("ours1");
        world.beat("ours1");
        world.request("anon-c1", "ask");
        world.ready("simple1");
        world.takeSent();
        world.takeTold();
        // when it freezes
        world.pass(SILENCE.plus(HEARTBEAT.dividedBy(4)));
        // then another gets the request
        assertThat(world.takeSent()).containsExactly("deliver 2 to simple1: ask");
        assertThat(world.takeTold()).containsExactly("lost ours1 SILENT", "returned 1 from ours1 SILENT");
        // and when it wakes up it gets nothing until it has got rid of what it held
        world.beat("ours1");
        world.request("anon-c2", "next");
        assertThat(world.takeSent()).isEmpty();
        world.reply("ours1", 1, "late");
        assertThat(world.takeSent()).containsExactly("deliver 3 to ours1: next");
        assertThat(world.stats().lateReplies()).isEqualTo(1);
    }

    @Test
    void takesTheRequestFromAWorkerThatHoldsItLongerThanTheLease() {
        world.ready("simple1");
        world.request("anon-c1", "ask");
        world.pass(LEASE.minus(MILLI));
        assertThat(world.stats().returned()).isZero();
        world.ready("w2");
        world.takeSent();
        world.takeTold();
        world.pass(MILLI);
        assertThat(world.takeTold())
                .containsExactly("lost simple1 LEASE_EXPIRED", "returned 1 from simple1 LEASE_EXPIRED");
        assertThat(world.takeSent()).containsExactly("deliver 2 to w2: ask");
        // and its late reply answers nobody
        world.reply("simple1", 1, "late");
        assertThat(world.takeSent()).isEmpty();
        assertThat(world.takeTold()).containsExactly("joined simple1");
        world.reply("w2", 2, "answer");
        assertThat(world.takeSent()).containsExactly("reply to anon-c1: answer");
    }

    @Test
    void takesReadyFromABusyWorkerForItsGivingTheRequestBack() {
        world.ready("w1");
        world.request("anon-c1", "ask");
        world.takeTold();
        world.takeSent();
        world.ready("w1");
        assertThat(world.takeTold()).containsExactly("returned 1 from w1 GAVE_BACK");
        assertThat(world.takeSent()).containsExactly("deliver 2 to w1: ask");
    }

    @Test
    void makesADeadLetterOfARequestThatNobodyServes() {
        world.ready("w1");
        world.request("anon-c1", "poison");
        for (int i = 1; i < DELIVERIES_MAX; i++) {
            world.ready("w1");
        }
        assertThat(world.stats().deliveries()).isEqualTo(DELIVERIES_MAX);
        world.takeTold();
        world.ready("w1");
        assertThat(world.takeTold())
                .containsExactly("returned 1 from w1 GAVE_BACK", "dead letter 1 after " + DELIVERIES_MAX + ": poison");
        assertThat(world.stats().deadLettered()).isEqualTo(1);
        assertThat(world.stats().workersIdle()).isEqualTo(1);
    }

    @Test
    void doesNotCountADeliveryThatNeverLeft() {
        world.ready("w1");
        world.ready("w2");
        world.unreachable.add("w1");
        world.takeTold();
        world.request("anon-c1", "ask");
        assertThat(world.takeSent()).containsExactly("deliver 2 to w2: ask");
        assertThat(world.takeTold()).containsExactly("lost w1 DISCONNECTED");
        assertThat(world.stats().redelivered()).isZero();
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
    void doesNotRedeliverForAClientThatIsGone() {
        world.ready("anon-w1");
        world.request("anon-c1", "ask");
        world.clientGone("anon-c1");
        world.ready("w2");
        world.takeSent();
        world.workerGone("anon-w1");
        assertThat(world.takeSent()).isEmpty();
        assertThat(world.stats().abandoned()).isEqualTo(1);
    }

    @Test
    void judgesNobodyByTheTimeItStoodStillItself() {
        world.ready("w1");
        world.ready("ours1");
        world.beat("ours1");
        world.request("anon-c1", "a");
        world.request("anon-c2", "b");
        world.takeTold();
        world.standStill(LEASE.multipliedBy(2).dividedBy(3));
        world.machine.onTick(world.nowNanos);
        assertThat(world.takeTold()).isEmpty();
        // but its own standing still gives nobody more than his time
        world.pass(SILENCE.plus(HEARTBEAT));
        assertThat(world.takeTold()).containsExactly("lost ours1 SILENT", "returned 2 from ours1 SILENT");
    }

    @Test
    void beatsToIdleAndBusyParanoidPiratesAndToNobodyElse() {
        world.ready("w1");
        world.ready("ours1");
        world.ready("simple1");
        world.request("anon-c1", "ask");
        world.sent.clear();
        world.pass(HEARTBEAT);
        assertThat(world.sent).containsExactly("beat w1", "beatWhileBusy ours1");
    }

    @Test
    void answersBeatsButSendsAndExpectsNoneAsASimpleQueue() {
        world = new QueueWorld(0, false);
        world.ready("w1");
        world.sent.clear();
        world.pass(SILENCE.multipliedBy(5));
        assertThat(world.sent).isEmpty();
        assertThat(world.stats().workersIdle()).isEqualTo(1);
        world.beat("w1");
        assertThat(world.sent).containsExactly("beat w1");
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
        world.machine.onReady(world.nowNanos, QueueWorld.id("w1"), io.privateer.core.wire.Dialect.SIMPLE);
        world.request("anon-c1", "ask");
        world.takeSent();
        world.ready("w1");
        assertThat(world.takeSent()).containsExactly("deliver 2 to w1: ask");
        assertThat(world.stats().workers()).isEqualTo(1);
    }
}
