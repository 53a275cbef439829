package io.privateer.pipeline;

import io.privateer.core.InterruptedRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What producers have given and the ventilator's loop has not taken yet, and the window that bounds both. Thread-safe.
 */
final class VentIntake {

    private final int tasksMax;
    private final long bytesMax;
    private final Runnable wake;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private List<VentTask> waiting = new ArrayList<>();
    private int tasks;
    private long bytes;
    private long released;
    private @Nullable RuntimeException end;

    /** @param wake runs when there is something to take where there was nothing */
    VentIntake(int tasksMax, long bytesMax, Runnable wake) {
        this.tasksMax = tasksMax;
        this.bytesMax = bytesMax;
        this.wake = wake;
    }

    /** Takes a task as soon as there is room. */
    void add(VentTask task) {
        lock.lock();
        try {
            while (end == null && !hasRoom(task)) {
                room.await();
            }
            take(task);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedRequestException("interrupted while the ventilator's window was full", List.of());
        } finally {
            lock.unlock();
        }
    }

    /** Takes a task if there is room. */
    boolean tryAdd(VentTask task) {
        lock.lock();
        try {
            if (end == null && !hasRoom(task)) {
                return false;
            }
            take(task);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom(VentTask task) {
        return tasks < tasksMax && (tasks == 0 || bytes + task.body.length <= bytesMax);
    }

    private void take(VentTask task) {
        if (end != null) {
            throw end;
        }
        tasks++;
        bytes += task.body.length;
        waiting.add(task);
        if (waiting.size() == 1) {
            wake.run();
        }
    }

    /** Hands over what is waiting. */
    List<VentTask> takeAll() {
        lock.lock();
        try {
            List<VentTask> taken = waiting;
            waiting = new ArrayList<>(Math.min(taken.size(), 1_024));
            return taken;
        } finally {
            lock.unlock();
        }
    }

    void release(int count, long size) {
        lock.lock();
        try {
            tasks -= count;
            bytes -= size;
            released += count;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing any more: who waits, and who comes, meets {@code why}. */
    void close(RuntimeException why) {
        lock.lock();
        try {
            end = why;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the tasks in the window, the bytes in it, and how many tasks have left it. */
    long[] counts() {
        lock.lock();
        try {
            return new long[] {tasks, bytes, released};
        } finally {
            lock.unlock();
        }
    }
}
