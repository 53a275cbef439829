package io.privateer.pirate;

import static io.privateer.pirate.PrvWorld.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.Prv;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Numbers of PRV/1 at their bounds. */
class PrvLimitsTest {

    private final PrvWorld world = new PrvWorld();

    @BeforeEach
    void aClientIsThere() {
        world.hello("c1");
    }

    /** A frame that is too long would cost the worker its connection, and each worker after it. */
    @Test
    void refusesARequestWhoseHeadersAreLongerThanTheWorkerTakes() {
        world.fromWorker("p1", it -> it.ready(PrvWorld.worker("p1"), 1, Prv.MESSAGE_BYTES_MIN, ""));
        world.takeSent();
        byte[] headers = new byte[90];
        String service = "s".repeat(200);
        world.fromWorker("p1", it -> it.ready(PrvWorld.worker("p1"), 1, Prv.MESSAGE_BYTES_MIN, service));
        world.takeSent();
        world.fromClient(
                "c1",
                it -> it.request(
                        1, FIRST, 0, Prv.NO_TTL, service.getBytes(StandardCharsets.UTF_8), headers, PrvWorld.body("")));
        assertThat(world.takeSent()).containsExactly("c1 REPLY 1 TOO_LARGE x0");
        world.queue.assertNothingIsLost();
    }

    /** A worker may ask for more than the heap of the queue can hold. */
    @Test
    void deliversNoMoreBytesThanWorkersMayHoldTogether() {
        // given a worker with credit to spare, and more than it may hold
        world.ready("p1", 100);
        String little = "y".repeat(QueueWorld.PENDING_BYTES_MAX / 2);
        world.request("c1", 1, little);
        for (int id = 2; id <= 40; id++) {
            world.request("c1", id, little);
        }
        // then what goes beyond waits, or is refused as usual
        assertThat(world.stats().inFlight()).isEqualTo(QueueWorld.IN_FLIGHT_BYTES_MAX / little.length());
        assertThat(world.stats().pendingBytes()).isLessThanOrEqualTo(QueueWorld.PENDING_BYTES_MAX);
        // and goes on as soon as there is room
        int waiting = world.stats().pending();
        world.reply("p1", 1, "done");
        assertThat(world.stats().pending()).isEqualTo(waiting - 1);
        world.queue.assertNothingIsLost();
    }

    @Test
    void takesACreditBeyondWhatItCanHoldForTheGreatest() {
        world.ready("p1", 0);
        world.request("c1", 1, "one");
        world.takeSent();
        world.fromWorker("p1", it -> it.credit(-1)); // All ones on the wire: 2^64-1.
        assertThat(world.takeSent()).containsExactly("p1 REQUEST 1 x1: one");
    }
}
