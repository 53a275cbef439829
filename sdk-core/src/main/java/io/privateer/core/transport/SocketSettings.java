package io.privateer.core.transport;

import io.privateer.core.Settings;
import java.time.Duration;

/**
 * The limits that every socket of ours carries. Immutable.
 *
 * @param messageBytesMax longest frame accepted from a peer, in bytes; the peer that sends a longer one is disconnected
 * @param framesMax most frames of one message; a longer message is dropped and counted
 * @param highWaterMark most messages queued towards one peer, and from one peer, inside JeroMQ
 * @param parkedMax most messages kept for a peer beyond its high-water mark; past it they are dropped and counted
 * @param linger how long a closing socket goes on delivering what was sent
 */
public record SocketSettings(int messageBytesMax, int framesMax, int highWaterMark, int parkedMax, Duration linger) {

    /** 1 MiB. */
    public static final int DEFAULT_MESSAGE_BYTES_MAX = 1 << 20;

    /** 256 bytes: what the messages take that carry nothing of a user's. */
    public static final int MESSAGE_BYTES_MIN = 256;

    private static final int ENVELOPE_FRAMES = 16;

    /** Returns the settings for a socket whose unsent messages are worthless once it closes. */
    public static SocketSettings defaults() {
        return new SocketSettings(DEFAULT_MESSAGE_BYTES_MAX, 256, 1_000, 1_000, Duration.ZERO);
    }

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if {@code messageBytesMax} is below 256, or another count below 1
     */
    public SocketSettings {
        Settings.atLeast("messageBytesMax", messageBytesMax, MESSAGE_BYTES_MIN);
        Settings.atLeast("framesMax", framesMax, 1);
        Settings.atLeast("highWaterMark", highWaterMark, 1);
        Settings.atLeast("parkedMax", parkedMax, 1);
        Settings.atLeast("linger", linger, Duration.ZERO);
    }

    /** Returns these settings with another frame limit, in bytes. */
    public SocketSettings withMessageBytesMax(int value) {
        return new SocketSettings(value, framesMax, highWaterMark, parkedMax, linger);
    }

    /** Returns these settings with another bound on the messages queued inside JeroMQ. */
    public SocketSettings withHighWaterMark(int value) {
        return new SocketSettings(messageBytesMax, framesMax, value, parkedMax, linger);
    }

    /** Returns these settings with another linger. */
    public SocketSettings withLinger(Duration value) {
        return new SocketSettings(messageBytesMax, framesMax, highWaterMark, parkedMax, value);
    }

    /**
     * Checks that a peer with the same settings would take {@code body}.
     *
     * @param what the name of the message, for the error
     * @throws IllegalArgumentException if a frame is too long, or there are too many
     */
    public void check(String what, byte[][] body) {
        Settings.check(body.length <= bodyFramesMax(), what, "of at most " + bodyFramesMax() + " frames", body.length);
        for (byte[] frame : body) {
            Settings.check(
                    frame.length <= messageBytesMax,
                    what,
                    "of frames of at most messageBytesMax=" + messageBytesMax + " bytes",
                    frame.length);
        }
    }

    /** Returns the most frames of one body; some are left for the envelope. */
    public int bodyFramesMax() {
        return Math.max(1, framesMax - ENVELOPE_FRAMES);
    }
}
