package io.privateer.pirate;

import static io.privateer.pirate.QueueWorld.LEASE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A listener that counts workers up and down must end where the queue does. */
class WorkerLossIsToldOnceTest {

    private final QueueWorld world = new QueueWorld(0, true);

    @Test
    void aWorkerThatIsLostAlreadyIsNotLostAgainWhenItsConnectionEnds() {
        // given a worker that outstayed its lease
        world.ready("ours1");
        world.request("anon-c1", "ask");
        for (int i = 0; i < LEASE.toSeconds(); i++) {
            world.pass(QueueWorld.HEARTBEAT);
            world.beat("ours1");
        }
        assertThat(world.takeTold())
                .containsExactly("joined ours1", "lost ours1 LEASE_EXPIRED", "returned 1 from ours1 LEASE_EXPIRED");
        // when its connection ends
        world.workerGone("ours1");
        // then
        assertThat(world.takeTold()).isEmpty();
        assertThat(world.stats().workers()).isZero();
    }

    @Test
    void aWorkerThatCameBackIsLostAnew() {
        // given
        world.ready("w1");
        world.pass(QueueWorld.SILENCE);
        world.beat("w1");
        world.takeTold();
        // when
        world.workerGone("w1");
        // then
        assertThat(world.takeTold()).containsExactly("lost w1 DISCONNECTED");
    }
}
