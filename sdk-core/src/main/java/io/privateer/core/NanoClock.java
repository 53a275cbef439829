package io.privateer.core;

/**
 * A monotonic time source in nanoseconds from an arbitrary origin.
 *
 * <p>Readings may be negative and may wrap, so compare them by subtraction ({@code now - deadline >= 0}). They are
 * unrelated to wall-clock time and mean nothing in another process. Implementations are thread-safe.
 */
@FunctionalInterface
public interface NanoClock {

    /** Returns the current reading, in nanoseconds. */
    long nanoTime();

    /** Returns the clock backed by {@link System#nanoTime()}. */
    @ReadsSystemClock
    static NanoClock system() {
        return System::nanoTime;
    }
}
