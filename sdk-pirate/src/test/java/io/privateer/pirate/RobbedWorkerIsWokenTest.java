package io.privateer.pirate;

import static io.privateer.pirate.QueueWorld.GRACE;
import static io.privateer.pirate.QueueWorld.HEARTBEAT;
import static io.privateer.pirate.QueueWorld.LEASE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A worker of the Guide's kind reconnects without a word. If its delivery was lost with the old connection, it waits for
 * work while the queue waits for its reply: after the lease the queue falls silent, upon which such a worker says READY.
 */
class RobbedWorkerIsWokenTest {

    private static final Duration HALF_GRACE = GRACE.dividedBy(2);

    private final QueueWorld world = new QueueWorld(0, true);

    @Test
    void aWorkerThatWaitsForWhatIsLostIsNotKeptWaitingByHeartbeats() {
        // given a delivery that was lost with its connection, and a worker that came back within the grace
        world.ready("w1");
        world.request("anon-c1", "ask");
        world.workerGone("w1");
        world.pass(HALF_GRACE);
        beatFor(LEASE);
        assertThat(world.takeTold()).contains("lost w1 LEASE_EXPIRED");
        world.sent.clear();
        // when
        beatFor(HEARTBEAT.multipliedBy(3));
        // then
        assertThat(world.sent).isEmpty();
    }

    @Test
    void aWorkerThatSaysReadyUponTheSilenceIsGivenWorkAgain() {
        // given
        world.ready("w1");
        world.request("anon-c1", "ask");
        world.workerGone("w1");
        world.pass(HALF_GRACE);
        beatFor(LEASE);
        world.sent.clear();
        // when
        world.ready("w1");
        // then
        assertThat(world.takeSent()).containsExactly("deliver 2 to w1: ask");
    }

    @Test
    void aWorkerThatBeatsWhileBusyGoesOnHearingTheQueue() {
        // given
        world.ready("ours1");
        world.request("anon-c1", "ask");
        for (int i = 0; i < LEASE.toSeconds(); i++) {
            world.pass(HEARTBEAT);
            world.beat("ours1");
        }
        world.sent.clear();
        // when
        world.pass(HEARTBEAT);
        // then
        assertThat(world.sent).contains("beatWhileBusy ours1");
    }

    private void beatFor(Duration time) {
        for (long i = 0; i < time.toSeconds(); i++) {
            world.beat("w1");
            world.pass(HEARTBEAT);
        }
    }
}
