package io.privateer.pubsub;

import io.privateer.core.wire.FieldReader;
import io.privateer.core.wire.FieldWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher sends to everybody, one ZeroMQ frame each. All numbers are big-endian.
 *
 * <pre>
 * topic, 0 to 255 bytes of UTF-8   0   'P' 'S' 1 kind   incarnation u64   stamp i64, nanoseconds   number u64   content
 *
 * kind 1, messages   topic not empty; number of the first; content: for each message length u32, payload
 * kind 2, positions  topic is a prefix; number of the probe; content: flags u8, part u16, parts u16,
 *                    for each topic length u8, topic, number of its newest message u64
 * </pre>
 *
 * A subscriber that knows none of this finds the topic before the first 0, and the payloads from 29 bytes behind that.
 */
sealed interface DataFrame {

    int KIND_MESSAGES = 1;
    int KIND_POSITIONS = 2;
    int VERSION = 1;
    int MAGIC = ('P' << 24) | ('S' << 16) | (VERSION << 8);

    /** Where the fields stand behind the topic: behind its end comes the magic number. */
    int MAGIC_AT = 1;

    int INCARNATION_AT = 5;
    int STAMP_AT = 13;
    int NUMBER_AT = 21;
    int CONTENT_AT = 29;

    int FLAG_COMPLETE = 1;
    int FLAG_FINAL = 2;

    /** Longest list of positions in one frame, in bytes; a longer one takes several. */
    int POSITIONS_BYTES_MAX = 32 << 10;

    int POSITIONS_HEADER_BYTES = 5;

    /** By which life of the publisher it was sent, a random number. */
    long incarnation();

    /** When it was sent, by the publisher's monotonic clock. */
    long stampNanos();

    /** Messages of one topic. */
    record Messages(String topic, long incarnation, Run run) implements DataFrame {
        @Override
        public long stampNanos() {
            return run.stampNanos();
        }
    }

    /**
     * How far the topics are.
     *
     * @param prefix what those topics begin with
     * @param probe the number that all parts of one list share, rising
     * @param complete whether topics that are in no part have no message yet
     * @param last whether the publisher will publish nothing more
     * @param part which part of the list this is, from 0
     * @param parts how many there are, from 1
     */
    record Positions(
            String prefix,
            long incarnation,
            long stampNanos,
            long probe,
            boolean complete,
            boolean last,
            int part,
            int parts,
            List<Position> positions)
            implements DataFrame {

        Positions stamped(long nanos) {
            return new Positions(prefix, incarnation, nanos, probe, complete, last, part, parts, positions);
        }
    }

    /** The number of a topic's newest message. */
    record Position(String topic, long newest) {
        int bytes() {
            return 1 + topic.length() * 3 + Long.BYTES; // At most.
        }
    }

    /** Returns what {@code frame} says, or {@code null} if it is none of ours. */
    static @Nullable DataFrame decode(byte[] frame) {
        int end = 0;
        int searched = Math.min(frame.length, Topics.BYTES_MAX + 1);
        while (end < searched && frame[end] != Topics.END) {
            end++;
        }
        if (end == searched || frame.length - end <= CONTENT_AT) {
            return null;
        }
        int magic = (int) Run.INT.get(frame, end + MAGIC_AT);
        String topic = Topics.decode(frame, 0, end);
        if ((magic & ~0xFF) != MAGIC || topic == null) {
            return null;
        }
        return switch (magic & 0xFF) {
            case KIND_MESSAGES -> messages(topic, end, frame);
            case KIND_POSITIONS -> positions(topic, end, frame);
            default -> null;
        };
    }

    private static @Nullable DataFrame messages(String topic, int end, byte[] frame) {
        long stamp = (long) Run.LONG.get(frame, end + STAMP_AT);
        Run run = Run.read((long) Run.LONG.get(frame, end + NUMBER_AT), frame, end + CONTENT_AT, stamp);
        return run == null || topic.isEmpty()
                ? null
                : new Messages(topic, (long) Run.LONG.get(frame, end + INCARNATION_AT), run);
    }

    private static @Nullable DataFrame positions(String prefix, int end, byte[] frame) {
        FieldReader in = new FieldReader(frame, end + INCARNATION_AT);
        long incarnation = in.u64();
        long stamp = in.u64();
        long probe = in.u64();
        int flags = in.u8();
        int part = in.u16();
        int parts = in.u16();
        List<Position> positions = new ArrayList<>();
        while (in.hasMore()) {
            String topic = Topics.read(in);
            long newest = in.u64();
            in.require(topic.startsWith(prefix) && !topic.isEmpty() && newest > 0 && newest < Long.MAX_VALUE);
            positions.add(new Position(topic, newest));
        }
        in.require(part < parts && probe > 0);
        boolean complete = (flags & FLAG_COMPLETE) != 0;
        boolean last = (flags & FLAG_FINAL) != 0;
        return in.isSound()
                ? new Positions(prefix, incarnation, stamp, probe, complete, last, part, parts, positions)
                : null;
    }

    /** Writes the fields before the content into {@code frame}, whose topic stands there already. */
    static void writeHeader(byte[] frame, int topicBytes, int kind, long incarnation, long number) {
        Run.INT.set(frame, topicBytes + MAGIC_AT, MAGIC | kind);
        Run.LONG.set(frame, topicBytes + INCARNATION_AT, incarnation);
        Run.LONG.set(frame, topicBytes + NUMBER_AT, number);
    }

    /** Returns {@code positions} in lists that each fit a frame, at least one. */
    static List<List<Position>> parts(List<Position> positions) {
        List<List<Position>> parts = new ArrayList<>();
        List<Position> part = new ArrayList<>();
        parts.add(part);
        int bytes = 0;
        for (Position position : positions) {
            if (bytes + position.bytes() > POSITIONS_BYTES_MAX) {
                part = new ArrayList<>();
                parts.add(part);
                bytes = 0;
            }
            part.add(position);
            bytes += position.bytes();
        }
        return parts;
    }

    /** Returns {@code positions} as a frame. */
    static byte[] encode(Positions positions) {
        byte[] prefix = Topics.checked("prefix", positions.prefix());
        FieldWriter out = new FieldWriter();
        out.u8((positions.complete() ? FLAG_COMPLETE : 0) | (positions.last() ? FLAG_FINAL : 0));
        out.u16(positions.part()).u16(positions.parts());
        for (Position position : positions.positions()) {
            out.text(position.topic()).u64(position.newest());
        }
        byte[] content = out.toBytes();
        byte[] frame = new byte[prefix.length + CONTENT_AT + content.length];
        System.arraycopy(prefix, 0, frame, 0, prefix.length);
        writeHeader(frame, prefix.length, KIND_POSITIONS, positions.incarnation(), positions.probe());
        Run.LONG.set(frame, prefix.length + STAMP_AT, positions.stampNanos());
        System.arraycopy(content, 0, frame, prefix.length + CONTENT_AT, content.length);
        return frame;
    }
}
