package io.privateer.pirate;

import static io.privateer.pirate.QueueWorld.DELIVERIES_MAX;
import static io.privateer.pirate.QueueWorld.GRACE;
import static io.privateer.pirate.QueueWorld.HEARTBEAT;
import static io.privateer.pirate.QueueWorld.LEASE;
import static io.privateer.pirate.QueueWorld.SILENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the queue finds out that a worker is lost, and what becomes of what it held. */
class QueueMachineLossTest {

    private static final Duration MILLI = Duration.ofMillis(1);

    private QueueWorld world =
            new QueueWorld(Long.MAX_VALUE - Duration.ofSeconds(20).toNanos(), true);

    /** Whatever a test did, every accepted request is accounted for. */
    @AfterEach
    void everyAcceptedRequestIsSomewhere() {
        world.assertNothingIsLost();
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
}
