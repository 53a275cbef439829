package io.privateer.pubsub;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one topic with numbers that follow each other, as they stand in a frame: each {@code length u32, payload}.
 * Immutable, as long as nobody changes the frame, which it shares.
 */
final class Run {

    static final int LENGTH_BYTES = Integer.BYTES;

    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final long first;
    private final int count;
    private final byte[] frame;
    private final int from;
    private final long stampNanos;

    /**
     * Makes a run of messages that are known to stand there.
     *
     * @param first the number of the first, from 1
     * @param count how many there are, at least 1
     * @param frame the array they stand in
     * @param from where the first begins; the last one ends where the array does
     * @param stampNanos when the publisher sent them, by its monotonic clock
     */
    Run(long first, int count, byte[] frame, int from, long stampNanos) {
        this.first = first;
        this.count = count;
        this.frame = frame;
        this.from = from;
        this.stampNanos = stampNanos;
    }

    /** Returns the run that fills {@code frame} from {@code from} to its end, or {@code null} if it does not do so exactly. */
    static @Nullable Run read(long first, byte[] frame, int from, long stampNanos) {
        int count = 0;
        int at = from;
        while (at < frame.length) {
            if (frame.length - at < LENGTH_BYTES) {
                return null;
            }
            int length = (int) INT.get(frame, at);
            if (length < 0 || length > frame.length - at - LENGTH_BYTES) {
                return null;
            }
            at += LENGTH_BYTES + length;
            count++;
        }
        return count == 0 || first < 1 || first > Long.MAX_VALUE - count
                ? null
                : new Run(first, count, frame, from, stampNanos);
    }

    long first() {
        return first;
    }

    int count() {
        return count;
    }

    /** Returns the array itself: do not change it. */
    byte[] frame() {
        return frame;
    }

    int from() {
        return from;
    }

    long stampNanos() {
        return stampNanos;
    }

    long last() {
        return first + count - 1;
    }

    /** Returns the bytes of the frame that the messages take. */
    int bytes() {
        return frame.length - from;
    }

    /** Returns where message {@code number}, one of these, begins; {@code last() + 1} is the end. */
    int offsetOf(long number) {
        int at = from;
        for (long i = first; i < number; i++) {
            at = next(at);
        }
        return at;
    }

    /** Returns where the message behind the one at {@code at} begins. */
    int next(int at) {
        return at + LENGTH_BYTES + (int) INT.get(frame, at);
    }
}
