package io.privateer.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopTimerTest {

    private final LoopTimer.Heap heap = new LoopTimer.Heap();
    private final List<String> fired = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MIN_VALUE, -1, Long.MAX_VALUE, Long.MAX_VALUE - 5})
    void firesInTheOrderOfTheDeadlinesAlsoWhenTheClockWrapsRound(long origin) {
        // given three timers armed out of order
        timer("c").arm(origin + 30);
        timer("a").arm(origin + 10);
        timer("b").arm(origin + 20);
        // when the second deadline has passed
        assertThat(heap.fire(origin + 9)).isZero();
        assertThat(heap.fire(origin + 20)).isEqualTo(2);
        // then the third is still to come
        assertThat(fired).containsExactly("a", "b");
        assertThat(heap.fire(origin + 30)).isEqualTo(1);
        assertThat(fired).containsExactly("a", "b", "c");
    }

    @Test
    void movesForwardWhenArmedEarlierAndStaysWhenArmedLater() {
        LoopTimer timer = timer("a");
        timer.arm(20);
        timer.arm(10);
        timer.arm(30);
        assertThat(heap.fire(10)).isEqualTo(1);
        assertThat(heap.fire(30)).isZero();
    }

    @Test
    void doesNotFireOnceCancelled() {
        LoopTimer timer = timer("a");
        timer.arm(10);
        timer.cancel();
        timer.cancel();
        assertThat(heap.fire(10)).isZero();
        timer.arm(11);
        assertThat(heap.fire(11)).isEqualTo(1);
    }

    @Test
    void leavesATimerThatIsArmedWhileOthersFireToTheNextTurn() {
        // given a timer that arms itself for a moment that has passed already
        LoopTimer[] self = new LoopTimer[1];
        self[0] = new LoopTimer(heap, () -> {
            fired.add("again");
            self[0].arm(0);
        });
        self[0].arm(0);
        // when the due timers fire
        assertThat(heap.fire(100)).isEqualTo(1);
        // then it has fired once
        assertThat(fired).containsExactly("again");
    }

    @Test
    void roundsTheWaitUpSoThatTheLoopDoesNotSpin() {
        assertThat(heap.millisToNext(0)).isEqualTo(60_000);
        timer("a").arm(1);
        assertThat(heap.millisToNext(0)).isEqualTo(1);
        assertThat(heap.millisToNext(1)).isZero();
        assertThat(heap.millisToNext(2)).isZero();
        heap.fire(1);
        timer("b").arm(5_000_001);
        assertThat(heap.millisToNext(0)).isEqualTo(6);
        assertThat(heap.millisToNext(1)).isEqualTo(5);
    }

    private LoopTimer timer(String name) {
        return new LoopTimer(heap, () -> fired.add(name));
    }
}
