package io.privateer.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** PLN/1 as it is written and read, also by those who mean harm. */
class PlnCodecTest {

    private static final PeerId BATCH = new PeerId(1, 2);
    private static final PeerId OTHER = new PeerId(3, 4);

    private final List<byte[]> frames = new ArrayList<>();
    private final PlnWriter writer = new PlnWriter(frames::add, () -> {});
    private final PlnReader reader = new PlnReader();

    private void open() {
        writer.flush();
        assertThat(frames).hasSize(1);
        assertThat(reader.open(new byte[][] {frames.remove(0)})).isTrue();
    }

    private void next(int type) {
        assertThat(reader.next()).as(reader.problem()).isTrue();
        assertThat(reader.type()).isEqualTo(type);
    }

    private void end() {
        assertThat(reader.next()).isFalse();
        assertThat(reader.problem()).isNull();
    }

    @Test
    void everyRecordIsReadAsItWasWritten() {
        // given
        RangeList ranges = new RangeList();
        ranges.add(3);
        ranges.add(4);
        ranges.add(9, 5);
        writer.incarnation(77);
        writer.hello(Pln.ROLE_WORKER, OTHER, 1_000, 2, 3, 4L << 32, 5_000);
        writer.welcome(500, 6_000);
        writer.word(Pln.HEARTBEAT);
        writer.task(BATCH, 5, new byte[] {1, 2});
        writer.result(BATCH, 6, new byte[0]);
        writer.failure(OTHER, 7, "why");
        writer.accepted(OTHER, ranges);
        writer.open(BATCH, false);
        writer.open(BATCH, true);
        writer.forgotten(OTHER);
        writer.state(BATCH, Pln.COUNT_UNKNOWN, ranges);
        writer.end(BATCH, 12);
        writer.done(BATCH, 12, 3);
        writer.overdue(BATCH, 30_000, ranges);
        // when
        open();
        // then
        next(Pln.HELLO);
        assertThat(reader.incarnation()).isEqualTo(77);
        assertThat(reader.peer()).isEqualTo(OTHER);
        assertThat(List.of(reader.flags(), reader.heartbeatMillis(), reader.concurrency(), reader.credit()))
                .containsExactly(Pln.ROLE_WORKER, 1_000, 2, 3);
        assertThat(reader.creditBytes()).isEqualTo(4L << 32);
        assertThat(reader.messageBytesMax()).isEqualTo(5_000);
        next(Pln.WELCOME);
        assertThat(reader.heartbeatMillis()).isEqualTo(500);
        assertThat(reader.messageBytesMax()).isEqualTo(6_000);
        next(Pln.HEARTBEAT);
        next(Pln.TASK);
        assertThat(reader.batch()).isEqualTo(BATCH);
        assertThat(reader.number()).isEqualTo(5);
        assertThat(reader.body()).containsExactly(1, 2);
        next(Pln.RESULT);
        assertThat(reader.body()).isEmpty();
        next(Pln.FAILURE);
        assertThat(reader.batch()).isEqualTo(OTHER);
        assertThat(reader.text()).isEqualTo("why");
        next(Pln.ACCEPTED);
        checkRanges();
        next(Pln.OPEN);
        assertThat(reader.batch()).isEqualTo(BATCH);
        assertThat(reader.flags()).isZero();
        next(Pln.OPEN);
        assertThat(reader.flags()).isEqualTo(Pln.BEGUN);
        next(Pln.FORGOTTEN);
        assertThat(reader.batch()).isEqualTo(OTHER);
        next(Pln.STATE);
        assertThat(reader.number()).isEqualTo(Pln.COUNT_UNKNOWN);
        assertThat(reader.isLast()).isTrue();
        checkRanges();
        next(Pln.END);
        assertThat(reader.number()).isEqualTo(12);
        next(Pln.DONE);
        assertThat(reader.failed()).isEqualTo(3);
        next(Pln.OVERDUE);
        assertThat(reader.number()).isEqualTo(30_000);
        checkRanges();
        end();
    }

    private void checkRanges() {
        assertThat(reader.rangeCount()).isEqualTo(2);
        assertThat(List.of(reader.rangeFirst(0), reader.rangeNumbers(0), reader.rangeFirst(1), reader.rangeNumbers(1)))
                .containsExactly(3, 2, 9, 5);
    }

    @Test
    void theBytesOfATaskAreThese() {
        writer.incarnation(9);
        writer.task(BATCH, 5, new byte[] {0x61});
        writer.flush();
        assertThat(HexFormat.of().formatHex(frames.get(0)))
                .isEqualTo("504c4e01" + "00000000" + "0000000000000009"
                        + "05000000" + "00000018" + "00000000000000010000000000000002"
                        + "06000000" + "0000000d" + "00000005" + "61");
    }

    @Test
    void manyTasksShareAFrameAndLongOnesHaveTheirOwn() {
        for (int i = 0; i < 10_000; i++) {
            writer.task(BATCH, i, new byte[64]);
        }
        writer.task(BATCH, 10_000, new byte[1 << 20]);
        writer.flush();
        assertThat(frames).hasSize(13);
        int number = 0;
        for (byte[] frame : frames) {
            assertThat(reader.open(new byte[][] {frame})).isTrue();
            while (reader.next()) {
                assertThat(reader.batch()).isEqualTo(BATCH);
                assertThat(reader.number()).isEqualTo(number++);
            }
            assertThat(reader.problem()).isNull();
        }
        assertThat(number).isEqualTo(10_001);
    }

