package io.privateer.core.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Damages messages: bits, lengths, cuts, splices, and the order and number of frames. Never changes what it is given. */
final class WireMutator {

    private static final int[] EDGES = {0, 1, 7, 8, 9, 15, 16, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, Integer.MAX_VALUE, -1};
    private static final int FRAMES_MAX = 8;

    private final SplittableRandom random;
    private final byte[][][] corpus;

    WireMutator(SplittableRandom random, byte[][][] corpus) {
        this.random = random;
        this.corpus = corpus;
    }

    /** Returns a message of the corpus with one to four damages. */
    byte[][] next() {
        byte[][] frames = any();
        for (int damages = 1 + random.nextInt(4); damages > 0; damages--) {
            frames = frames.length == 0 || random.nextInt(5) == 0 ? reframed(frames) : rewritten(frames);
        }
        return frames;
    }

    private byte[][] any() {
        return corpus[random.nextInt(corpus.length)].clone();
    }

    private byte[][] rewritten(byte[][] frames) {
        int victim = random.nextInt(frames.length);
        byte[] frame = frames[victim].clone();
        frames[victim] = switch (random.nextInt(6)) {
            case 0 -> flipped(frame);
            case 1 -> overwritten(frame);
            case 2 -> renumbered(frame);
            case 3 -> Arrays.copyOf(frame, random.nextInt(frame.length + 1));
            case 4 -> Arrays.copyOf(frame, frame.length + random.nextInt(40));
            default -> spliced(frame);
        };
        return frames;
    }

    private byte[] flipped(byte[] frame) {
        for (int flips = 1 + random.nextInt(8); flips > 0 && frame.length > 0; flips--) {
            frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return frame;
    }

    private byte[] overwritten(byte[] frame) {
        if (frame.length > 0) {
            frame[random.nextInt(frame.length)] = (byte) EDGES[random.nextInt(EDGES.length)];
        }
        return frame;
    }

    /** Puts a number from the edges over one of the numbers, where lengths and counts stand more often than elsewhere. */
    private byte[] renumbered(byte[] frame) {
        if (frame.length < Integer.BYTES) {
            return frame;
        }
        boolean aligned = random.nextBoolean() && frame.length >= Prv.FRAME_HEADER + Prv.SHORT_RECORD;
        int at = aligned
                ? Prv.FRAME_HEADER + Integer.BYTES * random.nextInt((frame.length - Prv.FRAME_HEADER) / Integer.BYTES)
                : random.nextInt(frame.length - Integer.BYTES + 1);
        int value = random.nextBoolean() ? EDGES[random.nextInt(EDGES.length)] : frame.length - random.nextInt(64);
        ByteBuffer.wrap(frame).putInt(Math.min(at, frame.length - Integer.BYTES), value);
        return frame;
    }

    private byte[] spliced(byte[] head) {
        byte[][] other = any();
        byte[] tail = other[random.nextInt(other.length)];
        int headBytes = random.nextInt(head.length + 1);
        int tailAt = random.nextInt(tail.length + 1);
        byte[] joined = Arrays.copyOf(head, headBytes + tail.length - tailAt);
        System.arraycopy(tail, tailAt, joined, headBytes, tail.length - tailAt);
        return joined;
    }

    private byte[][] reframed(byte[][] frames) {
        int count = frames.length;
        int at = count == 0 ? 0 : random.nextInt(count);
        return switch (random.nextInt(4)) {
            case 0 -> count < 2 ? frames : without(frames, at);
            case 1 -> count >= FRAMES_MAX ? frames : with(frames, at, any()[0]);
            case 2 -> count >= FRAMES_MAX ? frames : with(frames, at, new byte[random.nextInt(3)]);
            default -> swapped(frames, at);
        };
    }

    private static byte[][] without(byte[][] frames, int at) {
        byte[][] fewer = Arrays.copyOf(frames, frames.length - 1);
        System.arraycopy(frames, at + 1, fewer, at, fewer.length - at);
        return fewer;
    }

    private static byte[][] with(byte[][] frames, int at, byte[] frame) {
        byte[][] more = Arrays.copyOf(frames, frames.length + 1);
        System.arraycopy(frames, at, more, at + 1, frames.length - at);
        more[at] = frame;
        return more;
    }

    private byte[][] swapped(byte[][] frames, int at) {
        if (frames.length > 1) {
            int other = random.nextInt(frames.length);
            byte[] frame = frames[at];
            frames[at] = frames[other];
            frames[other] = frame;
        }
        return frames;
    }
}
