package io.privateer.samples.demo;

import java.util.BitSet;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Keeps the account of every request: sent once, to be answered once. Performs no I/O. Not thread-safe: confine to the
 * demo's thread.
 */
final class Ledger {

    /** Beyond a minute nothing is told apart; no request lasts so long. */
    private static final long LATENCY_MICROS_MAX = 60_000_000;

    private final BitSet sent = new BitSet();
    private final BitSet answered = new BitSet();
    private final BitSet failed = new BitSet();
    private final Histogram latencyMicros = new Histogram(LATENCY_MICROS_MAX, 3);
    private long duplicateReplies;
    private long executions;
    private long retries;

    /**
     * What the books say at one moment. Immutable.
     *
     * @param sent requests sent
     * @param answered requests that ended with the right reply
     * @param failed requests whose call ended in another way
     * @param duplicateReplies replies beyond one per request
     * @param executions handler runs
     * @param retries attempts beyond a request's first
     * @param p50Micros median latency of the answered
     * @param p99Micros latency that one in a hundred exceeds
     * @param maxMicros longest latency
     */
    record Totals(
            long sent,
            long answered,
            long failed,
            long duplicateReplies,
            long executions,
            long retries,
            long p50Micros,
            long p99Micros,
            long maxMicros) {

        /** Returns how many have not ended: under way while the load runs, lost once it has ended. */
        long open() {
            return sent - answered - failed;
        }

        /** Returns how many were lost if nothing more is to come. */
        long lost() {
            return sent - answered;
        }
    }

    void onSent(long id) {
        sent.set(index(id));
    }

    /** A reply with the right content has ended the call. */
    void onReplied(long id, long micros) {
        if (!sent.get(index(id)) || answered.get(index(id))) {
            duplicateReplies++;
            return;
        }
        answered.set(index(id));
        latencyMicros.recordValue(Math.min(micros, LATENCY_MICROS_MAX));
    }

    /** The call has ended without a reply, or with one that belongs to something else. */
    void onFailed(long id) {
        failed.set(index(id));
    }

    /** Replies arrived that nobody waited for. */
    void onStrays(long count) {
        duplicateReplies += count;
    }

    /** A handler began to run. */
    void onRun() {
        executions++;
    }

    /** Clients tried again. */
    void onRetries(long count) {
        retries += count;
    }

    boolean isAnswered(long id) {
        return answered.get(index(id));
    }

    /** Returns the requests that have not ended. */
    List<Long> open() {
        BitSet open = (BitSet) sent.clone();
        open.andNot(answered);
        open.andNot(failed);
        return open.stream().mapToObj(Long::valueOf).toList();
    }

    Totals totals() {
        return new Totals(
                sent.cardinality(),
                answered.cardinality(),
                failed.cardinality(),
                duplicateReplies,
                executions,
                retries,
                latencyMicros.getValueAtPercentile(50),
                latencyMicros.getValueAtPercentile(99),
                latencyMicros.getMaxValue());
    }

    private static int index(long id) {
        return Math.toIntExact(id);
    }
}
