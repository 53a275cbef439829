package io.privateer.pirate;

/** Arithmetic on readings of a clock that may wrap round. */
final class Deadlines {

    private Deadlines() {}

    /** Returns the deadline that comes first. */
    static long earlier(long a, long b) {
        return a - b <= 0 ? a : b;
    }
}
