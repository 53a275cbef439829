package io.privateer.core.transport;

import io.privateer.core.FrameBytes;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The messages kept for one peer that reads slowly, in order. Not thread-safe. */
final class Parked {

    /** A peer that reads nothing at all must not take the room of those that are merely slow. */
    static final long BYTES_MAX = 8L << 20;

    private final ArrayDeque<byte[][]> messages = new ArrayDeque<>();
    private long bytes;

    boolean hasRoomFor(byte[][] message, int countMax) {
        return messages.size() < countMax && bytes + FrameBytes.sum(message) <= BYTES_MAX;
    }

    void add(byte[][] message) {
        messages.add(message);
        bytes += FrameBytes.sum(message);
    }

    /** Returns the oldest, or {@code null}. */
    byte @Nullable [][] first() {
        return messages.peek();
    }

    void removeFirst() {
        bytes -= FrameBytes.sum(messages.remove());
    }

    int count() {
        return messages.size();
    }

    long bytes() {
        return bytes;
    }
}
