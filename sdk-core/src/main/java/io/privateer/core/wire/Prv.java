package io.privateer.core.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The numbers of PRV/1: where each field stands, and what it may hold. {@code docs/protocol.md} explains them.
 *
 * <pre>
 * frame   0 'P' 'R' 'V' version  4 reserved u32  8 epoch u64  16 records…
 * record  0 type u8  1 flags u8  2 by type  4 length u32, all of the record  8 by type
 * </pre>
 *
 * All numbers are unsigned and big-endian; what is reserved is sent as zero and not looked at.
 */
public final class Prv {

    /** The first four bytes of a frame: {@code PRV} and the version, 1. */
    static final int MAGIC = 'P' << 24 | 'R' << 16 | 'V' << 8 | 1;

    static final int EPOCH = 8;
    static final int FRAME_HEADER = 16;

    static final int TYPE = 0;
    static final int FLAGS = 1;
    static final int LENGTH = 4;
    static final int ID = 8;
    static final int SHORT_RECORD = 8;
    static final int ID_RECORD = 16;

    /** Where a peer's 128-bit id stands in HELLO, WELCOME and READY. */
    static final int PEER_HIGH = 8;

    static final int PEER_LOW = 16;

    static final int HELLO_MESSAGE_BYTES_MAX = 24;
    static final int HELLO_RECORD = 32;

    static final int WELCOME_HEARTBEAT_MILLIS = 24;
    static final int WELCOME_MESSAGE_BYTES_MAX = 28;
    static final int WELCOME_IN_FLIGHT_MAX = 32;
    static final int WELCOME_RECORD = 40;

    static final int READY_CREDIT = 24;
    static final int READY_MESSAGE_BYTES_MAX = 28;
    static final int READY_SERVICE_LENGTH = 32;
    static final int READY_CONCURRENCY = 33;
    static final int READY_HELD_COUNT = 34;
    static final int READY_RECORD = 36;

    static final int REQUEST_ATTEMPT = 2;
    static final int REQUEST_TTL = 16;
    static final int REQUEST_SERVICE_LENGTH = 24;
    static final int REQUEST_PART_COUNT = 25;
    static final int REQUEST_HEADERS_LENGTH = 26;
    static final int REQUEST_RECORD = 28;

    static final int STATUS = 2;
    static final int REPLY_ATTEMPTS = 3;
    static final int REPLY_RETRY_AFTER = 16;
    static final int REPLY_PART_COUNT = 20;
    static final int REPLY_RECORD = 24;

    /** A worker or client introduces itself; see {@link RecordReader} for who may send what. */
    public static final int HELLO = 0x01;

    public static final int WELCOME = 0x02;
    public static final int HEARTBEAT = 0x03;
    public static final int ACKNOWLEDGE = 0x04;
    public static final int GOODBYE = 0x05;
    public static final int READY = 0x06;
    public static final int CREDIT = 0x07;
    public static final int DRAIN = 0x08;
    public static final int REQUEST = 0x10;
    public static final int REPLY = 0x11;
    public static final int CANCEL = 0x12;
    public static final int PROGRESS = 0x13;

    /** Types from here on may be skipped by who does not know them. */
    static final int FIRST_OPTIONAL = 0x80;

    /** The parts of the last record's body follow as frames of their own. */
    static final int DETACHED = 0x01;

    /** The request must not run twice. */
    public static final int ONCE = 0x02;

    /** On HELLO: the client has requests, and has reached no server that takes them. */
    static final int VOTE = 0x04;

    /** On WELCOME: the server takes no requests now; another of its pair may. */
    public static final int STANDBY = 0x08;

    /** On WELCOME: the server says with ACKNOWLEDGE which replies its worker may forget. */
    public static final int ACKNOWLEDGES = 0x10;

    /** On WELCOME: the server has taken over, and its worker is to say what it holds; on READY: the worker's answer. */
    public static final int TAKEOVER = 0x20;

    /** On REQUEST with ONCE: it was sent to another server of the pair too, or so it may be, and not refused there. */
    public static final int ELSEWHERE = 0x40;

    /** A time to live without end. */
    public static final long NO_TTL = -1;

    /** What every peer takes, in bytes: who announces a shorter {@code messageBytesMax} is taken to mean this. */
    public static final int MESSAGE_BYTES_MIN = 256;

    /** Longest service name, in bytes of UTF-8. */
    public static final int SERVICE_BYTES_MAX = 255;

    /** Most bytes of the headers of one request. */
    public static final int HEADERS_BYTES_MAX = 0xFFFF;

    /** Most parts of one body: detached, with the records and a routing id before them, they make 256 frames. */
    public static final int PARTS_MAX = 254;

    /** Most deliveries at once that a READY can speak of. */
    static final int CONCURRENCY_MAX = 0xFF;

    /** Most deliveries that one READY lists. */
    public static final int HELD_MAX = 0xFFFF;

    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private Prv() {}

    /** Returns whether a message of these frames is of this protocol, of whatever version. */
    public static boolean isPrv(byte[][] frames) {
        if (frames.length == 0) {
            return false;
        }
        byte[] first = frames[0];
        return first.length >= FRAME_HEADER && first[0] == 'P' && first[1] == 'R' && first[2] == 'V';
    }
}
