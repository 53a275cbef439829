package io.privateer.binarystar;

import io.privateer.core.wire.PeerId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The third voter of a pair: grants its lease to one server at a time, from when it received the request, and refuses the
 * other until that has run out or was given back. It keeps nothing on disk; after a start it grants nothing for one lease,
 * because it cannot know what an earlier life has granted. It may serve many pairs.
 *
 * <p>Touches no socket, clock or thread. Not thread-safe: confine to one event loop.
 */
final class WitnessMachine {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final long leaseNanosMax;
    private final int pairsMax;
    private final long openNanos;
    private final WitnessEvents events;
    private final Map<String, Pair> pairs = new LinkedHashMap<>();
    private boolean open;

    /** Whether it has told anything, and when it may tell more: whoever reaches the witness can name any number of pairs. */
    private boolean told;

    private long tellAgainAtNanos;

    /** What is known of a pair. */
    private static final class Pair {
        @Nullable
        PeerId holder;

        boolean held;
        long untilNanos;
        long request;
        long epoch;
        boolean toldTooLong;
    }

    /**
     * @param leaseNanosMax the longest lease it grants; nothing is granted before one has passed since {@code nowNanos}
     * @param pairsMax for how many pairs it remembers something at a time
     */
    WitnessMachine(long nowNanos, long leaseNanosMax, int pairsMax, WitnessEvents events) {
        this.leaseNanosMax = leaseNanosMax;
        this.pairsMax = pairsMax;
        this.openNanos = nowNanos + leaseNanosMax;
        this.events = events;
    }

    /** Returns the answer, or {@code null} where there is none: to a release, and to what a later message has overtaken. */
    @Nullable
    LeaseAnswer onRequest(long nowNanos, LeaseRequest request) {
        Pair pair = pair(nowNanos, request.pair());
        if (pair != null && request.holder().equals(pair.holder) && request.request() <= pair.request) {
            return null;
        }
        if (request.release()) {
            release(pair, request);
            return null;
        }
        open = open || nowNanos - openNanos >= 0;
        long leaseNanos = request.leaseMillis() * NANOS_PER_MILLI;
        if (pair != null && leaseNanos > leaseNanosMax) {
            tellTooLong(nowNanos, pair, request);
        }
        if (!open || pair == null || leaseNanos <= 0 || leaseNanos > leaseNanosMax) {
            return refuse(request, pair, open ? leaseNanosMax : openNanos - nowNanos);
        }
        boolean free = !isHeld(nowNanos, pair) || request.holder().equals(pair.holder);
        if (!free) {
            return refuse(request, pair, pair.untilNanos - nowNanos);
        }
        if (request.epoch() < pair.epoch || !Epochs.isCredibleOfServer(pair.epoch, request.epoch())) {
            return refuse(request, pair, 0); // With the next epoch it may have the lease at once.
        }
        pair.holder = request.holder();
        pair.held = true;
        pair.untilNanos = nowNanos + leaseNanos;
        pair.request = request.request();
        pair.epoch = request.epoch();
        pair.toldTooLong = false;
        return new LeaseAnswer(request.pair(), request.holder(), true, request.request(), pair.epoch, 0);
    }

    private void tellTooLong(long nowNanos, Pair pair, LeaseRequest request) {
        told = told && nowNanos - tellAgainAtNanos < 0;
        if (!told && !pair.toldTooLong) {
            told = true;
            tellAgainAtNanos = nowNanos + leaseNanosMax;
            pair.toldTooLong = true;
            events.onLeaseTooLong(request.pair(), request.leaseMillis());
        }
    }

    /** Returns who holds the lease of {@code name}, or {@code null}. */
    @Nullable
    PeerId holder(long nowNanos, String name) {
        Pair pair = pairs.get(name);
        return pair != null && isHeld(nowNanos, pair) ? pair.holder : null;
    }

    private static void release(@Nullable Pair pair, LeaseRequest release) {
        if (pair != null && (!pair.held || release.holder().equals(pair.holder))) {
            pair.holder = release.holder();
            pair.held = false;
            pair.request = release.request();
        }
    }

    private static boolean isHeld(long nowNanos, Pair pair) {
        pair.held = pair.held && nowNanos - pair.untilNanos < 0;
        return pair.held;
    }

    private static LeaseAnswer refuse(LeaseRequest request, @Nullable Pair pair, long waitNanos) {
        long newest = pair == null ? Epochs.NONE : pair.epoch;
        int retryAfterMillis = (int) Math.min(waitNanos / NANOS_PER_MILLI + 1, Integer.MAX_VALUE);
        return new LeaseAnswer(request.pair(), request.holder(), false, request.request(), newest, retryAfterMillis);
    }

    /** Returns the pair of that name, or {@code null} if there are too many that hold something. */
    private @Nullable Pair pair(long nowNanos, String name) {
        Pair pair = pairs.get(name);
        if (pair == null && (pairs.size() < pairsMax || forgetOne(nowNanos))) {
            pair = new Pair();
            pairs.put(name, pair);
        }
        return pair;
    }

    private boolean forgetOne(long nowNanos) {
        for (Iterator<Pair> all = pairs.values().iterator(); all.hasNext(); ) {
            if (!isHeld(nowNanos, all.next())) {
                all.remove();
                return true;
            }
        }
        return false;
    }
}
