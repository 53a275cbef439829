package io.privateer.pirate;

import static io.privateer.pirate.PrvWorld.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What must not run twice does not, and its client learns what can be known of it. */
class PrvOnceTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration WINDOW = Duration.ofNanos(QueueWorld.DEDUPE.windowNanos());

    private final PrvWorld world = new PrvWorld();

    /** Whatever a test did, every accepted request is accounted for. */
    @AfterEach
    void everyAcceptedRequestIsSomewhere() {
        world.queue.assertNothingIsLost();
    }

    @Test
    void refusesAnAtMostOnceRequestWhoseEndItHasForgotten() {
        world.ready("p1", 1);
        world.hello("c1");
        world.once("c1", 1, FIRST, "pay");
        world.reply("p1", 1, "paid");
        world.passBeating(WINDOW.plus(SECOND), "p1");
        world.takeSent();
        world.once("c1", 1, 2, "pay");
        assertThat(world.takeSent()).containsExactly("c1 REPLY 1 WORKER_LOST x0");
        world.once("c1", 2, FIRST, "pay more");
        assertThat(world.takeSent()).containsExactly("p1 REQUEST 2 x1 once: pay more");
    }

    @Test
    void refusesAnAtMostOnceRequestOfAClientThatItHasForgotten() {
        // given a client that vanished for longer than the window
        world.ready("p1", 1);
        world.hello("c1");
        world.once("c1", 1, FIRST, "pay");
        world.reply("p1", 1, "paid");
        world.clientGone("c1");
        world.passBeating(WINDOW.multipliedBy(2), "p1");
        world.takeSent();
        // when it comes back and asks again
        world.hello("c1");
        world.once("c1", 1, 2, "pay");
        // then it may have run
        assertThat(world.takeSent()).containsExactly("c1 WELCOME", "c1 REPLY 1 WORKER_LOST x0");
        // but what is new runs
        world.once("c1", 2, FIRST, "pay more");
        assertThat(world.takeSent()).containsExactly("p1 REQUEST 2 x1 once: pay more");
    }

    @Test
    void neverRedeliversAnAtMostOnceRequestWhoseWorkerIsLost() {
        world.ready("p1", 1);
        world.hello("c1");
        world.once("c1", 1, FIRST, "pay");
        world.ready("p2", 1);
        world.takeSent();
        world.workerGone("p1");
        world.pass(QueueWorld.GRACE);
        assertThat(world.takeSent()).containsExactly("c1 REPLY 1 WORKER_LOST x1");
        assertThat(world.stats().lostOnce()).isEqualTo(1);
        world.once("c1", 1, 2, "pay");
        assertThat(world.takeSent()).containsExactly("c1 REPLY 1 WORKER_LOST x1");
    }

    @Test
    void remembersOnlySoManyForgottenClients() {
        // given one client more than it remembers, all of which asked and vanished
        world.ready("p1", 1);
        for (int i = 0; i <= Clientele.FORGOTTEN_MAX; i++) {
            PeerId client = new PeerId(7, i);
            world.fromClient("c1", it -> {
                it.hello(client, PrvWorld.MESSAGE_BYTES_MAX);
                PrvWorld.request(it, 1, FIRST, Prv.ONCE, Prv.NO_TTL, "", "pay");
            });
            world.reply("p1", i + 1L, "paid");
        }
        world.clientGone("c1");
        world.passBeating(WINDOW.multipliedBy(2), "p1");
        // then all but one of them are refused
        int refused = 0;
        for (int i = 0; i <= Clientele.FORGOTTEN_MAX; i++) {
            PeerId client = new PeerId(7, i);
            world.takeSent();
            world.fromClient("c1", it -> {
                it.hello(client, PrvWorld.MESSAGE_BYTES_MAX);
                PrvWorld.request(it, 1, 2, Prv.ONCE, Prv.NO_TTL, "", "pay");
            });
            refused += world.takeSent().contains("c1 REPLY 1 WORKER_LOST x0") ? 1 : 0;
        }
        assertThat(refused).isEqualTo(Clientele.FORGOTTEN_MAX);
    }

    @Test
    void doesNotLoseAnAtMostOnceRequestThatNeverLeft() {
        // given a worker that has ceased to read, which shows in the midst of a turn
        world.fromWorker("p1", it -> it.ready(PrvWorld.worker("p1"), 9, Prv.MESSAGE_BYTES_MIN, ""));
        world.hello("c1");
        world.stuck.add("p1");
        world.takeSent();
        // when more comes in one message than fits into one to the worker
        world.fromClient("c1", it -> {
            for (int i = 1; i <= 3; i++) {
                PrvWorld.request(it, i, FIRST, 0, Prv.NO_TTL, "", "x".repeat(80));
            }
            PrvWorld.request(it, 4, FIRST, Prv.ONCE, Prv.NO_TTL, "", "pay");
        });
        world.ready("p2", 1);
        // then what had not been given to the worker when that showed is another's at once
        assertThat(world.takeSent()).containsExactly("p2 WELCOME", "p2 REQUEST 1 x1 once: pay");
        world.pass(QueueWorld.GRACE);
        assertThat(world.stats().returned()).isEqualTo(3);
        assertThat(world.stats().lostOnce()).isZero();
    }
}
