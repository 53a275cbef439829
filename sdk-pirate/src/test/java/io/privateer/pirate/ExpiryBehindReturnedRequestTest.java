package io.privateer.pirate;

import static io.privateer.pirate.QueueWorld.GRACE;
import static io.privateer.pirate.QueueWorld.TTL;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A request that came back goes to the front, where it must not hide an older one whose time is over. */
class ExpiryBehindReturnedRequestTest {

    private final QueueWorld world = new QueueWorld(0, true);

    @Test
    void anExpiredRequestBehindAYoungerOneIsNotDelivered() {
        // given an old request and a young one, whose workers vanish in the same moment
        world.ready("simple1");
        world.request("anon-c1", "old");
        world.pass(GRACE);
        world.ready("w1");
        world.request("anon-c2", "young");
        world.workerGone("simple1");
        world.workerGone("w1");
        // when both come back after the time of the old one, and two workers are free
        world.ready("ours1");
        world.ready("ours2");
        world.takeSent();
        world.standStill(TTL.minus(GRACE));
        world.machine.onTick(world.nowNanos);
        world.pass(GRACE);
        // then
        assertThat(world.takeSent()).containsExactly("deliver 3 to ours1: young");
        assertThat(world.takeTold()).contains("dropped 1 EXPIRED");
    }
}
