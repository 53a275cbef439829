package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.Replicated;
import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the queue that takes over knows of the requests of the one before it. */
class HandoverTest extends HandoverWorld {

    @Test
    void dispatchesNothingThatTheOtherQueueDoesNotKnow() {
        // given
        follow();
        // when
        first.request("c1", 1, "ask");
        assertThat(first.takeSent()).isEmpty();
        // then
        carry();
        assertThat(first.takeSent()).containsExactly("p1 REQUEST 1 x1: ask");
    }

    @Test
    void dispatchesAtOnceWhenNobodyFollowsAnyMore() {
        // given
        follow();
        first.request("c1", 1, "ask");
        // when
        first.queue.machine.replication().onEnded(first.queue.nowNanos, SESSION);
        first.endTurn();
        // then
        assertThat(first.takeSent()).containsExactly("p1 REQUEST 1 x1: ask");
    }

    @Test
    void leavesToAWorkerWhatItHasOfTheQueueBefore() {
        // given a request that runs
        follow();
        first.request("c1", 1, "ask");
        carry();
        long id = first.deliveryId(1);
        forgetSent();
        // when the other queue takes over, and the worker says what it holds
        takeOver();
        assertThat(second.takeSent()).containsExactly("p1 WELCOME, takes over", "p2 WELCOME, takes over");
        askAgain(1, "ask");
        second.takenOver("p1", 1, id);
        second.takenOver("p2", 1);
        assertThat(second.takeSent()).containsExactly("c1 WELCOME");
        // then its reply is the answer
        second.fromWorker("p1", it -> it.reply(id, Status.OK, 0, 0, PrvWorld.body("answer")));
        assertThat(second.takeSent()).containsExactly("c1 REPLY 1 OK x1: answer", "p1 ACKNOWLEDGE 1");
        assertThat(second.stats().inherited()).isEqualTo(1);
        assertThat(second.stats().deliveries()).isZero();
    }

    @Test
    void answersAgainWhatTheQueueBeforeHasAnswered() {
        // given
        follow();
        first.request("c1", 1, "ask");
        carry();
        first.reply("p1", 1, "answer");
        carry();
        // when
        takeOver();
        forgetSent();
        askAgain(1, "ask");
        // then
        assertThat(second.takeSent()).containsExactly("c1 WELCOME", "c1 REPLY 1 OK x1: answer");
    }

    @Test
    void takesAReplyThatTheOtherQueueNeverHeardOfFromItsWorker() {
        // given a reply that is not acknowledged, for only the queue that ends has it
        follow();
        first.request("c1", 1, "ask");
        carry();
        long id = first.deliveryId(1);
        forgetSent();
        first.reply("p1", 1, "answer");
        assertThat(first.takeSent()).containsExactly("c1 REPLY 1 OK x1: answer");
        // when the worker says it to the other one
        takeOver();
        second.fromWorker("p1", it -> {
            it.ready(PrvWorld.worker("p1"), 1, 0, PrvWorld.MESSAGE_BYTES_MAX, "", true, new long[] {id});
            it.reply(id, Status.OK, 0, 0, PrvWorld.body("answer"));
        });
        second.takenOver("p2", 1);
        forgetSent();
        // then
        askAgain(1, "ask");
        assertThat(second.takeSent()).containsExactly("c1 WELCOME", "c1 REPLY 1 OK x1: answer");
        assertThat(second.stats().deliveries()).isZero();
    }

    @Test
    void acknowledgesARepliesOnceTheOtherQueueHasIt() {
        // given
        follow();
        first.request("c1", 1, "ask");
        carry();
        first.reply("p1", 1, "answer");
        first.takeSent();
        // when
        carry();
        // then
        assertThat(first.takeSent()).containsExactly("p1 ACKNOWLEDGE 1");
    }

    @Test
    void givesOutAnewWhatNoWorkerHasOnceAllHaveSaidSo() {
        // given two requests that run, the second on a worker that ends with its queue
        follow();
        first.request("c1", 1, "ask");
        first.request("c1", 2, "ask too");
        carry();
        long id = first.deliveryId(1);
        // when
        takeOver();
        forgetSent();
        second.takenOver("p1", 1, id);
        assertThat(second.takeSent()).isEmpty();
        second.workerGone("p2");
        // then the worker that has the first is given nothing, and another one the second
        assertThat(second.takeSent()).isEmpty();
        second.ready("p3", 1);
        assertThat(second.takeSent()).anyMatch(sent -> sent.startsWith("p3 REQUEST") && sent.endsWith("ask too"));
    }

