package io.privateer.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShelfTest {

    private static final int TOPICS = 3;
    private static final int STEPS = 5_000;

    private final Shelf.Pages pages = new Shelf.Pages();
    private final List<Shelf> shelves = new ArrayList<>();
    private final List<ArrayDeque<Run>> expected = new ArrayList<>();

    /** Whose the oldest run is, then the next. */
    private final ArrayDeque<Integer> order = new ArrayDeque<>();

    private static Run run(Random random, long first) {
        int from = random.nextInt(40);
        int length = random.nextInt(10) > 0 ? random.nextInt(300) : random.nextInt(80_000);
        byte[] frame = new byte[from + Run.LENGTH_BYTES + length];
        random.nextBytes(frame);
        Run.INT.set(frame, from, length);
        return new Run(first, 1 + random.nextInt(9), frame, from, random.nextLong());
    }

    private static byte[] messages(Run run) {
        return Arrays.copyOfRange(run.frame(), run.from(), run.frame().length);
    }

    private void checkAll() {
        for (int topic = 0; topic < TOPICS; topic++) {
            Shelf shelf = shelves.get(topic);
            assertThat(shelf.size()).isEqualTo(expected.get(topic).size());
            int i = 0;
            for (Run run : expected.get(topic)) {
                assertThat(shelf.first(i)).isEqualTo(run.first());
                assertThat(shelf.last(i)).isEqualTo(run.last());
                assertThat(shelf.count(i)).isEqualTo(run.count());
                assertThat(shelf.bytes(i)).isEqualTo(run.bytes());
                assertThat(shelf.frameBytes(i)).isEqualTo(run.frame().length);
                Run kept = shelf.get(i);
                assertThat(kept.stampNanos()).isEqualTo(run.stampNanos());
                assertThat(kept.last()).isEqualTo(run.last());
                assertThat(messages(kept)).isEqualTo(messages(run));
                i++;
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void whatIsOnItIsWhatWasPutThereWhateverElseCameAndWent(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < TOPICS; i++) {
            shelves.add(new Shelf(pages));
            expected.add(new ArrayDeque<>());
        }
        for (int step = 0; step < STEPS; step++) {
            boolean isFull = order.size() > 300;
            if (isFull || (!order.isEmpty() && random.nextInt(3) == 0)) {
                int topic = order.remove();
                shelves.get(topic).remove();
                expected.get(topic).remove();
            } else {
                int topic = random.nextInt(TOPICS);
                Run run = run(random, 1 + step);
                shelves.get(topic).add(run);
                expected.get(topic).add(run);
                order.add(topic);
            }
            if (step % 250 == 0) {
                checkAll();
            }
        }
        checkAll();
    }
}
