package io.privateer.pipeline;

import io.privateer.core.wire.PeerId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the records of one PLN/1 message: {@link #open}, then {@link #next} until it returns false. Every length and
 * every number is checked before {@link #next} returns; where a record is malformed the walk ends and {@link #problem()}
 * says why, and the records before it are good. A getter is meaningful only for the types that carry its field. Not
 * thread-safe; use one again for every message.
 */
final class PlnReader {

    private static final byte[] BARE_HEADER = new byte[Pln.FRAME_HEADER];
    private static final PeerId NO_BATCH = new PeerId(0, 0);

    private byte[] frame = BARE_HEADER;
    private int at;
    private int end;
    private PeerId batch = NO_BATCH;
    private boolean batchKnown;
    private @Nullable String problem;

    /** Starts on a message; false if it is none of PLN/1. */
    boolean open(byte[][] message) {
        at = 0;
        end = Pln.FRAME_HEADER;
        batchKnown = false;
        problem = null;
        frame = BARE_HEADER;
        if (message.length != 1 || message[0].length < Pln.FRAME_HEADER) {
            return fail("no PLN message: " + message.length + " frames, the first of "
                    + (message.length == 0 ? 0 : message[0].length) + " bytes");
        }
        int magic = (int) Pln.INT.get(message[0], 0);
        if (magic != Pln.MAGIC) {
            return fail("no PLN message of version 1: begins with " + Integer.toHexString(magic));
        }
        frame = message[0];
        return true;
    }

    /** Goes to the next record that means something to this side; batches that the sender names are read in passing. */
    boolean next() {
        while (problem == null) {
            at = end;
            int left = frame.length - at;
            if (left == 0) {
                return false;
            }
            int length = left < Pln.SHORT_RECORD ? 0 : integer(Pln.LENGTH);
            if (length < Pln.SHORT_RECORD || length > left) {
                return fail("record of length " + length + " in the last " + left + " bytes");
            }
            end = at + length;
            int type = type();
            if (type == Pln.BATCH && length >= Pln.BATCH_RECORD) {
                batch = id(Pln.FIELD);
                batchKnown = true;
            } else if (type >= Pln.HELLO && type <= Pln.TYPE_MAX) {
                return check(type, length);
            } else if (type < Pln.FIRST_OPTIONAL) {
                return fail("unknown mandatory record type " + type);
            }
        }
        return false;
    }

    private boolean check(int type, int length) {
        int min =
                switch (type) {
                    case Pln.HELLO -> Pln.HELLO_RECORD;
                    case Pln.WELCOME -> Pln.WELCOME_RECORD;
                    case Pln.BATCH -> Pln.BATCH_RECORD;
                    case Pln.TASK, Pln.RESULT, Pln.FAILURE, Pln.END -> Pln.NUMBER_RECORD;
                    case Pln.DONE -> Pln.DONE_RECORD;
                    case Pln.STATE, Pln.OVERDUE -> Pln.RANGES_HEAD;
                    default -> Pln.SHORT_RECORD;
                };
        if (length < min) {
            return fail("record type " + type + " of length " + length + ", at least " + min);
        }
        return switch (type) {
            case Pln.HELLO -> checkHello();
            case Pln.WELCOME -> heartbeatMillis() > 0 || fail("a heartbeat of " + heartbeatMillis() + " ms");
            case Pln.TASK, Pln.RESULT, Pln.FAILURE -> checkNumber() && checkBatch();
            case Pln.END, Pln.DONE -> (number() >= 0 || fail("a count of " + number())) && checkBatch();
            case Pln.OPEN, Pln.FORGOTTEN -> checkBatch();
            case Pln.ACCEPTED, Pln.STATE, Pln.OVERDUE -> checkBatch() && checkRanges(length);
            default -> true;
        };
    }

    private boolean checkHello() {
        boolean sound = heartbeatMillis() > 0 && concurrency() > 0 && credit() > 0 && creditBytes() > 0;
        return sound || fail("HELLO with a number that is not positive");
    }

    /** The last number is kept free, so that a count always fits. */
    private boolean checkNumber() {
        int number = number();
        return (number >= 0 && number < Integer.MAX_VALUE) || fail("task number " + Integer.toUnsignedString(number));
    }

    private boolean checkBatch() {
        return batchKnown || fail("record type " + type() + " of no batch");
    }

    private boolean checkRanges(int length) {
        int bytes = length - rangesAt();
        if (bytes % Pln.RANGE_BYTES != 0 || bytes / Pln.RANGE_BYTES > Pln.RANGES_MAX) {
            return fail("ranges of " + bytes + " bytes");
        }
        if (type() != Pln.ACCEPTED && number() < Pln.COUNT_UNKNOWN) {
            return fail("record type " + type() + " with the number " + number());
        }
        for (int i = 0; i < rangeCount(); i++) {
            int first = rangeFirst(i);
            int count = rangeNumbers(i);
            if (first < 0 || count <= 0 || count > Integer.MAX_VALUE - first) {
                return fail("range of " + count + " from " + first);
            }
        }
        return true;
    }

    private boolean fail(String what) {
        problem = what;
        return false;
    }

    /** Returns what ended the walk early, or {@code null}. */
    @Nullable
    String problem() {
        return problem;
    }

    long incarnation() {
        return (long) Pln.LONG.get(frame, Pln.INCARNATION);
    }

    int type() {
        return frame[at + Pln.TYPE] & 0xFF;
    }

    int flags() {
        return frame[at + Pln.FLAGS] & 0xFF;
    }

    /** Returns the batch that the record is about. */
    PeerId batch() {
        return batch;
    }

    PeerId peer() {
        return id(Pln.HELLO_PEER);
    }

    int heartbeatMillis() {
        return integer(type() == Pln.HELLO ? Pln.HELLO_HEARTBEAT_MILLIS : Pln.WELCOME_HEARTBEAT_MILLIS);
    }

    /** Returns the longest task or result that the sender takes, in bytes; as long as can be if it does not say. */
    int messageBytesMax() {
        int said = integer(type() == Pln.HELLO ? Pln.HELLO_MESSAGE_BYTES_MAX : Pln.WELCOME_MESSAGE_BYTES_MAX);
        return said > 0 ? said : Integer.MAX_VALUE;
    }

    int concurrency() {
        return integer(Pln.HELLO_CONCURRENCY);
    }

    int credit() {
        return integer(Pln.HELLO_CREDIT);
    }

    long creditBytes() {
        return (long) Pln.LONG.get(frame, at + Pln.HELLO_CREDIT_BYTES);
    }

    /** Returns the number of a task, result or failure; the count of END, DONE and STATE; the time of OVERDUE. */
    int number() {
        return integer(Pln.FIELD);
    }

    /** Returns how many tasks of a DONE batch have failed. */
    int failed() {
        return integer(Pln.FIELD + Integer.BYTES);
    }

    /** Returns a copy of the task or result. */
    byte[] body() {
        return Arrays.copyOfRange(frame, at + Pln.NUMBER_RECORD, end);
    }

    int bodyBytes() {
        return end - at - Pln.NUMBER_RECORD;
    }

    /** Returns why a task failed. */
    String text() {
        return new String(frame, at + Pln.NUMBER_RECORD, bodyBytes(), StandardCharsets.UTF_8);
    }

    boolean isLast() {
        return (flags() & Pln.LAST) != 0;
    }

    private int rangesAt() {
        return type() == Pln.ACCEPTED ? Pln.SHORT_RECORD : Pln.RANGES_HEAD;
    }

    int rangeCount() {
        return (end - at - rangesAt()) / Pln.RANGE_BYTES;
    }

    int rangeFirst(int index) {
        return integer(rangesAt() + index * Pln.RANGE_BYTES);
    }

    /** Returns how many numbers the range holds. */
    int rangeNumbers(int index) {
        return integer(rangesAt() + index * Pln.RANGE_BYTES + Integer.BYTES);
    }

    private PeerId id(int offset) {
        return new PeerId(
                (long) Pln.LONG.get(frame, at + offset), (long) Pln.LONG.get(frame, at + offset + Long.BYTES));
    }

    private int integer(int offset) {
        return (int) Pln.INT.get(frame, at + offset);
    }
}
