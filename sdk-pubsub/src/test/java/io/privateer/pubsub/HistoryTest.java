package io.privateer.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.FieldWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {

    private static final int RECORD = 10;
    private final History history = new History(new History.Bounds(6, 1_000, 2, 20));
    private final List<String> got = new ArrayList<>();

    private static Run run(long first, int count) {
        FieldWriter out = new FieldWriter();
        for (int i = 0; i < count; i++) {
            out.u32(RECORD - Run.LENGTH_BYTES).bytes(new byte[RECORD], 0, RECORD - Run.LENGTH_BYTES);
        }
        return new Run(first, count, out.toBytes(), 0, 0);
    }

    private long replay(String topic, long from, long to, long bytesMax) {
        got.clear();
        return history.replay(topic, from, to, bytesMax, run -> got.add(run.first() + ".." + run.last()));
    }

    @Test
    void itHandsOverWhatItHasFromTheNumberOn() {
        history.add("a", run(1, 3));
        history.add("b", run(1, 1));
        history.add("a", run(4, 2));
        assertThat(replay("a", 2, 4, 1_000)).isEqualTo(4);
        assertThat(got).containsExactly("2..3", "4..5");
        assertThat(replay("a", 1, 3, 1_000)).isEqualTo(3);
        assertThat(got).containsExactly("1..3");
        assertThat(replay("nothing", 1, 3, 1_000)).isEqualTo(3);
        assertThat(got).isEmpty();
    }

    @Test
    void anAnswerEndsWhereItIsLongEnough() {
        history.add("a", run(1, 2));
        history.add("a", run(3, 2));
        assertThat(replay("a", 1, 4, 15)).isEqualTo(2);
        assertThat(got).containsExactly("1..2");
        assertThat(replay("a", 3, 4, 1)).isEqualTo(4);
    }

    @Test
    void theOldestOfAllTopicsGoesFirst() {
        history.add("a", run(1, 3));
        history.add("b", run(1, 3));
        history.add("b", run(4, 1));
        assertThat(history.messages()).isEqualTo(4);
        assertThat(history.bytes()).isEqualTo(4 * RECORD);
        assertThat(replay("b", 1, 9, 1_000)).isEqualTo(9);
        assertThat(got).containsExactly("1..3", "4..4");
    }

    @Test
    void theLastValueOfATopicStaysWhenItsHistoryGoesWithinBounds() {
        for (String topic : List.of("a", "b", "c")) {
            history.add(topic, run(1, 2));
        }
        history.add("d", run(1, 6));
        assertThat(replay("a", 1, 2, 1_000)).isEqualTo(2);
        assertThat(got).containsExactly("2..2");
        assertThat(history.lastValues()).isEqualTo(2);
        assertThat(history.lastValuesDropped()).isEqualTo(1);
        history.add("a", run(3, 1));
        assertThat(history.lastValues()).isLessThanOrEqualTo(2);
        assertThat(replay("a", 1, 3, 1_000)).isEqualTo(3);
        assertThat(got).containsExactly("3..3");
    }

    @Test
    void changesAreThoseSinceTheLastTimeAndSomeMore() {
        for (int i = 0; i < 5; i++) {
            history.add("t" + i, run(1, 1));
        }
        assertThat(history.changes(0, 0)).hasSize(5);
        assertThat(history.changes(0, 0)).isEmpty();
        assertThat(history.changes(4, 2)).extracting(DataFrame.Position::topic).containsExactly("t0", "t4");
        history.add("t2", run(2, 1));
        assertThat(history.changes(0, 0)).containsExactly(new DataFrame.Position("t2", 2));
        assertThat(history.positions("t1")).containsExactly(new DataFrame.Position("t1", 1));
    }
}
