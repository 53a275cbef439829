package io.privateer.pubsub;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.FieldWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class InboxTest {

    private static final long LIFE = 1;
    private Inbox inbox = new Inbox(new Inbox.Bounds(4, 1_000, 100), SlowPolicy.CONFLATE);

    /** Returns messages that say their topic and number. */
    private static Run run(String topic, long first, int count) {
        FieldWriter out = new FieldWriter();
        for (long number = first; number < first + count; number++) {
            byte[] payload = (topic + number).getBytes(US_ASCII);
            out.u32(payload.length).bytes(payload, 0, payload.length);
        }
        return Objects.requireNonNull(Run.read(first, out.toBytes(), 0, 0));
    }

    private Inbox.Change add(String topic, long first, int count, long now) {
        return inbox.add(topic, LIFE, run(topic, first, count), first, now, now);
    }

    private List<String> takeAll() {
        List<String> texts = new ArrayList<>();
        for (Received next = inbox.take(); next != null; next = inbox.take()) {
            texts.add(next.text() + (next.conflated() > 0 ? " -" + next.conflated() : ""));
        }
        return texts;
    }

    @Test
    void whatIsWithinItsBoundsComesOutAsItWentIn() {
        add("a", 1, 2, 0);
        inbox.add("b", LIFE, run("b", 4, 3), 6, 0, 0);
        assertThat(inbox.messages()).isEqualTo(3);
        assertThat(takeAll()).containsExactly("a1", "a2", "b6");
        assertThat(inbox.messages()).isZero();
        assertThat(inbox.bytes()).isZero();
        assertThat(inbox.ageNanos(5)).isZero();
    }

    @Test
    void pastABoundOnlyTheLastOfEachTopicStaysUntilAllIsTaken() {
        add("a", 1, 2, 0);
        add("b", 1, 2, 0);
        assertThat(add("a", 3, 2, 0)).isEqualTo(Inbox.Change.SLOW);
        assertThat(add("b", 3, 3, 0)).isEqualTo(Inbox.Change.NONE);
        assertThat(inbox.messages()).isEqualTo(2);
        assertThat(inbox.conflated()).isEqualTo(7);
        assertThat(takeAll()).containsExactly("a4 -3", "b5 -4");
        assertThat(inbox.isSlow()).isFalse();
        assertThat(inbox.bytes()).isZero();
        add("a", 5, 2, 0);
        assertThat(takeAll()).containsExactly("a5", "a6");
    }

    @Test
    void aRunThatWasBegunLosesOnlyWhatWasNotTaken() {
        add("a", 1, 4, 0);
        inbox.take();
        add("a", 5, 2, 0);
        assertThat(takeAll()).containsExactly("a6 -4");
    }

    @Test
    void ageCountsLikeNumber() {
        add("a", 1, 2, 0);
        assertThat(inbox.ageNanos(100)).isEqualTo(100);
        assertThat(add("a", 3, 1, 100)).isEqualTo(Inbox.Change.NONE);
        assertThat(add("a", 4, 1, 101)).isEqualTo(Inbox.Change.SLOW);
    }

    @Test
    void ageCountsAlsoWhereNothingNewComes() {
        add("a", 1, 2, 0);
        assertThat(inbox.check(100)).isEqualTo(Inbox.Change.NONE);
        assertThat(inbox.check(101)).isEqualTo(Inbox.Change.SLOW);
        assertThat(inbox.check(102)).isEqualTo(Inbox.Change.NONE);
        assertThat(takeAll()).containsExactly("a2 -1");
        assertThat(inbox.check(103)).isEqualTo(Inbox.Change.NONE);
    }

    @Test
    void evenLastValuesAreBoundedInBytes() {
        inbox = new Inbox(new Inbox.Bounds(1, 13, 100), SlowPolicy.CONFLATE);
        add("a", 1, 2, 0);
        add("b", 1, 1, 0);
        add("c", 1, 1, 0);
        assertThat(inbox.bytes()).isLessThanOrEqualTo(13);
        assertThat(takeAll()).containsExactly("b1", "c1");
        assertThat(inbox.conflated()).isEqualTo(2);
        add("a", 3, 1, 0);
        assertThat(takeAll()).containsExactly("a3 -2");
        add("a", 4, 1, 0);
        assertThat(takeAll()).containsExactly("a4");
    }

    @Test
    void whoIsToldToFailFailsOnceAndForgetsEverything() {
        inbox = new Inbox(new Inbox.Bounds(4, 1_000, 100), SlowPolicy.FAIL);
        assertThat(add("a", 1, 5, 0)).isEqualTo(Inbox.Change.FAILED);
        assertThat(add("a", 6, 5, 0)).isEqualTo(Inbox.Change.NONE);
        assertThat(inbox.hasFailed()).isTrue();
        assertThat(takeAll()).isEmpty();
        assertThat(inbox.bytes()).isZero();
    }
}
