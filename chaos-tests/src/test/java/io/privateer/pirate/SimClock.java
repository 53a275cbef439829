package io.privateer.pirate;

/** A process's clock: it starts anywhere, and runs a little faster or slower than time itself. Immutable. */
final class SimClock {

    private static final long MILLION = 1_000_000;

    private final long originNanos;
    private final long readingNanos;
    private final int fastPpm;

    /**
     * @param originNanos a moment in time
     * @param readingNanos what the clock reads then
     * @param fastPpm by how many millionths it is too fast
     */
    SimClock(long originNanos, long readingNanos, int fastPpm) {
        this.originNanos = originNanos;
        this.readingNanos = readingNanos;
        this.fastPpm = fastPpm;
    }

    long read(long nanos) {
        long passed = nanos - originNanos;
        return readingNanos + passed + passed * fastPpm / MILLION;
    }

    /** Returns the moment, or one right behind it, at which the clock reads {@code reading}. */
    long whenItReads(long reading) {
        long counted = reading - readingNanos;
        long passed =
                counted / (MILLION + fastPpm) * MILLION + counted % (MILLION + fastPpm) * MILLION / (MILLION + fastPpm);
        return originNanos + passed + (fastPpm == 0 ? 0 : 1);
    }
}
