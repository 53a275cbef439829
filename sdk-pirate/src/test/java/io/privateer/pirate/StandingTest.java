package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.Guard;
import io.privateer.core.wire.EpochFence;
import io.privateer.core.wire.PeerId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A queue of a pair: when it serves, and what its peers hear of that. */
class StandingTest implements Guard {

    private static final PeerId NEXT_LIFE = new PeerId(7, 7);

    private final PrvWorld world = new PrvWorld();
    private final QueueMachine machine = world.queue.machine;
    private final List<String> told = new ArrayList<>();

    @Override
    public void voted() {
        told.add("voted");
    }

    @Override
    public void newerEpoch(long epoch) {
        told.add("newer epoch " + epoch);
    }

    @Override
    public void serviceEnded(String why) {
        told.add("ended, " + why);
    }

    @Override
    public void standsBy(long newestEpoch) {
        told.add("stands by " + newestEpoch);
    }

    @Override
    public void diverged(long accepted, long answered) {
        told.add("diverged, accepted " + accepted + ", answered " + answered);
    }

    private void guard() {
        machine.onGuarded(world.queue.nowNanos, this);
        world.endTurn();
    }

    private void activate(long epoch) {
        machine.onActivate(world.queue.nowNanos, epoch, NEXT_LIFE);
        world.endTurn();
    }

    private void standBy(long newestEpoch, String activeAddress) {
        machine.onStandBy(world.queue.nowNanos, newestEpoch, activeAddress);
        world.endTurn();
    }

    private List<String> takeTold() {
        List<String> taken = List.copyOf(told);
        told.clear();
        return taken;
    }

    @Test
    void turnsClientsAwayUntilItIsToldToServe() {
        // given a guarded queue, a client and a worker
        guard();
        world.hello("c1");
        world.ready("p1", 1);
        assertThat(world.takeSent()).containsExactly("c1 WELCOME, stands by", "p1 WELCOME, stands by");
        assertThat(takeTold()).isEmpty();
        // when it is asked, that is a vote
        world.request("c1", 1, "ask");
        assertThat(world.takeSent()).containsExactly("c1 REPLY 1 NOT_ACTIVE x0 retry after 100");
        world.fromClient("c1", it -> it.hello(PrvWorld.client("c1"), PrvWorld.MESSAGE_BYTES_MAX, true));
        world.queue.request("plain", "ask");
        assertThat(takeTold()).containsExactly("voted", "voted", "voted");
        world.takeSent();
        // and when it is told to serve, its peers hear of it, and the worker is known already
        activate(2);
        assertThat(world.takeSent()).containsExactly("c1 WELCOME", "p1 WELCOME");
        assertThat(world.epochOfQueue).isEqualTo(2);
        world.request("c1", 1, "ask");
        assertThat(world.takeSent()).containsExactly("p1 REQUEST 1 x1: ask");
        assertThat(world.stats().active()).isTrue();
        assertThat(world.stats().epoch()).isEqualTo(2);
        world.queue.assertNothingIsLost();
    }

    @Test
    void endsAllThatItHasWhenItCeasesToServe() {
        // given requests that wait, that run and that have ended
        guard();
        activate(2);
        world.hello("c1");
        world.ready("p1", 1);
        world.request("c1", 1, "done");
        world.reply("p1", 1, "re");
        world.request("c1", 2, "runs");
        world.request("c1", 3, "waits");
        world.takeSent();
        // when another serves
        standBy(3, "tcp://other:5555");
        // then each ends for its client to take it there
        assertThat(world.takeSent())
                .containsExactly(
                        "c1 WELCOME, stands by",
                        "c1 REPLY 2 NOT_ACTIVE x1 retry after 100: tcp://other:5555",
                        "c1 REPLY 3 NOT_ACTIVE x0 retry after 100: tcp://other:5555",
                        "p1 WELCOME, stands by",
                        "p1 CANCEL 2");
        assertThat(world.epochOfQueue).isEqualTo(3);
        assertThat(world.stats().stoodDown()).isEqualTo(2);
        assertThat(world.stats().repliesKept()).isZero();
        world.queue.assertNothingIsLost();
        // and a reply that comes all the same reaches nobody
        world.reply("p1", 2, "late");
        assertThat(world.takeSent()).isEmpty();
        assertThat(world.stats().lateReplies()).isEqualTo(1);
    }

    @Test
    void doesNotLetAnAtMostOnceRequestRunElsewhereThatAWorkerHas() {
        guard();
        activate(2);
        world.hello("c1");
        world.ready("p1", 1);
        world.once("c1", 1, 1, "runs");
        world.once("c1", 2, 1, "waits");
        world.takeSent();
        standBy(3, "");
        assertThat(world.takeSent())
                .contains("c1 REPLY 1 WORKER_LOST x1", "c1 REPLY 2 NOT_ACTIVE x0 retry after 100", "p1 CANCEL 1");
    }

