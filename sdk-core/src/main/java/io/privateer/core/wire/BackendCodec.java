package io.privateer.core.wire;

import io.privateer.core.wire.BackendMessage.Heartbeat;
import io.privateer.core.wire.BackendMessage.Job;
import io.privateer.core.wire.BackendMessage.Malformed;
import io.privateer.core.wire.BackendMessage.Ready;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes what passes between a queue and its workers, in both dialects (Guide, chapter 4; RFC 6).
 *
 * <pre>
 * PARANOID  READY [0x01]    HEARTBEAT [0x02] or [0x02 0x01]    JOB [address…][][body…]
 * SIMPLE    READY [][0x01]                                     JOB [][address…][][body…]
 * </pre>
 */
public final class BackendCodec {

    private static final byte READY = 0x01;
    private static final byte HEARTBEAT = 0x02;
    private static final byte WHILE_BUSY = 0x01;
    private static final byte[][] PARANOID_READY = {{READY}};
    private static final byte[][] BEAT = {{HEARTBEAT}};
    private static final byte[][] BEAT_WHILE_BUSY = {{HEARTBEAT, WHILE_BUSY}};

    private BackendCodec() {}

    /**
     * Reads one message.
     *
     * @param frames what the other side sent, without the routing id; the job in the result shares the arrays
     */
    public static BackendMessage decode(byte[][] frames) {
        if (frames.length == 1) {
            return control(frames[0]);
        }
        if (frames[0].length > 0) {
            return job(Envelope.parse(frames));
        }
        if (frames.length == 2) {
            return isSingle(frames[1], READY)
                    ? new Ready(Dialect.SIMPLE)
                    : new Malformed("two frames, the first empty, are neither READY nor a reply");
        }
        return job(Envelope.parse(frames, 1));
    }

    private static BackendMessage control(byte[] frame) {
        if (isSingle(frame, READY)) {
            return new Ready(Dialect.PARANOID);
        }
        if (isSingle(frame, HEARTBEAT)) {
            return new Heartbeat(false);
        }
        if (frame.length == 2 && frame[0] == HEARTBEAT && frame[1] == WHILE_BUSY) {
            return new Heartbeat(true);
        }
        return new Malformed("one frame of " + frame.length + " bytes is no command");
    }

    private static BackendMessage job(@Nullable Envelope content) {
        return content == null ? new Malformed("no empty frame with a body behind it") : new Job(content);
    }

    private static boolean isSingle(byte[] frame, byte value) {
        return frame.length == 1 && frame[0] == value;
    }

    /** Returns the frames by which a worker of the Paranoid Pirate dialect says that it holds nothing. */
    public static byte[][] ready() {
        return PARANOID_READY;
    }

    /** Returns the frames of a heartbeat. */
    public static byte[][] heartbeat(boolean whileBusy) {
        return whileBusy ? BEAT_WHILE_BUSY : BEAT;
    }

    /** Returns the frames of a request for, or a reply from, a worker of {@code dialect}. */
    public static byte[][] job(Dialect dialect, byte[][] address, byte[][] body) {
        byte[][] content = Envelope.join(address, body);
        return switch (dialect) {
            case PARANOID -> content;
            case SIMPLE -> Envelope.join(new byte[][] {}, content);
            case PRV -> throw new IllegalArgumentException("PRV/1 has records, not envelopes");
        };
    }
}