    @Test
    void waitsForAWorkerThatSaysNothingOnlyAsLongAsForASilentOne() {
        // given
        follow();
        first.request("c1", 1, "ask");
        carry();
        takeOver();
        second.takenOver("p1", 1);
        forgetSent();
        // when the second worker beats and does not answer
        second.passBeating(QueueWorld.HEARTBEAT.multipliedBy(4), "p1", "p2");
        // then
        assertThat(second.takeSent()).anyMatch(sent -> sent.contains("REQUEST"));
    }

    @Test
    void runsNothingTwiceThatMustNot() {
        // given one that may be running on a worker that is lost
        follow();
        second.workerGone("p1");
        second.workerGone("p2");
        first.once("c1", 1, 1, "ask");
        carry();
        // when
        takeOver();
        forgetSent();
        second.hello("c1");
        second.request("c1", 1, 2, Prv.ONCE | Prv.ELSEWHERE, Prv.NO_TTL, "", "ask");
        // then the same holds for one of which the first queue told nothing, for that may have gone on alone
        second.request("c1", 2, 2, Prv.ONCE | Prv.ELSEWHERE, Prv.NO_TTL, "", "another");
        assertThat(second.takeSent())
                .containsExactly("c1 WELCOME", "c1 REPLY 1 WORKER_LOST x0", "c1 REPLY 2 WORKER_LOST x0");
    }

    @Test
    void forgetsWhatItsClientNeedsNoMore() {
        // given
        follow();
        first.request("c1", 1, "ask");
        first.request("c1", 2, "ask too");
        carry();
        first.reply("p1", 1, "answer");
        // when
        first.fromClient("c1", it -> it.acknowledge(2));
        first.fromClient("c1", it -> it.cancel(2));
        first.reply("p2", 2, "in vain");
        carry();
        takeOver();
        // then
        assertThat(second.stats().repliesKept()).isZero();
        second.takenOver("p1", 1);
        second.takenOver("p2", 1);
        assertThat(second.stats().accepted()).isZero();
    }

    @Test
    void isToldAnewOfWhatRunsForAClientThatHasSaidGoodbyeToItAlone() {
        // given a client of both, of which a request runs; the queue that serves does not hear its goodbye
        follow();
        first.request("c1", 1, "ask");
        carry();
        second.hello("c1");
        second.fromClient("c1", it -> it.goodbye(Status.OK));
        // when the queue that stands by is told all there is once more
        first.queue.machine.replication().onEnded(first.queue.nowNanos, SESSION);
        told.clear();
        follow();
        // then
        takeOver();
        forgetSent();
        second.takenOver("p1", 1);
        second.takenOver("p2", 1);
        assertThat(second.stats().deliveries()).isEqualTo(1);
    }

    @Test
    void keepsNoEndOfARequestOfAClientThatHasSaidGoodbye() {
        // given a reply of which the queue that stands by hears after the goodbye
        follow();
        first.request("c1", 1, "ask");
        carry();
        first.reply("p1", 1, "answer");
        second.hello("c1");
        second.fromClient("c1", it -> it.goodbye(Status.OK));
        // when
        carry();
        // then
        assertThat(second.stats().repliesKept()).isZero();
    }

    @Test
    void followsARetryOfWhatTheQueueThatServesHasForgottenSooner() {
        // given the end of a request, which the queue that serves keeps no longer, and the other one does
        follow();
        first.request("c1", 1, "ask");
        carry();
        first.reply("p1", 1, "answer");
        carry();
        first.queue.pass(Duration.ofNanos(QueueWorld.DEDUPE.windowNanos()));
        assertThat(first.stats().repliesKept()).isZero();
        assertThat(second.stats().repliesKept()).isEqualTo(1);
        // when its client asks again
        first.hello("c1");
        first.request("c1", 1, "ask");
        // then the other one follows
        carry();
        assertThat(second.stats().repliesKept()).isZero();
    }

