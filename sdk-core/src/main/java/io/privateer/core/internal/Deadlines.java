package io.privateer.core.internal;

/** Arithmetic on readings of a clock that may wrap round. */
public final class Deadlines {

    private Deadlines() {}

    /** Returns the deadline that comes first. */
    public static long earlier(long a, long b) {
        return a - b <= 0 ? a : b;
    }
}
