package io.privateer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskSetTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void doesWhatABitSetDoes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        TaskSet set = new TaskSet();
        BitSet model = new BitSet();
        int spread = random.nextInt(1, 2_000);
        for (int i = 0; i < 3_000; i++) {
            int number = Math.max(0, model.nextClearBit(0) + random.nextInt(-3, spread));
            assertThat(set.add(number)).as("seed %d number %d", seed, number).isEqualTo(!model.get(number));
            model.set(number);
        }
        assertThat(set.count()).isEqualTo(model.cardinality());
        assertThat(set.top()).isEqualTo(model.length());
        for (int number = 0; number < model.length() + 200; number++) {
            assertThat(set.contains(number)).isEqualTo(model.get(number));
        }
        BitSet held = new BitSet();
        new TaskNumbers(set.held()).forEach(held::set);
        assertThat(held).isEqualTo(model);
        BitSet missing = new BitSet();
        int limit = model.length() + 10;
        new TaskNumbers(set.missingBelow(limit, Integer.MAX_VALUE)).forEach(missing::set);
        BitSet expected = (BitSet) model.clone();
        expected.flip(0, limit);
        assertThat(missing).isEqualTo(expected);
    }

    @Test
    void rangesAreListedUpToALimit() {
        TaskSet set = new TaskSet();
        for (int number = 1; number < 100; number += 2) {
            set.add(number);
        }
        assertThat(new TaskNumbers(set.missingBelow(100, 3))).hasToString("0, 2, 4");
        assertThat(set.missingBelow(Integer.MAX_VALUE, 1_000).numbers()).isEqualTo(Integer.MAX_VALUE - 50L);
        assertThat(new TaskNumbers(set.held())).hasToString("1, 3, 5, 7, 9, 11, 13, 15, 17, 19, …");
    }

    @Test
    void whatIsTooFarAheadIsNotHeld() {
        TaskSet set = new TaskSet();
        assertThat(set.canHold(TaskSet.SPAN_MAX - 1)).isTrue();
        assertThat(set.canHold(TaskSet.SPAN_MAX)).isFalse();
        set.add(0, 64);
        assertThat(set.canHold(TaskSet.SPAN_MAX)).isTrue();
        set.add(TaskSet.SPAN_MAX - 10, 1_000);
        assertThat(set.count()).isEqualTo(64 + 10 + 64);
    }

    @Test
    void differencesAreCounted() {
        TaskSet one = new TaskSet();
        TaskSet other = new TaskSet();
        one.add(0, 1_000);
        other.add(0, 900);
        other.add(950, 500);
        assertThat(one.countMissingIn(other)).isEqualTo(50);
        assertThat(other.countMissingIn(one)).isEqualTo(450);
        assertThat(one.countMissingIn(one)).isZero();
    }
}
