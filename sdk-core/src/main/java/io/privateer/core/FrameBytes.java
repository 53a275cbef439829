package io.privateer.core;

/** The size of what is made of frames. */
public final class FrameBytes {

    private FrameBytes() {}

    /** Returns the sum of the frames' lengths, in bytes. */
    public static long sum(byte[][] frames) {
        long sum = 0;
        for (byte[] frame : frames) {
            sum += frame.length;
        }
        return sum;
    }
}
