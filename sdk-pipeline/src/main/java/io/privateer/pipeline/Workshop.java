package io.privateer.pipeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The threads on which a user's code runs, between an event loop that brings jobs and the same loop that takes them back done.
 * Jobs are begun in the order in which they were brought. Few of them are handed over one by one: a thread takes a small share
 * of what waits, and the loop is woken once for all that was done since it last looked.
 *
 * @param <J> what is to be done; it keeps its own outcome
 */
final class Workshop<J> {

    private static final int SHARE_MAX = 64;
    private static final long END_MILLIS_MAX = 1_000;

    private final Consumer<J> work;
    private final Runnable wake;
    private final List<Thread> threads = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final ArrayDeque<J> waiting = new ArrayDeque<>();
    private boolean paused;
    private volatile boolean closed;
    private int idle;

    private final Object doneLock = new Object();
    private List<J> done = new ArrayList<>();

    /** What the loop brought in this turn. Loop thread only. */
    private final List<J> brought = new ArrayList<>();

    /**
     * @param work does one job, on one of the threads, and throws nothing
     * @param wake runs when something is done and the loop must look
     */
    Workshop(String name, int threadCount, Consumer<J> work, Runnable wake) {
        this.work = work;
        this.wake = wake;
        for (int i = 1; i <= threadCount; i++) {
            Thread thread = new Thread(this::run, "privateer-handler-" + name + "-" + i);
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /** Brings a job; it is begun after {@link #publish}. Loop thread only. */
    void bring(J job) {
        brought.add(job);
    }

    /** Lets the threads begin what was brought. Loop thread only. */
    void publish() {
        if (brought.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            waiting.addAll(brought);
            signal();
        } finally {
            lock.unlock();
        }
        brought.clear();
    }

    private void signal() {
        if (idle > 0 && !paused && !waiting.isEmpty()) {
            if (waiting.size() == 1) {
                more.signal();
            } else {
                more.signalAll();
            }
        }
    }

    /** Takes back what no thread has begun. Loop thread only. */
    List<J> takeBack() {
        lock.lock();
        try {
            waiting.addAll(brought);
            brought.clear();
            List<J> unbegun = new ArrayList<>(waiting);
            waiting.clear();
            return unbegun;
        } finally {
            lock.unlock();
        }
    }

    /** Begins nothing new, or goes on. */
    void pause(boolean value) {
        lock.lock();
        try {
            paused = value;
            signal();
        } finally {
            lock.unlock();
        }
    }

    /** Shows what was done since the last call, in the order in which it was. Loop thread only. */
    void takeDone(Consumer<J> action) {
        List<J> taken;
        synchronized (doneLock) {
            if (done.isEmpty()) {
                return;
            }
            taken = done;
            done = new ArrayList<>(Math.min(taken.size(), SHARE_MAX));
        }
        taken.forEach(action);
    }

    /** Ends the threads; whoever is at work is interrupted, and awaited for up to a second. Not on a thread of its own. */
    void close() {
        lock.lock();
        try {
            closed = true;
            more.signalAll();
        } finally {
            lock.unlock();
        }
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                if (thread != Thread.currentThread()) {
                    thread.join(END_MILLIS_MAX);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<J> share = new ArrayList<>(SHARE_MAX);
        while (take(share)) {
            for (J job : share) {
                dropStrayInterrupt();
                work.accept(job);
                put(job);
            }
            share.clear();
        }
    }

    /** An interrupt that an earlier job left behind is not meant for the next, unless it is that of {@link #close}. */
    private void dropStrayInterrupt() {
        if (Thread.interrupted() && closed) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Returns whether what the work of a job threw is no failure of it: {@link #close} has interrupted it. Restores the interrupt
     * of whoever lost it by throwing. On one of the threads.
     */
    boolean isInterruptedByClose(Throwable thrown) {
        boolean interrupted = Thread.currentThread().isInterrupted();
        for (Throwable cause = thrown; cause != null && !interrupted; cause = cause.getCause()) {
            interrupted = cause instanceof InterruptedException;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return interrupted && closed;
    }

    private boolean take(List<J> share) {
        lock.lock();
        try {
            while (!closed && (paused || waiting.isEmpty())) {
                idle++;
                try {
                    more.awaitUninterruptibly();
                } finally {
                    idle--;
                }
            }
            if (closed) {
                return false;
            }
            int count = Math.max(1, Math.min(SHARE_MAX, waiting.size() / (4 * threads.size())));
            for (int i = 0; i < count; i++) {
                share.add(waiting.remove());
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void put(J job) {
        boolean first;
        synchronized (doneLock) {
            first = done.isEmpty();
            done.add(job);
        }
        if (first) {
            wake.run();
        }
    }
}
