package io.privateer.pipeline;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The numbers of PLN/1, what ventilators, workers and sinks speak: where each field stands, and what it may hold.
 *
 * <pre>
 * frame   0 'P' 'L' 'N' version  4 reserved u32  8 incarnation of the ventilator or sink u64  16 records…
 * record  0 type u8  1 flags u8  2 reserved u16  4 length u32, all of the record  8 by type
 * </pre>
 *
 * All numbers are unsigned and big-endian. A message is one frame. What is reserved is sent as zero and not looked at.
 */
final class Pln {

    static final int MAGIC = 'P' << 24 | 'L' << 16 | 'N' << 8 | 1;
    static final int INCARNATION = 8;
    static final int FRAME_HEADER = 16;

    static final int TYPE = 0;
    static final int FLAGS = 1;
    static final int LENGTH = 4;
    /** Where the first field of a record stands, if it has one. */
    static final int FIELD = 8;

    static final int SHORT_RECORD = 8;
    static final int NUMBER_RECORD = 12;

    /** Who one is, to whom one's first word goes. The flags say the role. */
    static final int HELLO = 1;

    static final int HELLO_PEER = 8;
    static final int HELLO_HEARTBEAT_MILLIS = 24;
    static final int HELLO_CONCURRENCY = 28;
    static final int HELLO_CREDIT = 32;
    static final int HELLO_MESSAGE_BYTES_MAX = 36;
    static final int HELLO_CREDIT_BYTES = 40;
    static final int HELLO_RECORD = 48;

    static final int WELCOME = 2;
    static final int WELCOME_HEARTBEAT_MILLIS = 8;
    static final int WELCOME_MESSAGE_BYTES_MAX = 12;
    static final int WELCOME_RECORD = 16;

    static final int HEARTBEAT = 3;
    static final int GOODBYE = 4;

    /** Which batch the records behind it, in the same frame, are about. */
    static final int BATCH = 5;

    static final int BATCH_RECORD = 24;

    /** A number, then the task. */
    static final int TASK = 6;

    /** A number, then the result. */
    static final int RESULT = 7;

    /** A number, then why, in UTF-8. */
    static final int FAILURE = 8;

    /** Ranges, each a first number and a count. */
    static final int ACCEPTED = 9;

    /** Flag: {@link #BEGUN}. */
    static final int OPEN = 10;

    /** How many tasks there are or {@link #COUNT_UNKNOWN}, then 4 reserved, then the ranges that are accepted. */
    static final int STATE = 11;

    static final int END = 12;

    /** How many tasks there were, and how many of them failed. */
    static final int DONE = 13;

    static final int DONE_RECORD = 16;

    /** After how many milliseconds, then 4 reserved, then the ranges that are missed. */
    static final int OVERDUE = 14;

    static final int STOP = 15;
    static final int STOPPED = 16;
    static final int DRAIN = 17;

    /** To an OPEN, or as it happens: the sink was told to forget the batch. */
    static final int FORGOTTEN = 18;

    static final int TYPE_MAX = FORGOTTEN;

    /** On OPEN: a sink has given the batch its place before, and tasks of it may be under way. */
    static final int BEGUN = 0x01;

    /** On STATE: no more ranges of this batch follow. */
    static final int LAST = 0x01;

    /** Types from here on may be skipped by who does not know them. */
    static final int FIRST_OPTIONAL = 0x80;

    static final int ROLE_WORKER = 1;
    static final int ROLE_VENTILATOR = 2;

    static final int COUNT_UNKNOWN = -1;

    /** Before the ranges in STATE and OVERDUE. */
    static final int RANGES_HEAD = 16;

    static final int RANGE_BYTES = 8;

    /** Most ranges of one record. */
    static final int RANGES_MAX = 4_096;

    /** Longest reason of a failure, in bytes. */
    static final int TEXT_BYTES_MAX = 4_096;

    /** What a frame may grow to before the next is begun; a task or result that is longer alone makes a longer one. */
    static final int FRAME_BYTES = 64 << 10;

    /** What a frame has besides the bytes of one task or result. */
    static final int OVERHEAD = FRAME_HEADER + BATCH_RECORD + NUMBER_RECORD;

    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Pln() {}
}
