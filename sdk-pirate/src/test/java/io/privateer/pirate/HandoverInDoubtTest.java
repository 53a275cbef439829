package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is in doubt when one queue takes over from another, because it was under way at that moment, or not told. */
class HandoverInDoubtTest extends HandoverWorld {

    @Test
    void isInStepOnlyWhenAllIsKnownThatWasDoneMeanwhile() {
        // given what there is, on its way to the other queue, and behind it one more that is dispatched at once
        first.queue.machine.onFollowed(first.queue.nowNanos, SESSION);
        first.queue.machine.replication().flush();
        first.request("c1", 1, "ask");
        assertThat(first.takeSent()).contains("p1 REQUEST 1 x1: ask");
        first.queue.machine.replication().flush();
        // when, then
        first.queue.machine.replication().onStored(first.queue.nowNanos, SESSION, 1);
        assertThat(told).isEmpty();
        first.queue.machine.replication().onStored(first.queue.nowNanos, SESSION, 2);
        assertThat(told).containsExactly("in step");
    }

    @Test
    void doesNotSayThatNobodyServesWhatTheOtherQueueMayGiveOut() {
        // given two that wait, for all workers are at work
        follow();
        first.request("c1", 1, "ask");
        first.request("c1", 2, "ask too");
        first.request("c1", 3, "wait");
        first.once("c1", 4, 1, "wait too");
        carry();
        first.takeSent();
        // when
        first.queue.machine.onStandBy(first.queue.nowNanos, 2, "tcp://other");
        first.endTurn();
        // then the other one gives out the first of them, and never the second
        assertThat(first.takeSent())
                .contains("c1 REPLY 3 NOT_ACTIVE x1 retry after 100: tcp://other")
                .contains("c1 REPLY 4 NOT_ACTIVE x0 retry after 100: tcp://other");
    }

    @Test
    void wantsNothingOfAWorkerThatItKnowsNothingOf() {
        follow();
        takeOver();
        forgetSent();
        second.takenOver("p1", 1, 77);
        assertThat(second.takeSent()).containsExactly("p1 CANCEL 1");
    }

    @Test
    void countsRepliesAnewWhenAWorkerIntroducesItself() {
        // given one reply that was acknowledged and one that the other queue does not know yet
        follow();
        first.request("c1", 1, "ask");
        carry();
        first.reply("p1", 1, "answer");
        carry();
        first.request("c1", 2, "ask too");
        carry();
        first.reply("p1", 2, "answer too");
        first.takeSent();
        // when
        first.ready("p1", 1);
        carry();
        // then
        assertThat(first.takeSent()).noneMatch(sent -> sent.contains("ACKNOWLEDGE"));
    }
}