    @Test
    void knowsItsBusyWorkersAgainWhenItServesAnew() {
        // given a worker that is at work when the queue ceases to serve
        guard();
        activate(2);
        world.hello("c1");
        world.ready("p1", 1);
        world.request("c1", 1, "runs");
        standBy(3, "");
        // when it serves again, of which the worker hears that nobody waits for that work
        activate(4);
        world.takeSent();
        world.request("c1", 1, "again");
        // then it gets work
        assertThat(world.takeSent()).containsExactly("p1 REQUEST 2 x1: again");
    }

    @Test
    void doesNotServeUnderAnEpochThatItKnowsToBeOld() {
        guard();
        world.hello("c1");
        world.epochOfPeers = 7;
        world.request("c1", 1, "ask");
        assertThat(takeTold()).containsExactly("newer epoch 7", "voted");
        activate(5);
        assertThat(takeTold()).containsExactly("newer epoch 7");
        assertThat(world.stats().active()).isFalse();
    }

    @Test
    void tellsItsGuardThatItEnds() {
        guard();
        activate(2);
        machine.onDrain(world.queue.nowNanos);
        assertThat(takeTold()).containsExactly("ended, it drains");
        machine.onClose();
        assertThat(takeTold()).containsExactly("ended, it is closed");
    }

    @Test
    void stopsAtOnceWhenAPeerKnowsANewerEpoch() {
        guard();
        activate(2);
        world.hello("c1");
        world.hello("c2");
        world.takeSent();
        // when one client has met the other server
        world.epochOfPeers = 3;
        world.request("c2", 1, "ask");
        // then its request is not taken, and all hear of it
        assertThat(world.takeSent())
                .containsExactly(
                        "c1 WELCOME, stands by", "c2 WELCOME, stands by", "c2 REPLY 1 NOT_ACTIVE x0 retry after 100");
        assertThat(takeTold()).containsExactly("newer epoch 3", "voted");
        assertThat(world.epochOfQueue).isEqualTo(3);
        // and peers that know only the older one change nothing
        world.epochOfPeers = 2;
        world.request("c1", 1, "ask");
        assertThat(takeTold()).containsExactly("voted");
    }

    @Test
    void doesNotEvenBeginWhenItsLeaseHasEndedBeforeItHearsOfIt() {
        guard();
        machine.onServeUntil(world.queue.nowNanos + 1_000);
        world.queue.nowNanos += 1_000;
        activate(2);
        assertThat(takeTold()).containsExactly("stands by 2");
        assertThat(world.stats().active()).isFalse();
    }

    @Test
    void servesNoLongerThanItsLeaseEvenIfNobodyTellsIt() {
        // given a queue with a lease that is renewed in time
        guard();
        activate(2);
        world.hello("c1");
        world.ready("p1", 1);
        machine.onServeUntil(world.queue.nowNanos + 1_000);
        world.queue.nowNanos += 999;
        machine.onServeUntil(world.queue.nowNanos + 1_000);
        world.queue.nowNanos += 999;
        world.takeSent();
        world.request("c1", 1, "ask");
        assertThat(world.takeSent()).containsExactly("p1 REQUEST 1 x1: ask");
        // when it stands still until that has ended, and a request comes first
        world.queue.nowNanos += 1;
        world.request("c1", 2, "ask");
        // then it serves nobody
        assertThat(world.takeSent())
                .contains("c1 WELCOME, stands by", "c1 REPLY 2 NOT_ACTIVE x0 retry after 100")
                .noneMatch(sent -> sent.contains("REQUEST"));
        world.queue.assertNothingIsLost();
        // and its guard hears of that, for a longer lease that it learns of now does not make it serve
        assertThat(takeTold()).containsExactly("stands by 2", "voted");
        machine.onServeUntil(world.queue.nowNanos + 1_000);
        assertThat(world.stats().active()).isFalse();
        // and being told to serve again it does, for as long as it is told
        activate(4);
        assertThat(world.stats().active()).isTrue();
    }

    @Test
    void aPlainWorkersReplyAfterTheLeaseIsNeitherPassedOnNorFollowedByMoreWork() {
        // given a plain worker, which knows no epochs, one request with it and one that waits
        guard();
        machine.onServeUntil(world.queue.nowNanos + 1_000);
        activate(2);
        world.queue.ready("w1");
        world.queue.request("plain1", "runs");
        world.queue.request("plain2", "waits");
        world.queue.takeSent();
        // when the process stands still until the lease is over, and the reply is what it sees first
        world.queue.nowNanos += 1_000;
        world.queue.reply("w1", 1, "re");
        // then
        assertThat(world.queue.takeSent()).noneMatch(sent -> sent.contains("re") || sent.contains("waits"));
        assertThat(world.stats().active()).isFalse();
        assertThat(takeTold()).containsExactly("stands by 2");
    }

