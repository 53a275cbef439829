package io.privateer.pirate;

import static io.privateer.pirate.PrvWorld.FIRST;
import static io.privateer.pirate.QueueWorld.HEARTBEAT;
import static io.privateer.pirate.QueueWorld.PENDING_MAX;
import static io.privateer.pirate.QueueWorld.SILENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.Status;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a queue takes from clients of PRV/1, and what it tells them. */
class PrvClientsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration WINDOW = Duration.ofNanos(QueueWorld.DEDUPE.windowNanos());
    private static final long SECOND_MICROS = 1_000_000;

    private PrvWorld world = new PrvWorld();

    /** Whatever a test did, every accepted request is accounted for. */
    @AfterEach
    void everyAcceptedRequestIsSomewhere() {
        world.queue.assertNothingIsLost();
    }

    private void answered(String client, long requestId) {
        world.request(client, requestId, "r" + requestId);
        world.reply("p1", world.stats().deliveries(), "a" + requestId);
    }

    @Test
    void welcomesAClientAndTakesRequestsBehindItsHello() {
        world.ready("p1", 2);
        world.fromClient("c1", it -> {
            it.hello(PrvWorld.client("c1"), PrvWorld.MESSAGE_BYTES_MAX);
            PrvWorld.request(it, 1, FIRST, 0, Prv.NO_TTL, "", "ask");
        });
        assertThat(world.takeSent()).containsExactly("p1 WELCOME", "c1 WELCOME", "p1 REQUEST 1 x1: ask");
        world.reply("p1", 1, "answer");
        assertThat(world.takeSent()).containsExactly("c1 REPLY 1 OK x1: answer");
        assertThat(world.stats().answered()).isEqualTo(1);
        assertThat(world.stats().repliesKept()).isEqualTo(1);
    }

    @Test
    void turnsAwayClientsBeyondItsBoundUntilOthersAreForgotten() {
        for (int i = 1; i <= QueueWorld.CLIENTS_MAX; i++) {
            PeerId peer = new PeerId(7, i);
            world.fromClient("c" + i, it -> it.hello(peer, PrvWorld.MESSAGE_BYTES_MAX));
        }
        world.takeSent();
        world.hello("latecomer");
        assertThat(world.takeSent()).containsExactly("latecomer GOODBYE BUSY");
        world.fromClient("c1", it -> it.goodbye(Status.OK));
        world.hello("latecomer");
        assertThat(world.takeSent()).containsExactly("latecomer WELCOME");
    }

    @Test
    void spreadsPipelinedRequestsOverTheWorkersUpToTheirCredit() {
        world.ready("p1", 2);
        world.ready("p2", 1);
        world.hello("c1");
        world.takeSent();
        world.fromClient("c1", it -> {
            for (int i = 1; i <= 4; i++) {
                PrvWorld.request(it, i, FIRST, 0, Prv.NO_TTL, "", "r" + i);
            }
        });
        assertThat(world.takeSent())
                .containsExactlyInAnyOrder("p1 REQUEST 1 x1: r1", "p1 REQUEST 2 x1: r3", "p2 REQUEST 3 x1: r2");
        assertThat(world.stats().pending()).isEqualTo(1);
    }

    @Test
    void letsClientsTakeTurns() {
        world.hello("c1");
        world.hello("c2");
        world.request("c1", 1, "a");
        world.request("c1", 2, "b");
        world.request("c2", 1, "c");
        world.takeSent();
        world.ready("p1", 3);
        assertThat(world.takeSent())
                .containsExactly("p1 WELCOME", "p1 REQUEST 1 x1: a", "p1 REQUEST 2 x1: c", "p1 REQUEST 3 x1: b");
    }

    @Test
    void attachesADuplicateToTheRequestThatWaitsOrIsInFlight() {
        world.hello("c1");
        world.request("c1", 1, "ask");
        world.request("c1", 1, 2, 0, Prv.NO_TTL, "", "ask");
        world.ready("p1", 5);
        world.takeSent();
        world.request("c1", 1, 3, 0, Prv.NO_TTL, "", "ask");
        assertThat(world.takeSent()).isEmpty();
        world.reply("p1", 1, "answer");
        assertThat(world.takeSent()).containsExactly("c1 REPLY 1 OK x1: answer");
        assertThat(world.stats().duplicates()).isEqualTo(2);
        assertThat(world.stats().accepted()).isEqualTo(1);
    }

    @Test
    void replaysTheReplyToAnAnsweredRequestOnWhateverConnection() {
        world.ready("p1", 1);
        world.hello("c1");
        answered("c1", 1);
        world.hello("c1-again");
        world.takeSent();
        world.request("c1-again", 1, 2, 0, Prv.NO_TTL, "", "r1");
        assertThat(world.takeSent()).containsExactly("c1-again REPLY 1 OK x1: a1");
        assertThat(world.stats().replayed()).isEqualTo(1);
        assertThat(world.stats().deliveries()).isEqualTo(1);
    }

    @Test
    void sendsTheReplyOnTheConnectionThatTheClientHasNow() {
        world.ready("p1", 1);
        world.hello("c1");
        world.request("c1", 1, "ask");
        world.hello("c1-again");
        world.clientGone("c1");
        world.takeSent();
        world.reply("p1", 1, "answer");
        assertThat(world.takeSent()).containsExactly("c1-again REPLY 1 OK x1: answer");
        world.fromClient("c1", Outbox::heartbeat);
        assertThat(world.takeSent()).containsExactly("c1 GOODBYE UNKNOWN_PEER");
    }

    @Test
    void keepsTheReplyForAClientWithoutAConnection() {
        world.ready("p1", 1);
        world.hello("c1");
        world.request("c1", 1, "ask");
        world.clientGone("c1");
        world.takeSent();
        world.reply("p1", 1, "answer");
        assertThat(world.takeSent()).isEmpty();
        world.hello("c1-again");
        world.request("c1-again", 1, 2, 0, Prv.NO_TTL, "", "ask");
        assertThat(world.takeSent()).containsExactly("c1-again WELCOME", "c1-again REPLY 1 OK x1: answer");
    }

    @Test
    void forgetsRepliesThatTheClientAcknowledges() {
        world.ready("p1", 1);
        world.hello("c1");
        answered("c1", 1);
        answered("c1", 2);
        world.takeSent();
        world.fromClient("c1", it -> it.acknowledge(2));
        assertThat(world.stats().repliesKept()).isEqualTo(1);
        // also by a leap over ids that never were, and not by an older word
        world.fromClient("c1", it -> it.acknowledge(1_000_000));
        world.fromClient("c1", it -> it.acknowledge(1));
        assertThat(world.stats().repliesKept()).isZero();
        assertThat(world.stats().repliesKeptBytes()).isZero();
        assertThat(world.stats().repliesEvicted()).isZero();
        // and a late copy of what was acknowledged does not run
        world.request("c1", 2, 2, 0, Prv.NO_TTL, "", "r2");
        assertThat(world.takeSent()).isEmpty();
        assertThat(world.stats().duplicates()).isEqualTo(1);
    }

    @Test
    void dropsAnAcknowledgedRequestThatStillWaits() {
        world.hello("c1");
        world.request("c1", 1, "a");
        world.request("c1", 7, "b");
        world.queue.machine.onDrain(world.queue.nowNanos);
        world.queue.takeTold();
        world.fromClient("c1", it -> it.acknowledge(1_000));
        assertThat(world.queue.takeTold())
                .containsExactlyInAnyOrder("dropped 1 ABANDONED", "dropped 2 ABANDONED", "drained");
    }

    @Test
    void keepsNoMoreRepliesThanItsBoundAndCountsWhatItForgets() {
        world.ready("p1", 1);
        world.hello("c1");
        for (int i = 1; i <= 6; i++) {
            answered("c1", i);
        }
        assertThat(world.stats().repliesKept()).isEqualTo(QueueWorld.DEDUPE.countMax());
        assertThat(world.stats().repliesEvicted()).isEqualTo(2);
        world.takeSent();
        world.request("c1", 1, 2, 0, Prv.NO_TTL, "", "r1");
        assertThat(world.takeSent()).containsExactly("p1 REQUEST 7 x1: r1");
    }

    @Test
    void keepsNoMoreBytesOfRepliesThanItsBound() {
        world.ready("p1", 1);
        world.hello("c1");
        world.request("c1", 1, "a");
        world.reply("p1", 1, "x".repeat(6_000));
        world.request("c1", 2, "b");
        world.reply("p1", 2, "x".repeat(6_000));
        assertThat(world.stats().repliesKept()).isEqualTo(1);
        assertThat(world.stats().repliesKeptBytes()).isBetween(6_000L, 7_000L);
        world.request("c1", 3, "c");
        world.reply("p1", 3, "x".repeat(11_000));
        assertThat(world.stats().repliesKept()).isZero();
        assertThat(world.stats().repliesEvicted()).isEqualTo(3);
    }

    @Test
    void keepsRepliesNoLongerThanTheWindow() {
        world.ready("p1", 1);
        world.hello("c1");
        answered("c1", 1);
        world.passBeating(WINDOW.minus(SECOND), "p1");
        assertThat(world.stats().repliesKept()).isEqualTo(1);
        world.passBeating(SECOND.multipliedBy(2), "p1");
        assertThat(world.stats().repliesKept()).isZero();
        assertThat(world.stats().repliesEvicted()).isEqualTo(1);
    }

    @Test
    void keepsNothingWhereDedupeIsOff() {
        world = new PrvWorld(new QueueWorld(0, true, new QueueSettings.Dedupe(0, 1, 1)));
        world.ready("p1", 1);
        world.hello("c1");
        answered("c1", 1);
        assertThat(world.stats().repliesKept()).isZero();
        world.takeSent();
        world.request("c1", 1, 2, 0, Prv.NO_TTL, "", "r1");
        world.once("c1", 2, 2, "once");
        assertThat(world.takeSent()).containsExactlyInAnyOrder("p1 REQUEST 2 x1: r1", "c1 REPLY 2 WORKER_LOST x0");
    }

    @Test
    void expiresARequestByItsOwnTimeToLive() {
        world.hello("c1");
        world.request("c1", 1, FIRST, 0, 2 * SECOND_MICROS, "", "ask");
        world.takeSent();
        world.pass(SECOND);
        assertThat(world.takeSent()).isEmpty();
        world.pass(SECOND.multipliedBy(2));
        assertThat(world.takeSent()).containsExactly("c1 REPLY 1 NO_WORKERS x0");
        // and with a worker that has its hands full
        world.ready("p1", 1);
        world.request("c1", 2, "long");
        world.request("c1", 3, FIRST, 0, 2 * SECOND_MICROS, "", "short");
        world.takeSent();
        world.passBeating(SECOND.multipliedBy(3), "p1");
        assertThat(world.takeSent()).containsExactly("c1 REPLY 3 EXPIRED x0");
        assertThat(world.stats().expired()).isEqualTo(2);
    }

    @Test
    void tellsTheWorkerWhatIsLeftOfTheTimeToLive() {
        world.hello("c1");
        world.request("c1", 1, FIRST, 0, 5 * SECOND_MICROS, "", "ask");
        world.pass(SECOND.multipliedBy(2));
        world.ready("p1", 1);
        assertThat(world.ttlMicros).isEqualTo(3 * SECOND_MICROS);
        world.request("c1", 2, FIRST, 0, Long.MAX_VALUE, "", "as long as you like");
        world.reply("p1", 1, "answer");
        assertThat(world.ttlMicros).isPositive();
    }

    @Test
    void doesNotDeliverWhatHasNoTimeToLive() {
        world.ready("p1", 1);
        world.hello("c1");
        world.takeSent();
        world.request("c1", 1, FIRST, 0, 0, "", "too late");
        assertThat(world.takeSent()).containsExactly("c1 REPLY 1 EXPIRED x0");
    }

    @Test
    void saysWhenToTryAgainWhereItIsFull() {
        world.hello("c1");
        for (int i = 1; i <= PENDING_MAX; i++) {
            world.request("c1", i, "r" + i);
        }
        world.takeSent();
        world.request("c1", 9, "one too many");
        assertThat(world.takeSent()).containsExactly("c1 REPLY 9 BUSY x0 retry after 100");
        assertThat(world.stats().rejected()).isEqualTo(1);
        // and takes the same request when there is room
        world.ready("p1", PENDING_MAX);
        world.request("c1", 9, 2, 0, Prv.NO_TTL, "", "one too many");
        assertThat(world.stats().accepted()).isEqualTo(PENDING_MAX + 1);
    }

    @Test
    void isNotActiveWhileItDrains() {
        world.hello("c1");
        world.takeSent();
        world.queue.machine.onDrain(world.queue.nowNanos);
        world.request("c1", 1, "ask");
        world.hello("c2");
        assertThat(world.takeSent())
                .containsExactly("c1 DRAIN", "c1 REPLY 1 NOT_ACTIVE x0 retry after 100", "c2 WELCOME, stands by");
    }

    @Test
    void dropsACancelledRequestThatWaits() {
        world.hello("c1");
        world.request("c1", 1, "ask");
        world.takeSent();
        world.fromClient("c1", it -> it.cancel(1));
        world.fromClient("c1", it -> it.cancel(2));
        assertThat(world.takeSent()).isEmpty();
        assertThat(world.stats().abandoned()).isEqualTo(1);
        assertThat(world.stats().pendingBytes()).isZero();
    }

    @Test
    void tellsTheWorkerOfACancelledRequestAndDropsItsReply() {
        world.ready("p1", 1);
        world.hello("c1");
        world.request("c1", 1, "ask");
        world.takeSent();
        world.fromClient("c1", it -> it.cancel(1));
        world.fromClient("c1", it -> it.cancel(1));
        assertThat(world.takeSent()).containsExactly("p1 CANCEL 1");
        world.reply("p1", 1, "answer");
        assertThat(world.takeSent()).isEmpty();
        assertThat(world.stats().abandoned()).isEqualTo(1);
        assertThat(world.stats().workersIdle()).isEqualTo(1);
    }

    @Test
    void forgetsEverythingOfAClientThatSaysGoodbye() {
        world.ready("p1", 1);
        world.hello("c1");
        answered("c1", 1);
        world.request("c1", 2, "in flight");
        world.request("c1", 3, "waiting");
        world.takeSent();
        world.fromClient("c1", it -> it.goodbye(Status.OK));
        assertThat(world.takeSent()).containsExactly("p1 CANCEL 2");
        world.reply("p1", 2, "for nobody");
        assertThat(world.takeSent()).isEmpty();
        assertThat(world.stats().abandoned()).isEqualTo(2);
        assertThat(world.stats().repliesKept()).isZero();
        world.clientGone("c1");
    }

    @Test
    void disconnectsAClientThatStaysSilentForLong() {
        world.hello("c1");
        world.pass(SILENCE.multipliedBy(11));
        world.takeSent();
        world.fromClient("c1", Outbox::heartbeat);
        assertThat(world.takeSent()).containsExactly("c1 GOODBYE UNKNOWN_PEER");
    }

    @Test
    void beatsToItsClients() {
        world.hello("c1");
        world.queue.sent.clear();
        world.pass(HEARTBEAT);
        assertThat(world.queue.sent).containsExactly("beat c1");
    }

    @Test
    void answersTheBeatsOfItsClientsAsASimpleQueue() {
        world = new PrvWorld(new QueueWorld(0, false));
        world.hello("c1");
        world.ready("p1", 1);
        world.queue.sent.clear();
        world.pass(HEARTBEAT.multipliedBy(5));
        assertThat(world.queue.sent).isEmpty();
        world.fromClient("c1", Outbox::heartbeat);
        world.beat("p1");
        assertThat(world.queue.sent).containsExactly("beat c1", "beat p1");
    }
}
