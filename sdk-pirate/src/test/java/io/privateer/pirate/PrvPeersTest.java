package io.privateer.pirate;

import static io.privateer.pirate.PrvWorld.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.Status;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a queue gets along with strangers, with peers that do not read, and with peers of several dialects. */
class PrvPeersTest {

    private final PrvWorld world = new PrvWorld();

    /** Whatever a test did, every accepted request is accounted for. */
    @AfterEach
    void everyAcceptedRequestIsSomewhere() {
        world.queue.assertNothingIsLost();
    }

    @Test
    void asksStrangersWhoTheyAre() {
        world.request("c1", 1, "ask");
        world.beat("p1");
        assertThat(world.takeSent()).containsExactly("c1 GOODBYE UNKNOWN_PEER", "p1 GOODBYE UNKNOWN_PEER");
        world.fromClient("c1", it -> it.goodbye(Status.OK));
        world.fromWorker("p1", it -> it.goodbye(Status.OK));
        assertThat(world.takeSent()).isEmpty();
        assertThat(world.stats().accepted()).isZero();
        assertThat(world.stats().workers()).isZero();
    }

    @Test
    void whoIntroducesItselfBehindWhatItSaidBeforeIsWelcome() {
        world.fromClient("c1", it -> {
            PrvWorld.request(it, 1, FIRST, 0, Prv.NO_TTL, "", "ask");
            it.hello(PrvWorld.client("c1"), PrvWorld.MESSAGE_BYTES_MAX);
        });
        world.fromWorker("p1", it -> {
            it.heartbeat();
            it.ready(PrvWorld.worker("p1"), 1, PrvWorld.MESSAGE_BYTES_MAX, "");
        });
        assertThat(world.takeSent()).hasSize(2).allMatch(it -> it.contains(" WELCOME"));
        assertThat(world.stats().accepted()).isZero();
        assertThat(world.stats().workers()).isEqualTo(1);
    }

    @Test
    void doesNotAskWhoCameToTheWrongDoorToIntroduceItselfThereAgain() {
        world.fromWorker("c1", it -> it.hello(PrvWorld.client("c1"), PrvWorld.MESSAGE_BYTES_MAX));
        world.fromClient("p1", it -> it.ready(PrvWorld.worker("p1"), 1, PrvWorld.MESSAGE_BYTES_MAX, ""));
        assertThat(world.takeSent()).isEmpty();
        assertThat(world.malformed).hasSize(2);
    }

    @Test
    void countsWhatIsMalformedAndTakesTheRecordsBeforeIt() {
        world.ready("p1", 1);
        world.hello("c1");
        byte[] good = world.messages(it -> PrvWorld.request(it, 1, FIRST, 0, Prv.NO_TTL, "", "ask"))
                .get(0)[0];
        byte[] torn = Arrays.copyOf(good, good.length + 3);
        world.takeSent();
        world.rawFromClient("c1", torn);
        assertThat(world.takeSent()).containsExactly("p1 REQUEST 1 x1: ask");
        world.rawFromClient("c1", new byte[16]);
        world.rawFromWorker("p1", new byte[16]);
        byte[] tornBeat = world.messages(Outbox::heartbeat).get(0)[0];
        world.rawFromWorker("p1", Arrays.copyOf(tornBeat, tornBeat.length + 1));
        assertThat(world.malformed).hasSize(4);
    }

    @Test
    void countsRecordsThatAreNotThePeersToSend() {
        world.ready("p1", 1);
        world.hello("c1");
        world.takeSent();
        world.fromClient("c1", it -> it.progress(1));
        world.fromWorker("p1", it -> it.acknowledge(1));
        assertThat(world.malformed)
                .containsExactly("record of type 19 is not a client's", "record of type 4 is not a worker's");
        assertThat(world.takeSent()).isEmpty();
    }

    @Test
    void givesUpAConnectionThatDoesNotRead() {
        world.ready("p1", 1);
        world.ready("p2", 1);
        world.hello("c1");
        world.stuck.add("p1");
        world.takeSent();
        world.request("c1", 1, "ask");
        world.pass(QueueWorld.GRACE);
        assertThat(world.takeSent()).containsExactly("p2 REQUEST 1 x2: ask");
        // and asks who it is when it is heard on it again
        world.stuck.clear();
        world.beat("p1");
        assertThat(world.takeSent()).containsExactly("p1 GOODBYE UNKNOWN_PEER");
        world.workerGone("p1");
    }

    @Test
    void keepsTheReplyOfAClientThatDidNotRead() {
        world.ready("p1", 1);
        world.hello("c1");
        world.request("c1", 1, "ask");
        world.stuck.add("c1");
        world.takeSent();
        world.reply("p1", 1, "answer");
        assertThat(world.takeSent()).isEmpty();
        world.hello("c1-again");
        world.request("c1-again", 1, 2, 0, Prv.NO_TTL, "", "ask");
        assertThat(world.takeSent()).containsExactly("c1-again WELCOME", "c1-again REPLY 1 OK x1: answer");
    }

