package io.privateer.core;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * An immutable message body of one or more frames, each of zero or more bytes.
 *
 * <p>Two messages are equal when they have the same frames in the same order. Immutable.
 */
public final class Message {

    private final byte[][] frames;

    /** Keeps {@code frames} as it is; only {@link UnsafeMessages} hands in arrays that others have seen. */
    Message(byte[][] frames) {
        if (Objects.requireNonNull(frames, "frames").length == 0) {
            throw new IllegalArgumentException("frames must have >= 1 frame: 0");
        }
        for (byte[] frame : frames) {
            Objects.requireNonNull(frame, "frame");
        }
        this.frames = frames;
    }

    /**
     * Returns a message that holds copies of {@code frames}, in order.
     *
     * @throws IllegalArgumentException if there is no frame
     */
    public static Message of(byte[]... frames) {
        byte[][] copies = new byte[Objects.requireNonNull(frames, "frames").length][];
        for (int i = 0; i < frames.length; i++) {
            copies[i] = Objects.requireNonNull(frames[i], "frame").clone();
        }
        return new Message(copies);
    }

    /** Returns a message of one frame, the UTF-8 bytes of {@code text}. */
    public static Message of(String text) {
        return new Message(new byte[][] {Objects.requireNonNull(text, "text").getBytes(StandardCharsets.UTF_8)});
    }

    /** Returns the number of frames, at least 1. */
    public int frameCount() {
        return frames.length;
    }

    /**
     * Returns a copy of the frame at {@code index}, from 0.
     *
     * @throws IndexOutOfBoundsException if there is no such frame
     */
    public byte[] frame(int index) {
        return frames[index].clone();
    }

    /** Returns a copy of the first frame: the whole body where a body is one frame. */
    public byte[] bytes() {
        return frames[0].clone();
    }

    /** Returns the first frame read as UTF-8; bytes that are not UTF-8 become replacement characters. */
    public String text() {
        return new String(frames[0], StandardCharsets.UTF_8);
    }

    /** Returns the sum of the frames' lengths, in bytes. */
    public long sizeBytes() {
        return FrameBytes.sum(frames);
    }

    byte[][] frames() {
        return frames;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Message that && Arrays.deepEquals(frames, that.frames);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(frames);
    }

    /** Describes the sizes only: payload bytes never reach a log. */
    @Override
    public String toString() {
        return "Message[frames=" + frames.length + ", sizeBytes=" + sizeBytes() + "]";
    }
}
