package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.Guard;
import io.privateer.core.Replicated;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;

/** Two queues of a pair in virtual time; what one tells the other, the test carries. */
abstract class HandoverWorld {

    static final PeerId NEXT_LIFE = new PeerId(7, 7);
    static final long SESSION = 5;

    final PrvWorld first = roomyQueue();
    final PrvWorld second = roomyQueue();
    final List<String> told = new ArrayList<>();
    final Queue<byte[]> chunks = new ArrayDeque<>();
    private long delivered;

    private final class Carrier implements LedgerPort {
        @Override
        public void flushLater() {
            // Every step of a test ends with a flush.
        }

        @Override
        public void send(long session, byte[] chunk) {
            assertThat(session).isEqualTo(SESSION);
            assertThat(chunk.length).isBetween(1, Replicated.CHUNK_BYTES_MAX);
            chunks.add(chunk);
        }

        @Override
        public void inStep(long session) {
            told.add("in step");
        }
    }

    /** Nobody decides here but the test. */
    private static final class Silent implements Guard {
        @Override
        public void voted() {
            // Not asked here.
        }

        @Override
        public void newerEpoch(long epoch) {
            throw new AssertionError("epoch " + epoch);
        }

        @Override
        public void serviceEnded(String why) {
            throw new AssertionError(why);
        }

        @Override
        public void standsBy(long newestEpoch) {
            throw new AssertionError("nobody's time has ended");
        }

        @Override
        public void diverged(long accepted, long answered) {
            throw new AssertionError("nobody was alone");
        }
    }

    private static PrvWorld roomyQueue() {
        long originNanos = Long.MAX_VALUE - Duration.ofSeconds(20).toNanos();
        return new PrvWorld(new QueueWorld(originNanos, true, QueueWorld.DEDUPE, QueueWorld.PENDING_MAX, 1 << 20));
    }

    @BeforeEach
    void aPairWithAClientAndTwoWorkers() {
        for (PrvWorld world : List.of(first, second)) {
            world.queue.machine.onGuarded(world.queue.nowNanos, new Silent());
            world.queue.machine.replication().open(new Carrier());
        }
        first.queue.machine.onActivate(first.queue.nowNanos, 2, NEXT_LIFE);
        first.hello("c1");
        for (PrvWorld world : List.of(first, second)) {
            world.ready("p1", 1);
            world.ready("p2", 1);
        }
        forgetSent();
    }

    void forgetSent() {
        first.takeSent();
        second.takeSent();
    }

    void follow() {
        second.queue.machine.replication().forget();
        first.queue.machine.onFollowed(first.queue.nowNanos, SESSION);
        carry();
        assertThat(told).containsExactly("in step");
    }

    /** The second queue is told, and the first that it was. */
    void carry() {
        carryOneWay();
        first.queue.machine.replication().onStored(first.queue.nowNanos, SESSION, delivered);
        first.endTurn();
    }

    private void carryOneWay() {
        first.queue.machine.replication().flush();
        for (byte[] chunk = chunks.poll(); chunk != null; chunk = chunks.poll()) {
            assertThat(second.queue.machine.replication().follow(second.queue.nowNanos, chunk))
                    .isNull();
            delivered++;
        }
    }

    void takeOver() {
        second.queue.machine.onActivate(second.queue.nowNanos, 3, new PeerId(8, 8));
        second.endTurn();
        second.epochOfPeers = 3;
    }

    /** The client turns to the second queue, and asks again for what it has no answer to. */
    void askAgain(long requestId, String text) {
        second.hello("c1");
        second.request("c1", requestId, 2, 0, Prv.NO_TTL, "", text);
    }
}
