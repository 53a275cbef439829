package io.privateer.pirate;

import io.privateer.core.NanoClock;
import io.privateer.core.Settings;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Bounds the number and the bytes of a client's open calls. Thread-safe. */
final class CallBounds {

    static final int COUNT_LIMIT = 1 << 22;
    static final long BYTES_LIMIT = 1L << 38;

    private static final int BYTES_BITS = 40;
    private static final long ONE = 1L << BYTES_BITS;

    private final int countMax;
    private final long bytesMax;

    /** The count in the upper bits, the bytes in the lower: one atomic step changes both. */
    private final AtomicLong used = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean closed;

    CallBounds(int countMax, long bytesMax) {
        this.countMax = countMax;
        this.bytesMax = bytesMax;
    }

    /**
     * Checks that a call of this size can be open at all: one that cannot would wait in vain.
     *
     * @throws IllegalArgumentException if not
     */
    void check(long bytes) {
        if (bytes > bytesMax) {
            Settings.check(false, "request", "of at most inFlightBytesMax=" + bytesMax + " bytes", bytes);
        }
    }

    boolean tryAcquire(long bytes) {
        long now = used.get();
        while ((now >> BYTES_BITS) < countMax && (now & (ONE - 1)) + bytes <= bytesMax) {
            if (used.compareAndSet(now, now + ONE + bytes)) {
                return true;
            }
            now = used.get();
        }
        return false;
    }

    /** Waits for room; false if there was none until the deadline or until {@link #close()}. */
    boolean acquire(long bytes, long deadlineNanos, NanoClock clock) throws InterruptedException {
        if (tryAcquire(bytes)) {
            return true;
        }
        lock.lockInterruptibly();
        waiting.incrementAndGet();
        try {
            while (!tryAcquire(bytes)) {
                long leftNanos = deadlineNanos - clock.nanoTime();
                if (closed || leftNanos <= 0) {
                    return false;
                }
                room.awaitNanos(leftNanos);
            }
            room.signal(); // There may be room for the next as well.
            return true;
        } finally {
            waiting.decrementAndGet();
            lock.unlock();
        }
    }

    void release(long bytes) {
        used.getAndAdd(-ONE - bytes);
        if (waiting.get() > 0) {
            wake();
        }
    }

    private void wake() {
        lock.lock();
        try {
            if (closed) {
                room.signalAll();
            } else {
                room.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets nobody wait any more. */
    void close() {
        closed = true;
        wake();
    }

    int count() {
        return (int) (used.get() >> BYTES_BITS);
    }

    long bytes() {
        return used.get() & (ONE - 1);
    }
}