    @Test
    void manyRangesTakeSeveralRecordsOfWhichTheLastSaysSo() {
        RangeList ranges = new RangeList();
        for (int i = 0; i < 2 * Pln.RANGES_MAX + 1; i++) {
            ranges.add(2 * i);
        }
        writer.state(BATCH, 7, ranges);
        writer.flush();
        int read = 0;
        boolean last = false;
        for (byte[] frame : frames) {
            assertThat(reader.open(new byte[][] {frame})).isTrue();
            while (reader.next()) {
                assertThat(last).isFalse();
                last = reader.isLast();
                read += reader.rangeCount();
            }
        }
        assertThat(last).isTrue();
        assertThat(read).isEqualTo(ranges.size());
    }

    @Test
    void aLongReasonIsCutBetweenCharacters() {
        writer.failure(BATCH, 1, "ä€".repeat(3_000));
        open();
        next(Pln.FAILURE);
        assertThat(reader.text().getBytes(UTF_8).length).isLessThanOrEqualTo(Pln.TEXT_BYTES_MAX);
        assertThat(reader.text()).matches("(ä€)+ä?");
    }

    @Test
    void whatIsNoMessageIsRefused() {
        assertThat(reader.open(new byte[0][])).isFalse();
        assertThat(reader.open(new byte[][] {new byte[3]})).isFalse();
        assertThat(reader.open(new byte[][] {new byte[16], new byte[16]})).isFalse();
        assertThat(reader.open(new byte[][] {new byte[16]})).isFalse();
        assertThat(reader.problem()).contains("begins with 0");
        assertThat(reader.next()).isFalse();
    }

    @Test
    void unknownRecordsAreSkippedIfTheyAreOptional() {
        writer.word(0x90);
        writer.word(Pln.HEARTBEAT);
        writer.word(0x20);
        writer.word(Pln.HEARTBEAT);
        open();
        next(Pln.HEARTBEAT);
        assertThat(reader.next()).isFalse();
        assertThat(reader.problem()).contains("unknown mandatory record type 32");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        refused(() -> writer.task(BATCH, -1, new byte[0]), "task number");
        refused(() -> writer.task(BATCH, Integer.MAX_VALUE, new byte[0]), "task number");
        refused(() -> writer.end(BATCH, -1), "count of -1");
        refused(() -> writer.welcome(0, 0), "heartbeat");
        refused(() -> writer.hello(Pln.ROLE_WORKER, OTHER, 1, 0, 1, 1, 0), "not positive");
        refused(() -> writer.state(BATCH, -2, new RangeList()), "number -2");
        RangeList ranges = new RangeList();
        ranges.add(Integer.MAX_VALUE - 1, 2);
        refused(() -> writer.accepted(BATCH, ranges), "range of 2");
        refused(() -> writer.word(Pln.OPEN), "of no batch");
        refused(() -> writer.word(Pln.TASK), "at least 12");
        refused(() -> writer.word(Pln.BATCH), "at least 24");
    }

    private void refused(Runnable write, String problem) {
        write.run();
        open();
        assertThat(reader.next()).isFalse();
        assertThat(reader.problem()).contains(problem);
    }

    /** {@code -Dfuzz.seed=N} replays one. */
    @Test
    void noDamageDoesHarm() {
        long only = Long.getLong("fuzz.seed", -1);
        for (long seed = Math.max(0, only); seed < (only < 0 ? 20_000 : only + 1); seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            writer.hello(Pln.ROLE_WORKER, OTHER, 1_000, 2, 3, 4, 0);
            writer.task(BATCH, random.nextInt(0, 100), new byte[random.nextInt(0, 50)]);
            RangeList ranges = new RangeList();
            ranges.add(random.nextInt(0, 1_000), 3);
            writer.state(BATCH, 7, ranges);
            writer.failure(OTHER, 1, "no");
            writer.flush();
            byte[] frame = frames.remove(0);
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt(-3, 20);
            }
            byte[] damaged = Arrays.copyOf(frame, random.nextInt(0, frame.length + 5));
            read(seed, damaged);
        }
    }

    private void read(long seed, byte[] damaged) {
        int records = 0;
        if (reader.open(new byte[][] {damaged})) {
            while (reader.next()) {
                records++;
                switch (reader.type()) {
                    case Pln.TASK, Pln.RESULT -> assertThat(reader.body()).hasSize(reader.bodyBytes());
                    case Pln.FAILURE -> assertThat(reader.text()).isNotNull();
                    case Pln.HELLO ->
                        assertThat(reader.credit()).as("-Dfuzz.seed=%d", seed).isPositive();
                    case Pln.STATE, Pln.ACCEPTED, Pln.OVERDUE -> {
                        for (int i = 0; i < reader.rangeCount(); i++) {
                            assertThat(reader.rangeFirst(i) + (long) reader.rangeNumbers(i))
                                    .as("-Dfuzz.seed=%d", seed)
                                    .isBetween(1L, (long) Integer.MAX_VALUE);
                        }
                    }
                    default -> {}
                }
            }
        }
        assertThat(records).as("-Dfuzz.seed=%d", seed).isLessThan(damaged.length + 1);
    }
}
