package io.privateer.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import io.privateer.pirate.Lending;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** When the peers hear what a queue could do, and under which life. */
class CapacityWatchTest {

    private static final long MILLI = 1_000_000;

    private final List<String> told = new ArrayList<>();
    private final Queue queue = new Queue();
    private final CapacityWatch watch = new CapacityWatch(queue, 20 * MILLI, queue::newLife, new Peers());

    @Test
    void everyTimeOfServingIsAnotherLifeAndLendersHearOfItFirst() {
        watch.read(0);
        queue.serves = true;
        watch.read(0);
        watch.read(0);
        queue.serves = false;
        watch.read(0);
        queue.serves = true;
        watch.read(0);
        assertThat(told)
                .containsExactly(
                        "spare 1",
                        "renamed 1",
                        "start 1",
                        "spare 1",
                        "spare 1",
                        "stand by",
                        "spare 1",
                        "renamed 2",
                        "start 2",
                        "spare 1");
    }

    @Test
    void whoLeavesStandsByForNobody() {
        queue.serves = true;
        watch.read(0);
        told.clear();
        watch.leave();
        queue.serves = false;
        watch.read(0);
        assertThat(told).containsExactly("leave", "spare 1");
    }

    @Test
    void howeverOftenTheQueueIsTouchedItIsReadOnceInAnInterval() {
        assertThat(watch.isDue()).isFalse();
        watch.read(5 * MILLI);
        assertThat(watch.becomesDue()).isTrue();
        assertThat(watch.becomesDue()).isFalse();
        assertThat(watch.dueNanos()).isEqualTo(25 * MILLI);
        watch.read(25 * MILLI);
        assertThat(watch.isDue()).isFalse();
        assertThat(watch.becomesDue()).isTrue();
        assertThat(watch.dueNanos()).isEqualTo(45 * MILLI);
    }

    private final class Peers implements CapacityWatch.Port {
        @Override
        public void start(PeerId life) {
            told.add("start " + life.low());
        }

        @Override
        public void standBy() {
            told.add("stand by");
        }

        @Override
        public void leave() {
            told.add("leave");
        }

        @Override
        public void local(LocalCapacity capacity) {
            told.add("spare " + capacity.services().get(0).spare());
        }
    }

    private final class Queue implements Lending {
        private boolean serves;
        private int lives;

        PeerId newLife() {
            lives++;
            return new PeerId(0, lives);
        }

        @Override
        public void rename(UUID self) {
            told.add("renamed " + self.getLeastSignificantBits());
        }

        @Override
        public Capacity capacity() {
            return new Capacity(serves, List.of(new ServiceCapacity("", 1, 0, 0)), List.of());
        }

        @Override
        public String endpoint() {
            throw new AssertionError();
        }

        @Override
        public void open(String lender, UUID life, String endpoint) {
            throw new AssertionError();
        }

        @Override
        public void credit(String lender, Map<String, Credit> creditByService) {
            throw new AssertionError();
        }

        @Override
        public void close(String lender, boolean drain) {
            throw new AssertionError();
        }

        @Override
        public void vote(String endpoint) {
            throw new AssertionError();
        }

        @Override
        public int lent(String lender) {
            throw new AssertionError();
        }
    }
}
