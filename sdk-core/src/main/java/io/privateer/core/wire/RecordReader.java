package io.privateer.core.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the records of one PRV/1 message: {@link #open}, then {@link #next} until it returns false, reading the
 * fields of the present record in between. Reading allocates nothing but bodies, headers and service names.
 *
 * <p>Every length is checked before {@link #next} returns, so no getter can fail or read beyond its record. Where a
 * record is malformed the walk ends, and {@link #problem()} says why; the records before it are good.
 *
 * <p>A getter is meaningful only for the types that carry its field. Not thread-safe; use one again for every message.
 */
public final class RecordReader {

    private static final byte[] NOTHING = {};
    private static final byte[][] NO_FRAMES = {};
    private static final byte[] BARE_HEADER = new byte[Prv.FRAME_HEADER];

    private byte[][] frames = NO_FRAMES;
    private byte[] frame = BARE_HEADER;
    private int at;
    private int end;
    private boolean detachedSeen;
    private @Nullable String problem;

    /** For anyone. */
    public RecordReader() {}

    /**
     * Starts on a message.
     *
     * @param message its frames, which bodies in the result may share
     * @return false if it is no message of PRV/1; {@link #problem()} says why
     */
    public boolean open(byte[][] message) {
        frames = message;
        at = 0;
        end = Prv.FRAME_HEADER;
        detachedSeen = false;
        problem = null;
        if (!Prv.isPrv(message)) {
            frame = BARE_HEADER;
            return fail("no PRV frame of " + (message.length == 0 ? 0 : message[0].length) + " bytes");
        }
        frame = message[0];
        if (integer(0) != Prv.MAGIC) {
            return fail("PRV version " + (frame[3] & 0xFF) + ", this side speaks 1");
        }
        return true;
    }

    /** Goes to the next record; false at the end of the message, and at a malformed record. */
    public boolean next() {
        while (problem == null) {
            at = end;
            if (at == frame.length) {
                if (frames.length > 1 && !detachedSeen) {
                    problem = "frames behind the records that nobody announced";
                }
                return false;
            }
            if (frame.length - at < Prv.SHORT_RECORD) {
                return fail("record cut off after " + (frame.length - at) + " bytes");
            }
            int length = integer(Prv.LENGTH);
            if (length < Prv.SHORT_RECORD || length > frame.length - at) {
                return fail("record of length " + Integer.toUnsignedString(length) + " in the last "
                        + (frame.length - at) + " bytes");
            }
            end = at + length;
            if (isKnown()) {
                return check(length);
            }
            if (type() < Prv.FIRST_OPTIONAL) {
                return fail("unknown mandatory record type " + type());
            }
        }
        return false;
    }

    private boolean isKnown() {
        int type = type();
        return (type >= Prv.HELLO && type <= Prv.DRAIN) || (type >= Prv.REQUEST && type <= Prv.PROGRESS);
    }

    private boolean check(int length) {
        int type = type();
        int min =
                switch (type) {
                    case Prv.HELLO -> Prv.HELLO_RECORD;
                    case Prv.WELCOME -> Prv.WELCOME_RECORD;
                    case Prv.READY -> Prv.READY_RECORD;
                    case Prv.REQUEST -> Prv.REQUEST_RECORD;
                    case Prv.REPLY -> Prv.REPLY_RECORD;
                    case Prv.HEARTBEAT, Prv.GOODBYE, Prv.DRAIN -> Prv.SHORT_RECORD;
                    default -> Prv.ID_RECORD;
                };
        if (length < min) {
            return fail("record type " + type + " of length " + length + ", at least " + min);
        }
        return switch (type) {
            case Prv.REQUEST -> checkRequest();
            case Prv.REPLY, Prv.GOODBYE -> checkStatus();
            case Prv.READY -> checkReady(length);
            default -> true;
        };
    }

    private boolean checkRequest() {
        if (ttlMicros() < Prv.NO_TTL) {
            return fail("time to live beyond 2^63 microseconds");
        }
        int left = end - bodyAt();
        if (left < 0) {
            return fail("service and headers are " + -left + " bytes longer than the request");
        }
        return checkService(Prv.REQUEST_RECORD, integer8(Prv.REQUEST_SERVICE_LENGTH))
                && checkParts(integer8(Prv.REQUEST_PART_COUNT), left);
    }

    private boolean checkStatus() {
        if (Status.of(integer8(Prv.STATUS)) == null) {
            return fail("unknown status " + integer8(Prv.STATUS));
        }
        return type() == Prv.GOODBYE || checkParts(integer8(Prv.REPLY_PART_COUNT), end - bodyAt());
    }

    private boolean checkReady(int length) {
        int serviceBytes = integer8(Prv.READY_SERVICE_LENGTH);
        int needed = Prv.READY_RECORD + serviceBytes + heldCount() * Long.BYTES;
        return needed <= length
                ? checkService(Prv.READY_RECORD, serviceBytes)
                : fail("READY of length " + length + " for content of " + needed);
    }

    /** A name with replaced characters would be another name, and longer than it may be when it is written again. */
    private boolean checkService(int offset, int length) {
        for (int i = at + offset; i < at + offset + length; i++) {
            if (frame[i] < 0) {
                return isUtf8(at + offset, length) || fail("a service name that is no UTF-8");
            }
        }
        return true;
    }

    private boolean isUtf8(int from, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(frame, from, length));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private boolean checkParts(int parts, int bodyBytes) {
        if (parts == 0 || parts > Prv.PARTS_MAX) {
            return fail("a body of " + parts + " parts");
        }
        if (isDetached()) {
            detachedSeen = true;
            if (end != frame.length || bodyBytes > 0 || parts != frames.length - 1) {
                return fail("detached body of " + parts + " parts in " + (frames.length - 1) + " frames, "
                        + (frame.length - end + bodyBytes) + " bytes before them");
            }
            return true;
        }
        if (parts == 1) {
            return true;
        }
        int from = bodyAt();
        for (int i = 0; i < parts; i++) {
            int partBytes = end - from < Integer.BYTES ? -1 : (int) Prv.INT.get(frame, from);
            if (partBytes < 0 || partBytes > end - from - Integer.BYTES) {
                return fail("part " + i + " of " + parts + " is longer than its record");
            }
            from += Integer.BYTES + partBytes;
        }
        return from == end || fail((end - from) + " bytes behind the last part");
    }

    private boolean fail(String what) {
        problem = what;
        return false;
    }

    /** Returns what ended the walk early, or {@code null}. */
    public @Nullable String problem() {
        return problem;
    }

    /** Returns the newest epoch that the sender knows; 0 where there is no pair of servers. */
    public long epoch() {
        return (long) Prv.LONG.get(frame, Prv.EPOCH);
    }

    /** Returns the record's type, one of the constants in {@link Prv}. */
    public int type() {
        return integer8(Prv.TYPE);
    }

    /** Returns whether the request must not run twice. */
    public boolean isOnce() {
        return (integer8(Prv.FLAGS) & Prv.ONCE) != 0;
    }

    /** Returns whether another server may have the request, too, which must not run twice. */
    public boolean isElsewhere() {
        return (integer8(Prv.FLAGS) & Prv.ELSEWHERE) != 0;
    }

    /** Returns whether the sender of HELLO has requests and has reached no server that takes them. */
    public boolean isVote() {
        return (integer8(Prv.FLAGS) & Prv.VOTE) != 0;
    }

    /** Returns whether the sender of WELCOME takes no requests now. */
    public boolean isStandby() {
        return (integer8(Prv.FLAGS) & Prv.STANDBY) != 0;
    }

    /** Returns the flags of {@link Prv} that the record has. */
    public int flags() {
        return integer8(Prv.FLAGS);
    }

    /** Returns whether the sender of WELCOME has taken over and asks what its worker holds, or READY answers that. */
    public boolean isTakeover() {
        return (integer8(Prv.FLAGS) & Prv.TAKEOVER) != 0;
    }

    private boolean isDetached() {
        return (integer8(Prv.FLAGS) & Prv.DETACHED) != 0;
    }

    /**
     * Returns the id of a request or delivery; of ACKNOWLEDGE a client's first id that has not ended, or how many replies a
     * worker may forget; of CREDIT the credit.
     */
    public long id() {
        return (long) Prv.LONG.get(frame, at + Prv.ID);
    }

    /** Returns the 128-bit id in HELLO, WELCOME and READY. */
    public PeerId peer() {
        return new PeerId(
                (long) Prv.LONG.get(frame, at + Prv.PEER_HIGH), (long) Prv.LONG.get(frame, at + Prv.PEER_LOW));
    }

    /** Returns the longest frame that the sender of HELLO, WELCOME or READY takes, in bytes. */
    public int messageBytesMax() {
        return atMostInt(integer(type() == Prv.HELLO ? Prv.HELLO_MESSAGE_BYTES_MAX : Prv.READY_MESSAGE_BYTES_MAX));
    }

    /** Returns how often the sender of WELCOME beats and expects beats, in milliseconds. */
    public int heartbeatMillis() {
        return atMostInt(integer(Prv.WELCOME_HEARTBEAT_MILLIS));
    }

    /** Returns how many requests of one client the sender of WELCOME holds. */
    public int inFlightMax() {
        return atMostInt(integer(Prv.WELCOME_IN_FLIGHT_MAX));
    }

    /** Returns how many deliveries the sender of READY will hold. */
    public int credit() {
        return atMostInt(integer(Prv.READY_CREDIT));
    }

    /** Returns how many deliveries the sender of READY works on at once; 0 if it does not say. */
    public int concurrency() {
        return integer8(Prv.READY_CONCURRENCY);
    }

    /** Returns how many deliveries the sender of READY holds already. */
    public int heldCount() {
        return integer16(Prv.READY_HELD_COUNT);
    }

    /** Returns the id of one of those deliveries, from 0. */
    public long heldId(int index) {
        int from = at + Prv.READY_RECORD + integer8(Prv.READY_SERVICE_LENGTH);
        return (long) Prv.LONG.get(frame, from + index * Long.BYTES);
    }

    /** Returns the attempt of a request, from 1: the client's towards a queue, the queue's towards a worker. */
    public int attempt() {
        return integer16(Prv.REQUEST_ATTEMPT);
    }

    /** Returns the microseconds that a request has left to live, or {@link Prv#NO_TTL}. */
    public long ttlMicros() {
        return (long) Prv.LONG.get(frame, at + Prv.REQUEST_TTL);
    }

    /** Returns the service that a request is for, or a worker offers; empty is the default service. */
    public String service() {
        boolean ready = type() == Prv.READY;
        int length = integer8(ready ? Prv.READY_SERVICE_LENGTH : Prv.REQUEST_SERVICE_LENGTH);
        int from = at + (ready ? Prv.READY_RECORD : Prv.REQUEST_RECORD);
        return length == 0 ? "" : new String(frame, from, length, StandardCharsets.UTF_8);
    }

    /** Returns the encoded headers of a request; see {@link Headers}. */
    public byte[] headers() {
        int length = integer16(Prv.REQUEST_HEADERS_LENGTH);
        return length == 0 ? NOTHING : copy(bodyAt() - length, length);
    }

    /** Returns the status of a reply or goodbye. */
    public Status status() {
        Status status = Status.of(integer8(Prv.STATUS));
        if (status == null) {
            throw new IllegalStateException("a record without a status");
        }
        return status;
    }

    /** Returns how often the request was delivered, at most 255. */
    public int attempts() {
        return integer8(Prv.REPLY_ATTEMPTS);
    }

    /** Returns after how many milliseconds the request may be tried again; 0 where nothing is said. */
    public int retryAfterMillis() {
        return atMostInt(integer(Prv.REPLY_RETRY_AFTER));
    }

    /** Returns the length of the body of a request or reply: the bytes of its parts, whichever way they came. */
    public long bodyBytes() {
        if (!isDetached()) {
            int parts = parts();
            return (long) end - bodyAt() - (parts == 1 ? 0 : parts * Integer.BYTES);
        }
        long bytes = 0;
        for (int i = 1; i < frames.length; i++) {
            bytes += frames[i].length;
        }
        return bytes;
    }

    private int parts() {
        return integer8(type() == Prv.REQUEST ? Prv.REQUEST_PART_COUNT : Prv.REPLY_PART_COUNT);
    }

    /** Returns the body of a request or reply, one array per part; detached parts are the message's own frames. */
    public byte[][] body() {
        int parts = parts();
        byte[][] body = new byte[parts][];
        int from = bodyAt();
        for (int i = 0; i < parts; i++) {
            if (isDetached()) {
                body[i] = frames[i + 1];
            } else if (parts == 1) {
                body[i] = copy(from, end - from);
            } else {
                int length = (int) Prv.INT.get(frame, from);
                body[i] = copy(from + Integer.BYTES, length);
                from += Integer.BYTES + length;
            }
        }
        return body;
    }

    private int bodyAt() {
        return type() == Prv.REPLY
                ? at + Prv.REPLY_RECORD
                : at
                        + Prv.REQUEST_RECORD
                        + integer8(Prv.REQUEST_SERVICE_LENGTH)
                        + integer16(Prv.REQUEST_HEADERS_LENGTH);
    }

    private byte[] copy(int from, int length) {
        return length == 0 ? NOTHING : Arrays.copyOfRange(frame, from, from + length);
    }

    private int integer8(int offset) {
        return frame[at + offset] & 0xFF;
    }

    private int integer16(int offset) {
        return (short) Prv.SHORT.get(frame, at + offset) & 0xFFFF;
    }

    private int integer(int offset) {
        return (int) Prv.INT.get(frame, at + offset);
    }

    /** Who sends more than 2^31-1 means "any number". */
    private static int atMostInt(int unsigned) {
        return unsigned < 0 ? Integer.MAX_VALUE : unsigned;
    }
}
