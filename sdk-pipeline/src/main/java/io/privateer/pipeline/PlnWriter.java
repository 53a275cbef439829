package io.privateer.pipeline;

import io.privateer.core.wire.PeerId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gathers records of PLN/1 into frames. {@link #flush} hands on what was gathered; a frame that is full goes by itself.
 * Not thread-safe.
 */
final class PlnWriter {

    private static final int BYTES_INITIAL = 1_024;

    /** Where frames go. */
    @FunctionalInterface
    interface Out {

        /** Takes one frame, which is its own from now on. */
        void send(byte[] frame);
    }

    private final Out out;
    private final Runnable onFirst;
    private byte[] buffer = new byte[BYTES_INITIAL];
    private int size = Pln.FRAME_HEADER;
    private long incarnation;
    private @Nullable PeerId batch;

    /** @param onFirst runs whenever there is something to flush where there was nothing */
    PlnWriter(Out out, Runnable onFirst) {
        this.out = out;
        this.onFirst = onFirst;
    }

    /** Sets the incarnation of the ventilator or sink on this connection, which every frame carries from now on. */
    void incarnation(long value) {
        incarnation = value;
    }

    void flush() {
        if (size == Pln.FRAME_HEADER) {
            return;
        }
        Pln.INT.set(buffer, 0, Pln.MAGIC);
        Pln.INT.set(buffer, Integer.BYTES, 0);
        Pln.LONG.set(buffer, Pln.INCARNATION, incarnation);
        byte[] frame = Arrays.copyOf(buffer, size);
        size = Pln.FRAME_HEADER;
        batch = null;
        if (buffer.length > 2 * Pln.FRAME_BYTES) {
            buffer = new byte[Pln.FRAME_BYTES]; // One long task shall not keep so much for every peer.
        }
        out.send(frame);
    }

    void hello(
            int role,
            PeerId peer,
            int heartbeatMillis,
            int concurrency,
            int credit,
            long creditBytes,
            int messageBytesMax) {
        int at = begin(Pln.HELLO, role, Pln.HELLO_RECORD);
        id(at + Pln.HELLO_PEER, peer);
        Pln.INT.set(buffer, at + Pln.HELLO_HEARTBEAT_MILLIS, heartbeatMillis);
        Pln.INT.set(buffer, at + Pln.HELLO_CONCURRENCY, concurrency);
        Pln.INT.set(buffer, at + Pln.HELLO_CREDIT, credit);
        Pln.INT.set(buffer, at + Pln.HELLO_MESSAGE_BYTES_MAX, messageBytesMax);
        Pln.LONG.set(buffer, at + Pln.HELLO_CREDIT_BYTES, creditBytes);
    }

    void welcome(int heartbeatMillis, int messageBytesMax) {
        int at = begin(Pln.WELCOME, 0, Pln.WELCOME_RECORD);
        Pln.INT.set(buffer, at + Pln.WELCOME_HEARTBEAT_MILLIS, heartbeatMillis);
        Pln.INT.set(buffer, at + Pln.WELCOME_MESSAGE_BYTES_MAX, messageBytesMax);
    }

    /** Writes a record that has nothing but its type. */
    void word(int type) {
        begin(type, 0, Pln.SHORT_RECORD);
    }

    /** @param begun whether a sink has given it its place before */
    void open(PeerId of, boolean begun) {
        begin(of, Pln.OPEN, begun ? Pln.BEGUN : 0, Pln.SHORT_RECORD);
    }

    void forgotten(PeerId of) {
        begin(of, Pln.FORGOTTEN, 0, Pln.SHORT_RECORD);
    }

    void end(PeerId of, int count) {
        int at = begin(of, Pln.END, 0, Pln.NUMBER_RECORD);
        Pln.INT.set(buffer, at + Pln.FIELD, count);
    }

    void done(PeerId of, int count, int failed) {
        int at = begin(of, Pln.DONE, 0, Pln.DONE_RECORD);
        Pln.INT.set(buffer, at + Pln.FIELD, count);
        Pln.INT.set(buffer, at + Pln.FIELD + Integer.BYTES, failed);
    }

    void task(PeerId of, int number, byte[] body) {
        numbered(Pln.TASK, of, number, body);
    }

    void result(PeerId of, int number, byte[] body) {
        numbered(Pln.RESULT, of, number, body);
    }

    void failure(PeerId of, int number, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        numbered(Pln.FAILURE, of, number, bytes.length <= Pln.TEXT_BYTES_MAX ? bytes : cut(text));
    }

    /** Cuts between characters: half of one would be no UTF-8. */
    private static byte[] cut(String text) {
        String shorter = text.substring(0, Math.min(text.length(), Pln.TEXT_BYTES_MAX / 4));
        return shorter.getBytes(StandardCharsets.UTF_8);
    }

    private void numbered(int type, PeerId of, int number, byte[] body) {
        int at = begin(of, type, 0, Pln.NUMBER_RECORD + body.length);
        Pln.INT.set(buffer, at + Pln.FIELD, number);
        System.arraycopy(body, 0, buffer, at + Pln.NUMBER_RECORD, body.length);
    }

    void accepted(PeerId of, RangeList ranges) {
        for (int from = 0; from < ranges.size(); from += Pln.RANGES_MAX) {
            int count = Math.min(Pln.RANGES_MAX, ranges.size() - from);
            int at = begin(of, Pln.ACCEPTED, 0, Pln.SHORT_RECORD + count * Pln.RANGE_BYTES);
            ranges(at + Pln.SHORT_RECORD, ranges, from, count);
        }
    }

    void overdue(PeerId of, int afterMillis, RangeList ranges) {
        headed(Pln.OVERDUE, of, afterMillis, ranges);
    }

    /** @param count how many tasks there are, or {@link Pln#COUNT_UNKNOWN} */
    void state(PeerId of, int count, RangeList ranges) {
        headed(Pln.STATE, of, count, ranges);
    }

    /** Writes as many records as it takes, at least one, and marks the last. */
    private void headed(int type, PeerId of, int head, RangeList ranges) {
        int from = 0;
        do {
            int count = Math.min(Pln.RANGES_MAX, ranges.size() - from);
            int flags = from + count == ranges.size() ? Pln.LAST : 0;
            int at = begin(of, type, flags, Pln.RANGES_HEAD + count * Pln.RANGE_BYTES);
            Pln.INT.set(buffer, at + Pln.FIELD, head);
            Pln.INT.set(buffer, at + Pln.FIELD + Integer.BYTES, 0);
            ranges(at + Pln.RANGES_HEAD, ranges, from, count);
            from += count;
        } while (from < ranges.size());
    }

    private void ranges(int at, RangeList ranges, int from, int count) {
        for (int i = 0; i < count; i++) {
            Pln.INT.set(buffer, at + i * Pln.RANGE_BYTES, ranges.first(from + i));
            Pln.INT.set(buffer, at + i * Pln.RANGE_BYTES + Integer.BYTES, ranges.count(from + i));
        }
    }

    private void id(int at, PeerId id) {
        Pln.LONG.set(buffer, at, id.high());
        Pln.LONG.set(buffer, at + Long.BYTES, id.low());
    }

    /** Makes room for a record about a batch, which is named first where the frame is not about it yet. */
    private int begin(PeerId of, int type, int flags, int length) {
        if (of.equals(batch) && size + length <= Pln.FRAME_BYTES) {
            return begin(type, flags, length);
        }
        if (size + Pln.BATCH_RECORD + length > Pln.FRAME_BYTES) {
            flush();
        }
        int at = write(Pln.BATCH, 0, Pln.BATCH_RECORD);
        id(at + Pln.FIELD, of);
        batch = of;
        return write(type, flags, length);
    }

    private int begin(int type, int flags, int length) {
        if (size + length > Pln.FRAME_BYTES) {
            flush();
        }
        return write(type, flags, length);
    }

    private int write(int type, int flags, int length) {
        if (size == Pln.FRAME_HEADER) {
            onFirst.run();
        }
        if (size + length > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(Math.min(Pln.FRAME_BYTES, 4 * buffer.length), size + length));
        }
        int at = size;
        size += length;
        Pln.INT.set(buffer, at, type << 24 | flags << 16);
        Pln.INT.set(buffer, at + Pln.LENGTH, length);
        return at;
    }
}