    @Test
    void takesAConnectionForThePeerThatSpokeLastOnIt() {
        // given another worker behind a connection
        world.ready("p1", 1);
        world.hello("c1");
        world.request("c1", 1, "ask");
        world.fromWorker("p1", it -> it.ready(PrvWorld.worker("p2"), 1, PrvWorld.MESSAGE_BYTES_MAX, ""));
        world.takeSent();
        // when the time of the first is over
        world.pass(QueueWorld.GRACE);
        // then the second gets what it held, and counts
        assertThat(world.takeSent()).containsExactly("p1 REQUEST 2 x2: ask");
        world.reply("p1", 2, "answer");
        assertThat(world.takeSent()).containsExactly("c1 REPLY 1 OK x2: answer");
        assertThat(world.stats().workers()).isEqualTo(1);
        // and the same with clients
        world.fromClient("c1", it -> it.hello(PrvWorld.client("c2"), PrvWorld.MESSAGE_BYTES_MAX));
        world.request("c1", 1, "of another");
        world.reply("p1", 3, "answer");
        assertThat(world.takeSent())
                .containsExactly("c1 WELCOME", "p1 REQUEST 3 x1: of another", "c1 REPLY 1 OK x1: answer");
        world.queue.sent.clear();
        world.fromWorker("p1", Outbox::heartbeat);
        world.pass(QueueWorld.HEARTBEAT);
        assertThat(world.queue.sent).containsOnlyOnce("beat c1");
    }

    @Test
    void servesAPrvClientByAWorkerOfThePiratesAndAPlainClientByOneOfPrv() {
        world.hello("c1");
        world.queue.ready("w1");
        world.takeSent();
        world.request("c1", 1, "ask");
        assertThat(world.takeSent()).containsExactly("deliver 1 to w1: ask");
        world.queue.reply("w1", 1, "answer");
        world.endTurn();
        assertThat(world.takeSent()).containsExactly("c1 REPLY 1 OK x1: answer");
        world.queue.workerGone("w1");
        world.ready("p1", 1);
        world.queue.request("anon-c1", "plain");
        world.endTurn();
        assertThat(world.takeSent()).containsExactly("p1 WELCOME", "p1 REQUEST 1 x1: plain");
        world.reply("p1", 1, "answer");
        assertThat(world.takeSent()).containsExactly("reply to anon-c1: answer");
    }

    @Test
    void tellsFailureToAPrvClientAndTriesAgainForAPlainOne() {
        world.ready("p1", 1);
        world.hello("c1");
        world.request("c1", 1, "ask");
        world.takeSent();
        world.reply("p1", 1, Status.HANDLER_FAILED, "no");
        assertThat(world.takeSent()).containsExactly("c1 REPLY 1 HANDLER_FAILED x1: no");
        world.queue.request("anon-c1", "plain");
        world.endTurn();
        world.takeSent();
        world.reply("p1", 2, Status.HANDLER_FAILED, "no");
        assertThat(world.takeSent()).containsExactly("p1 REQUEST 3 x2: plain");
        world.reply("p1", 3, Status.HANDLER_FAILED, "no");
        world.reply("p1", 4, Status.HANDLER_FAILED, "no");
        assertThat(world.stats().deadLettered()).isEqualTo(1);
        assertThat(world.stats().workersIdle()).isEqualTo(1);
    }

    @Test
    void tellsAClientThatItTakesNoReplyOfThatLength() {
        world.ready("p1", 1);
        world.fromClient("c1", it -> it.hello(PrvWorld.client("c1"), 300));
        world.request("c1", 1, "ask");
        world.takeSent();
        world.reply("p1", 1, "x".repeat(301));
        assertThat(world.takeSent()).containsExactly("c1 REPLY 1 TOO_LARGE x1");
    }

    @Test
    void givesAWorkerNothingLongerThanItTakes() {
        QueueWorld queue = world.queue;
        world.fromWorker("p1", it -> it.ready(PrvWorld.worker("p1"), 1, 0, ""));
        world.hello("c1");
        world.takeSent();
        byte[][] manyParts = new byte[Prv.PARTS_MAX + 1][0];
        queue.machine.onRequest(queue.nowNanos, QueueWorld.id("anon-c1"), new byte[][] {}, manyParts);
        world.endTurn();
        world.request("c1", 1, "fits");
        assertThat(world.takeSent()).containsExactly("p1 REQUEST 1 x1: fits");
        assertThat(world.stats().deadLettered()).isEqualTo(1);
        assertThat(queue.takeTold()).contains("dead letter 1 after 0: ");
    }

    @Test
    void saysGoodbyeToItsPeersWhenItCloses() {
        world.ready("p1", 1);
        world.ready("p2", 1);
        world.hello("c1");
        world.hello("c2");
        world.clientGone("c2");
        world.queue.ready("w1");
        world.takeSent();
        world.queue.machine.onClose();
        world.endTurn();
        assertThat(world.takeSent()).containsExactly("c1 GOODBYE OK", "p1 GOODBYE OK", "p2 GOODBYE OK");
    }

    @Test
    void beginsWithNothingForAWorkerThatItHasNoRoomFor() {
        for (int i = 1; i <= 5; i++) {
            world.queue.ready("w" + i);
        }
        world.takeSent();
        world.ready("p1", 1);
        assertThat(world.takeSent()).containsExactly("p1 GOODBYE BUSY");
        world.pass(Duration.ofMillis(1));
        assertThat(world.stats().workersRefused()).isEqualTo(1);
    }

    @Test
    void letsAClientUseAnyNumberOfServices() {
        world.hello("c1");
        QueueClient client = QueueClient.prv(PrvWorld.client("c1"));
        ClientLine first = client.lineOf(new Service("first"));
        for (int i = 0; i < 100; i++) {
            client.lineOf(new Service("service" + i));
        }
        // then those that nothing waits in are not kept
        assertThat(client.lineOf(first.service)).isNotSameAs(first);
        assertThat(client.lineOf(first.service)).isSameAs(client.lineOf(first.service));
    }
}
