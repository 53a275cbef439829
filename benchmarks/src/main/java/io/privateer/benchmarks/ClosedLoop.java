package io.privateer.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;

/**
 * One window with a fixed number of requests under way: each slot asks, and asks again as soon as it is answered, until
 * the window is over. A slot whose request fails stays empty, and the window then has no result.
 *
 * <p>Thread-safe, as long as whoever is answered got the request from whoever sent it.
 */
final class ClosedLoop {

    private static final long TRACKED_NANOS_MAX = TimeUnit.MINUTES.toNanos(1);
    private static final int DRAIN_SECONDS_MAX = 30;

    private final int replyBytes;
    private final long startNanos = System.nanoTime();
    private final long endNanos;
    private final long[] sentNanos;
    private final Histogram nanos = new AtomicHistogram(TRACKED_NANOS_MAX, 3);
    private final AtomicLong answeredInTime = new AtomicLong();
    private final CountDownLatch open;
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicReference<String> firstFailure = new AtomicReference<>();

    /** One blocking request. */
    @FunctionalInterface
    interface BlockingCall {
        /** Asks on behalf of a slot and returns how long the reply is, in bytes. */
        int ask(int slot) throws Exception;
    }

    ClosedLoop(int slots, int replyBytes, long windowNanos) {
        this.replyBytes = replyBytes;
        this.sentNanos = new long[slots];
        this.open = new CountDownLatch(slots);
        this.endNanos = startNanos + windowNanos;
    }

    int slots() {
        return sentNanos.length;
    }

    /** To be called just before a slot asks for the first time. */
    void asks(int slot) {
        sentNanos[slot] = System.nanoTime();
    }

    /** Takes a reply, and returns whether the slot is to ask again, at once. */
    boolean answered(int slot, int bytes) {
        long nowNanos = System.nanoTime();
        if (bytes != replyBytes) {
            failed(new IllegalStateException("a reply of " + bytes + " bytes to " + replyBytes));
            return false;
        }
        nanos.recordValue(Math.min(nowNanos - sentNanos[slot], TRACKED_NANOS_MAX));
        if (nowNanos - endNanos >= 0) {
            open.countDown();
            return false;
        }
        answeredInTime.incrementAndGet();
        sentNanos[slot] = nowNanos;
        return true;
    }

    /** Empties a slot. */
    void failed(Throwable cause) {
        firstFailure.compareAndSet(null, cause.toString());
        failures.incrementAndGet();
        open.countDown();
    }

    /** Returns whether any slot is still to be answered. */
    boolean isOpen() {
        return open.getCount() > 0;
    }

    /** Lets a thread per slot ask with blocking calls until the window is over. */
    void runBlocking(BlockingCall call) {
        for (int i = 0; i < slots(); i++) {
            int slot = i;
            Thread thread = new Thread(() -> repeat(slot, call), "slot-" + slot);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void repeat(int slot, BlockingCall call) {
        try {
            asks(slot);
            while (answered(slot, call.ask(slot))) {
                // The next one.
            }
        } catch (Exception e) {
            failed(e);
        }
    }

    /**
     * Waits until every slot is done.
     *
     * @return how many were answered within the window, and how long all of them took
     * @throws IllegalStateException if a request failed, or replies are missing long after the window
     */
    Latency await() throws InterruptedException {
        long leftNanos = endNanos - System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_SECONDS_MAX);
        boolean done = open.await(leftNanos, TimeUnit.NANOSECONDS);
        if (failures.get() > 0) {
            throw new IllegalStateException(failures + " requests failed, the first with " + firstFailure);
        }
        if (!done) {
            throw new IllegalStateException(open.getCount() + " replies missing " + DRAIN_SECONDS_MAX + " s later");
        }
        return Latency.of(nanos, answeredInTime.get(), (endNanos - startNanos) / 1e9);
    }
}
