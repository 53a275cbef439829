package io.privateer.core.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gathers PRV/1 records for one peer and hands them on as messages: one when {@link #flush} is called, and more before
 * that whenever one is full. Writing a record allocates nothing; a message costs one array.
 *
 * <p>A body of more than {@value #DETACH_BYTES} bytes is not copied: its parts become frames of their own, behind the
 * records before it. Not thread-safe.
 */
public final class Outbox {

    /** Above this many bytes a body is cheaper to send as a frame of its own than to copy. */
    static final int DETACH_BYTES = 8 * 1024;

    private static final int BATCH_BYTES = 128 * 1024;
    private static final int FIRST_CAPACITY = 1024;
    private static final byte[] NOTHING = {};

    private final Sink sink;
    private byte[] buffer = new byte[FIRST_CAPACITY];
    private int size = Prv.FRAME_HEADER;
    private int batchBytesMax = BATCH_BYTES;
    private final LongSupplier epoch;

    /** Takes each message as it becomes complete. */
    @FunctionalInterface
    public interface Sink {

        /** Takes the frames of one message; they are the sink's to keep. */
        void send(byte[][] frames);
    }

    /** Returns an empty outbox in front of {@code sink}, for a side that knows no epochs. */
    public Outbox(Sink sink) {
        this(sink, () -> 0);
    }

    /** Returns an empty outbox in front of {@code sink} whose messages carry what {@code epoch} says. */
    public Outbox(Sink sink, LongSupplier epoch) {
        this.sink = sink;
        this.epoch = epoch;
    }

    /**
     * Makes batches no longer than the peer takes.
     *
     * <p>A part of a body, or a record with nothing but a long head, may still be longer: whoever accepts a request or a
     * reply has to refuse what no frame of that peer can hold.
     *
     * @param messageBytesMax in bytes; less than {@link Prv#MESSAGE_BYTES_MIN} counts as that
     */
    public void limit(int messageBytesMax) {
        batchBytesMax = Math.max(Prv.MESSAGE_BYTES_MIN, Math.min(BATCH_BYTES, messageBytesMax));
    }

    /** Returns what the next message carries. */
    public long epoch() {
        return epoch.getAsLong();
    }

    /** Returns whether nothing waits to be flushed. */
    public boolean isEmpty() {
        return size == Prv.FRAME_HEADER;
    }

    /** Hands on what was gathered, if anything. */
    public void flush() {
        if (!isEmpty()) {
            sink.send(new byte[][] {takeFrame()});
        }
    }

    /** Forgets what was gathered. */
    public void clear() {
        size = Prv.FRAME_HEADER;
    }

    private byte[] takeFrame() {
        Prv.INT.set(buffer, 0, Prv.MAGIC);
        Prv.INT.set(buffer, Integer.BYTES, 0);
        Prv.LONG.set(buffer, Prv.EPOCH, epoch.getAsLong());
        byte[] frame = Arrays.copyOf(buffer, size);
        size = Prv.FRAME_HEADER;
        return frame;
    }

    /** A client introduces itself. */
    public void hello(PeerId client, int messageBytesMax) {
        hello(client, messageBytesMax, false);
    }

    /**
     * A client introduces itself.
     *
     * @param vote whether it has requests, and has reached no server that takes them
     */
    public void hello(PeerId client, int messageBytesMax, boolean vote) {
        int at = begin(Prv.HELLO, Prv.HELLO_RECORD);
        buffer[at + Prv.FLAGS] = (byte) (vote ? Prv.VOTE : 0);
        peer(at, client);
        Prv.INT.set(buffer, at + Prv.HELLO_MESSAGE_BYTES_MAX, messageBytesMax);
        Prv.INT.set(buffer, at + Prv.HELLO_MESSAGE_BYTES_MAX + Integer.BYTES, 0);
    }

    /**
     * A queue introduces itself to a client or worker.
     *
     * @param standby whether it takes no requests now, and another may
     */
    public void welcome(
            PeerId incarnation, int heartbeatMillis, int messageBytesMax, int inFlightMax, boolean standby) {
        welcome(incarnation, heartbeatMillis, messageBytesMax, inFlightMax, standby ? Prv.STANDBY : 0);
    }

    /**
     * A queue introduces itself to a client or worker.
     *
     * @param flags {@link Prv#STANDBY}, {@link Prv#ACKNOWLEDGES} and {@link Prv#TAKEOVER}, as it applies
     */
    public void welcome(PeerId incarnation, int heartbeatMillis, int messageBytesMax, int inFlightMax, int flags) {
        int at = begin(Prv.WELCOME, Prv.WELCOME_RECORD);
        buffer[at + Prv.FLAGS] = (byte) flags;
        peer(at, incarnation);
        Prv.INT.set(buffer, at + Prv.WELCOME_HEARTBEAT_MILLIS, heartbeatMillis);
        Prv.INT.set(buffer, at + Prv.WELCOME_MESSAGE_BYTES_MAX, messageBytesMax);
        Prv.INT.set(buffer, at + Prv.WELCOME_IN_FLIGHT_MAX, inFlightMax);
        Prv.INT.set(buffer, at + Prv.WELCOME_IN_FLIGHT_MAX + Integer.BYTES, 0);
    }

    /**
     * A worker introduces itself.
     *
     * @param service at most {@link Prv#SERVICE_BYTES_MAX} bytes of UTF-8
     * @param held the deliveries that it still works on, at most {@link Prv#HELD_MAX}
     * @throws IllegalArgumentException if one of these is too long; nothing is written then
     */
    public void ready(PeerId worker, int credit, int messageBytesMax, String service, long... held) {
        ready(worker, credit, 0, messageBytesMax, service, false, held);
    }

    /**
     * A worker introduces itself, or answers a queue that has taken over; see the other method of this name.
     *
     * @param concurrency how many deliveries it works on at once; said only if from 1 to 255
     * @param takenOver whether it tells all that it holds of the queue before
     */
    public void ready(
            PeerId worker,
            int credit,
            int concurrency,
            int messageBytesMax,
            String service,
            boolean takenOver,
            long[] held) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        checkAtMost("service", name.length, Prv.SERVICE_BYTES_MAX);
        checkAtMost("held", held.length, Prv.HELD_MAX);
        int at = begin(Prv.READY, Prv.READY_RECORD + name.length + held.length * Long.BYTES);
        buffer[at + Prv.FLAGS] = (byte) (takenOver ? Prv.TAKEOVER : 0);
        peer(at, worker);
        Prv.INT.set(buffer, at + Prv.READY_CREDIT, credit);
        Prv.INT.set(buffer, at + Prv.READY_MESSAGE_BYTES_MAX, messageBytesMax);
        buffer[at + Prv.READY_SERVICE_LENGTH] = (byte) name.length;
        buffer[at + Prv.READY_CONCURRENCY] = (byte) (concurrency > Prv.CONCURRENCY_MAX ? 0 : concurrency);
        Prv.SHORT.set(buffer, at + Prv.READY_HELD_COUNT, (short) held.length);
        System.arraycopy(name, 0, buffer, at + Prv.READY_RECORD, name.length);
        int from = at + Prv.READY_RECORD + name.length;
        for (int i = 0; i < held.length; i++) {
            Prv.LONG.set(buffer, from + i * Long.BYTES, held[i]);
        }
    }

    /** A sign of life. */
    public void heartbeat() {
        begin(Prv.HEARTBEAT, Prv.SHORT_RECORD);
    }

    /** The sender wants nothing new any more, and finishes what it has. */
    public void drain() {
        begin(Prv.DRAIN, Prv.SHORT_RECORD);
    }

    /** The sender leaves, or does not want the receiver. */
    public void goodbye(Status why) {
        int at = begin(Prv.GOODBYE, Prv.SHORT_RECORD);
        buffer[at + Prv.STATUS] = (byte) why.code();
    }

    /** A client needs nothing any more of requests below {@code firstOpen}. */
    public void acknowledge(long firstOpen) {
        idRecord(Prv.ACKNOWLEDGE, firstOpen);
    }

    /** A worker will hold this many deliveries from now on. */
    public void credit(int credit) {
        idRecord(Prv.CREDIT, credit);
    }

    /** Nobody waits for the request or delivery any more. */
    public void cancel(long id) {
        idRecord(Prv.CANCEL, id);
    }

    /** A worker is still at work on the delivery. */
    public void progress(long id) {
        idRecord(Prv.PROGRESS, id);
    }

    /**
     * A request, from a client to a queue or from a queue to a worker.
     *
     * @param attempt from 1; more than 65535 are sent as 65535
     * @param flags {@link Prv#ONCE}, with {@link Prv#ELSEWHERE} or without, or 0
     * @param ttlMicros what it has left to live, or {@link Prv#NO_TTL}
     * @param service UTF-8, at most {@link Prv#SERVICE_BYTES_MAX} bytes
     * @param headers as {@link Headers} encodes them, at most {@link Prv#HEADERS_BYTES_MAX} bytes
     * @param body 1 to {@link Prv#PARTS_MAX} parts
     * @throws IllegalArgumentException if one of these is out of its bounds; nothing is written then
     */
    public void request(
            long id, int attempt, int flags, long ttlMicros, byte[] service, byte[] headers, byte[][] body) {
        checkAtMost("service", service.length, Prv.SERVICE_BYTES_MAX);
        checkAtMost("headers", headers.length, Prv.HEADERS_BYTES_MAX);
        if (ttlMicros < Prv.NO_TTL || (flags & ~(Prv.ONCE | Prv.ELSEWHERE)) != 0) {
            throw new IllegalArgumentException("no such ttl or flags: " + ttlMicros + ", " + flags);
        }
        int head = Prv.REQUEST_RECORD + service.length + headers.length;
        int inline = inlineBytes(body, head);
        int at = begin(Prv.REQUEST, head + Math.max(0, inline));
        buffer[at + Prv.FLAGS] = (byte) (inline < 0 ? flags | Prv.DETACHED : flags);
        Prv.SHORT.set(buffer, at + Prv.REQUEST_ATTEMPT, (short) Math.min(attempt, 0xFFFF));
        Prv.LONG.set(buffer, at + Prv.ID, id);
        Prv.LONG.set(buffer, at + Prv.REQUEST_TTL, ttlMicros);
        buffer[at + Prv.REQUEST_SERVICE_LENGTH] = (byte) service.length;
        buffer[at + Prv.REQUEST_PART_COUNT] = (byte) body.length;
        Prv.SHORT.set(buffer, at + Prv.REQUEST_HEADERS_LENGTH, (short) headers.length);
        System.arraycopy(service, 0, buffer, at + Prv.REQUEST_RECORD, service.length);
        System.arraycopy(headers, 0, buffer, at + Prv.REQUEST_RECORD + service.length, headers.length);
        body(at + head, inline, body);
    }

    /**
     * The end of a request, from a worker to a queue or from a queue to a client.
     *
     * @param attempts how often it was delivered
     * @param body 1 to {@link Prv#PARTS_MAX} parts, or {@code null} for one that is empty
     * @throws IllegalArgumentException if the body has more parts, or none; nothing is written then
     */
    public void reply(long id, Status status, int attempts, int retryAfterMillis, byte @Nullable [][] body) {
        byte[][] parts = body == null ? new byte[][] {NOTHING} : body;
        int inline = inlineBytes(parts, Prv.REPLY_RECORD);
        int at = begin(Prv.REPLY, Prv.REPLY_RECORD + Math.max(0, inline));
        buffer[at + Prv.FLAGS] = (byte) (inline < 0 ? Prv.DETACHED : 0);
        buffer[at + Prv.STATUS] = (byte) status.code();
        buffer[at + Prv.REPLY_ATTEMPTS] = (byte) Math.min(attempts, 0xFF);
        Prv.LONG.set(buffer, at + Prv.ID, id);
        Prv.INT.set(buffer, at + Prv.REPLY_RETRY_AFTER, retryAfterMillis);
        Prv.INT.set(buffer, at + Prv.REPLY_PART_COUNT, parts.length << 24);
        body(at + Prv.REPLY_RECORD, inline, parts);
    }

    /** Returns the length of the shortest frame that holds a request, in bytes: one whose body is detached. */
    public static int requestBytesMin(byte[] service, byte[] headers) {
        return Prv.FRAME_HEADER + Prv.REQUEST_RECORD + service.length + headers.length;
    }

    /** Returns what the body takes inside its record, or -1 if its parts become frames of their own. */
    private int inlineBytes(byte[][] body, int head) {
        if (body.length == 0 || body.length > Prv.PARTS_MAX) {
            throw new IllegalArgumentException("body must have 1 to " + Prv.PARTS_MAX + " parts: " + body.length);
        }
        long bytes = body.length == 1 ? 0 : (long) body.length * Integer.BYTES;
        for (byte[] part : body) {
            bytes += part.length;
        }
        return bytes > DETACH_BYTES || Prv.FRAME_HEADER + head + bytes > batchBytesMax ? -1 : (int) bytes;
    }

    private void body(int from, int inline, byte[][] body) {
        if (inline < 0) {
            byte[][] frames = new byte[1 + body.length][];
            System.arraycopy(body, 0, frames, 1, body.length);
            frames[0] = takeFrame();
            sink.send(frames);
        } else if (body.length == 1) {
            System.arraycopy(body[0], 0, buffer, from, inline);
        } else {
            int at = from;
            for (byte[] part : body) {
                Prv.INT.set(buffer, at, part.length);
                System.arraycopy(part, 0, buffer, at + Integer.BYTES, part.length);
                at += Integer.BYTES + part.length;
            }
        }
    }

    private static void checkAtMost(String what, int value, int max) {
        if (value > max) {
            throw new IllegalArgumentException(what + " must be at most " + max + " long: " + value);
        }
    }

    private void idRecord(int type, long id) {
        int at = begin(type, Prv.ID_RECORD);
        Prv.LONG.set(buffer, at + Prv.ID, id);
    }

    private void peer(int at, PeerId peer) {
        Prv.LONG.set(buffer, at + Prv.PEER_HIGH, peer.high());
        Prv.LONG.set(buffer, at + Prv.PEER_LOW, peer.low());
    }

    /** Makes room for a record, in the next message if this one is full, and writes what all records begin with. */
    private int begin(int type, int length) {
        if (size + length > batchBytesMax) {
            flush();
        }
        if (size + length > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, size + length));
        }
        int at = size;
        size += length;
        Prv.INT.set(buffer, at, type << 24);
        Prv.INT.set(buffer, at + Prv.LENGTH, length);
        return at;
    }
}