    @Test
    void whatAnyOtherInputFindsAfterTheLeaseIsNotServed() {
        List<Runnable> inputs = List.of(
                () -> world.queue.ready("w2"),
                () -> machine.onWorkerGone(world.queue.nowNanos, QueueWorld.id("w1")),
                () -> machine.onClientGone(world.queue.nowNanos, QueueWorld.id("plain1")),
                () -> machine.replication().onStored(world.queue.nowNanos, 1, 1));
        // given
        guard();
        for (Runnable input : inputs) {
            activate(world.stats().epoch() + 2);
            machine.onServeUntil(world.queue.nowNanos + 1_000);
            world.queue.nowNanos += 1_000;
            input.run();
            assertThat(world.stats().active()).isFalse();
        }
    }

    @Test
    void servesUnderAnEpochThatIsFarAheadOfWhatItKnew() {
        guard();
        activate(2);
        world.hello("c1");
        activate(3 * EpochFence.LEAP_MAX);
        world.takeSent();
        assertThat(world.epochOfQueue).isEqualTo(3 * EpochFence.LEAP_MAX);
        // and believes who knows the next
        world.epochOfPeers = 3 * EpochFence.LEAP_MAX + 1;
        world.request("c1", 1, "ask");
        assertThat(takeTold()).containsExactly("newer epoch " + (3 * EpochFence.LEAP_MAX + 1), "voted");
    }

    @Test
    void doesNotBelieveAnEpochThatNoPairCanReach() {
        guard();
        activate(2);
        world.hello("c1");
        world.takeSent();
        world.epochOfPeers = Long.MAX_VALUE;
        world.request("c1", 1, "ask");
        assertThat(world.takeSent()).isEmpty();
        assertThat(world.malformed).containsExactly("epoch " + Long.MAX_VALUE + " leaps ahead");
        assertThat(takeTold()).isEmpty();
        assertThat(world.stats().active()).isTrue();
    }

    @Test
    void caresForNoEpochsWithoutAGuard() {
        world.epochOfPeers = 5;
        world.hello("c1");
        world.ready("p1", 1);
        world.request("c1", 1, "ask");
        assertThat(world.takeSent()).containsExactly("c1 WELCOME", "p1 WELCOME", "p1 REQUEST 1 x1: ask");
        assertThat(world.epochOfQueue).isZero();
        assertThat(new EpochFence().getAsLong()).isZero();
    }

    @Test
    void reportsWhatItDidAloneWhenAnotherHadReplacedIt() {
        guard();
        activate(2);
        world.hello("c1");
        world.ready("p1", 1);
        world.request("c1", 1, "before");
        world.reply("p1", 1, "re");
        // given that it lost sight of the other one, and went on
        machine.onAlone(true);
        world.request("c1", 2, "alone");
        world.reply("p1", 2, "re");
        world.request("c1", 3, "alone too");
        // when the other turns out to have served meanwhile
        standBy(3, "");
        assertThat(takeTold()).containsExactly("diverged, accepted 2, answered 1");
    }

    @Test
    void reportsNothingWhenItStandsDownInSightOfTheOther() {
        guard();
        activate(2);
        machine.onAlone(true);
        machine.onAlone(false);
        standBy(3, "");
        assertThat(takeTold()).isEmpty();
    }

    /** It may have been on its way since then, behind another that ran. */
    @Test
    void doesNotRunWhatMustRunOnceAndWasSentToAnEarlierIncarnation() {
        guard();
        activate(3);
        world.hello("c1");
        world.ready("p1", 1);
        standBy(4, "");
        activate(5);
        world.takeSent();
        world.epochOfPeers = 3;
        world.once("c1", 1, 2, "pay");
        assertThat(world.takeSent()).containsExactly("c1 REPLY 1 NOT_ACTIVE x0 retry after 100");
        world.epochOfPeers = 5;
        world.once("c1", 2, 1, "pay more");
        assertThat(world.takeSent()).containsExactly("p1 REQUEST 1 x1 once: pay more");
    }

    @Test
    void givesToWorkersWhatWaitsWhileItDrains() {
        world.queue.machine.onDrain(world.queue.nowNanos);
        world.hello("c9");
        world.ready("p9", 1);
        assertThat(world.takeSent()).contains("c9 WELCOME, stands by", "p9 WELCOME");
    }
}