    @Test
    void tellsAllThereIsToAQueueThatComesLater() {
        // given one that has ended, two that run and a large one that waits
        first.request("c1", 1, "ask");
        first.reply("p1", 1, "answer");
        first.request("c1", 2, "ask two");
        first.request("c1", 3, "ask three");
        first.request("c1", 4, "x".repeat(3 * Replicated.CHUNK_BYTES_MAX));
        long runs = first.deliveryId(2);
        long runsToo = first.deliveryId(3);
        // when
        follow();
        takeOver();
        forgetSent();
        askAgain(1, "ask");
        assertThat(second.takeSent()).containsExactly("c1 WELCOME", "c1 REPLY 1 OK x1: answer");
        second.takenOver("p1", 2, runs);
        second.takenOver("p2", 1, runsToo);
        second.fromWorker("p2", it -> it.reply(runsToo, Status.OK, 0, 0, PrvWorld.body("answer")));
        second.fromWorker("p1", it -> it.reply(runs, Status.OK, 0, 0, PrvWorld.body("answer")));
        // then the large one goes out once there is room for it
        assertThat(second.takeSent()).anyMatch(sent -> sent.startsWith("p2 REQUEST 1 x1: xxx"));
        assertThat(second.stats().inherited()).isEqualTo(3);
    }

    @Test
    void beginsAnewWhereItKnowsTooLittle() {
        // given a beginning, cut off
        first.request("c1", 1, "x".repeat(2 * Replicated.CHUNK_BYTES_MAX));
        first.queue.machine.onFollowed(first.queue.nowNanos, SESSION);
        second.queue.machine.replication().follow(second.queue.nowNanos, chunks.remove());
        // when
        takeOver();
        // then
        assertThat(second.takeSent()).contains("p1 WELCOME", "p2 WELCOME");
        askAgain(1, "ask");
        assertThat(second.takeSent()).anyMatch(sent -> sent.contains("REQUEST"));
        assertThat(second.stats().inherited()).isZero();
    }

    @Test
    void leavesWhatRunsToItsWorkersWhenItHandsOver() {
        // given
        follow();
        first.request("c1", 1, "ask");
        carry();
        first.takeSent();
        // when
        first.queue.machine.onStandBy(first.queue.nowNanos, 2, "tcp://other");
        first.endTurn();
        // then the client is turned away, and the worker goes on
        assertThat(first.takeSent())
                .contains("c1 REPLY 1 NOT_ACTIVE x1 retry after 100: tcp://other")
                .noneMatch(sent -> sent.contains("CANCEL"));
    }

    @Test
    void hasWorkersKeepWhatTheOtherQueueDoesNotKnowWhenItHandsOver() {
        // given a reply that was read and not passed on
        follow();
        first.request("c1", 1, "ask");
        first.request("c1", 2, "ask too");
        carry();
        first.reply("p1", 1, "answer");
        forgetSent();
        // when the queue stands down, and another comes
        first.queue.machine.onStandBy(first.queue.nowNanos, 2, "tcp://other");
        first.reply("p2", 2, "answer too");
        // then neither is acknowledged: the next queue is to ask for both
        assertThat(first.takeSent()).noneMatch(sent -> sent.contains("ACKNOWLEDGE"));
    }

    @Test
    void saysWhatItCannotMakeSenseOf() {
        assertThat(second.queue.machine.replication().follow(0, new byte[] {0, 0, 0, 5, 99}))
                .isEqualTo("an entry of type 99 as the first");
        assertThat(second.queue.machine.replication().follow(0, new byte[] {0, 0, 0, 0, 1}))
                .isEqualTo("an entry of 0 bytes");
        assertThat(second.queue.machine.replication().follow(0, new byte[] {0, 0, 0, 6, 1, 0}))
                .isEqualTo("an entry BEGIN of 6 bytes, cut off");
    }

    @Test
    void acknowledgesAtOnceWhatNobodyFollows() {
        first.request("c1", 1, "ask");
        first.takeSent();
        first.reply("p1", 1, "answer");
        assertThat(first.takeSent()).containsExactly("c1 REPLY 1 OK x1: answer", "p1 ACKNOWLEDGE 1");
        first.fromWorker("p1", Outbox::heartbeat);
        assertThat(first.takeSent()).isEmpty();
    }
}
