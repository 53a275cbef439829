package io.privateer.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.FieldWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayTest {

    private static final long ANY_LENGTH = Long.MAX_VALUE;

    private final History history = new History(new History.Bounds(1_000_000, 1L << 30, 1, 1 << 20));
    private final List<Run> sent = new ArrayList<>();
    private int roomFor = Integer.MAX_VALUE;

    private Replay replay() {
        return new Replay(run -> sent.size() < roomFor && sent.add(run));
    }

    private static Control.Ask ask(long from, long to, long bytesMax) {
        return new Control.Ask(1, from, to, bytesMax, "a");
    }

    /** A frame of its own for a message with a payload of its own. */
    private void publish(String topic, long number, int payloadBytes) {
        FieldWriter out = new FieldWriter();
        out.u32(payloadBytes).bytes(new byte[payloadBytes], 0, payloadBytes);
        byte[] frame = out.toBytes();
        frame[frame.length - 1] = (byte) number;
        history.add(topic, new Run(number, 1, frame, 0, number));
    }

    private List<String> sent() {
        return sent.stream().map(run -> run.first() + ".." + run.last()).toList();
    }

    @Test
    void neighboursInNumberShareAFrameThoughOtherTopicsWereBetweenThem() {
        for (int i = 1; i <= 20_000; i++) {
            publish("a", i, 96);
            publish("b", i, 96);
        }
        assertThat(replay().answer(history, ask(1, 5_000, ANY_LENGTH))).isEqualTo(5_000);
        int perFrame = Outgoing.FRAME_BYTES_MAX / 100;
        assertThat(sent).hasSize((5_000 + perFrame - 1) / perFrame);
        assertThat(sent.get(0).count()).isEqualTo(perFrame);
        assertThat(sent).allMatch(run -> run.bytes() <= Outgoing.FRAME_BYTES_MAX);
        long next = 1;
        for (Run run : sent) {
            assertThat(run.first()).isEqualTo(next);
            for (long number = run.first(); number <= run.last(); number++) {
                assertThat(run.frame()[run.offsetOf(number + 1) - 1]).isEqualTo((byte) number);
            }
            next = run.last() + 1;
        }
    }

    @Test
    void anAnswerIsAsLongAsWasAskedForAndNeverLongerThanAllowed() {
        for (int i = 1; i <= 20_000; i++) {
            publish("a", i, 96);
        }
        assertThat(replay().answer(history, ask(1, 20_000, 1_000))).isEqualTo(10);
        assertThat(sent()).containsExactly("1..10");
        sent.clear();
        assertThat(replay().answer(history, ask(11, 20_000, ANY_LENGTH))).isEqualTo(10 + Replay.BYTES_MAX / 100);
        sent.clear();
        assertThat(replay().answer(history, ask(11, 20_000, 1))).isEqualTo(11);
        assertThat(sent()).containsExactly("11..11");
    }

    @Test
    void messagesOfAnyLengthTakeABoundedNumberOfFrames() {
        int number = 0;
        while (number < 3_000) {
            publish("a", ++number, 1);
            publish("a", ++number, Outgoing.FRAME_BYTES_MAX - 4);
        }
        Replay replay = replay();
        replay.answer(history, ask(1, number, ANY_LENGTH));
        assertThat(sent).hasSizeBetween(2, (int) (2 * Replay.BYTES_MAX / Outgoing.FRAME_BYTES_MAX) + 1);
        assertThat(replay.messages())
                .isEqualTo(sent.stream().mapToLong(Run::count).sum());
    }

    @Test
    void aGapInTheHistoryIsNoNeighbourhood() {
        publish("a", 1, 10);
        publish("a", 4, 10);
        publish("a", 5, 10);
        assertThat(replay().answer(history, ask(1, 9, ANY_LENGTH))).isEqualTo(9);
        assertThat(sent()).containsExactly("1..1", "4..5");
    }

    @Test
    void whereThereIsNoRoomTheAnswerEndsBeforeWhatFoundNone() {
        publish("a", 3, Outgoing.FRAME_BYTES_MAX);
        publish("a", 4, Outgoing.FRAME_BYTES_MAX);
        publish("a", 5, Outgoing.FRAME_BYTES_MAX);
        roomFor = 1;
        Replay replay = replay();
        assertThat(replay.answer(history, ask(1, 5, ANY_LENGTH))).isEqualTo(3);
        assertThat(replay.hasRoom()).isFalse();
        assertThat(replay.messages()).isEqualTo(1);
        roomFor = 0;
        sent.clear();
        assertThat(replay().answer(history, ask(4, 5, ANY_LENGTH))).isEqualTo(3);
    }
}
