package io.privateer.pipeline;

import io.privateer.core.InterruptedRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What producers have given and the ventilator's loop has not taken yet, and the window that bounds both. Thread-safe.
 *
 * <p>Batches that have begun share the window among them, whatever waits: who has its place at the sink can always go on, and so
 * comes to an end. Batches that wait for their place get what of the window is left, so there are two windows full at most.
 */
final class VentIntake {

    /** How much of a window is taken. */
    static final class Room {
        private int tasks;
        private long bytes;

        private void change(int byTasks, long byBytes) {
            tasks += byTasks;
            bytes += byBytes;
        }
    }

    private final int tasksMax;
    private final long bytesMax;
    private final Runnable wake;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Room begun = new Room();
    private final Room waiting = new Room();
    private List<VentTask> given = new ArrayList<>();
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
        boolean waits = task.batch.waiting != null;
        int tasks = begun.tasks + (waits ? waiting.tasks : 0);
        long bytes = begun.bytes + (waits ? waiting.bytes : 0);
        return tasks < tasksMax && (tasks == 0 || bytes + task.body.length <= bytesMax);
    }

    private void take(VentTask task) {
        if (end != null) {
            throw end;
        }
        Room own = task.batch.waiting;
        if (own == null) {
            begun.change(1, task.body.length);
        } else {
            own.change(1, task.body.length);
            waiting.change(1, task.body.length);
        }
        given.add(task);
        if (given.size() == 1) {
            wake.run();
        }
    }

    /** Hands over what was given. */
    List<VentTask> takeAll() {
        lock.lock();
        try {
            List<VentTask> taken = given;
            given = new ArrayList<>(Math.min(taken.size(), 1_024));
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** The batch waits no longer for its place. */
    void begin(VentBatch batch) {
        lock.lock();
        try {
            Room own = batch.waiting;
            if (own != null) {
                batch.waiting = null;
                waiting.change(-own.tasks, -own.bytes);
                begun.change(own.tasks, own.bytes);
                room.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tasks of batches that have begun need no room any more. */
    void release(int count, long size) {
        lock.lock();
        try {
            begun.change(-count, -size);
            released += count;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A task of a batch that waits for its place needs no room any more. */
    void releaseWaiting(VentTask task) {
        lock.lock();
        try {
            Room own = Objects.requireNonNull(task.batch.waiting, "it has begun");
            own.change(-1, -task.body.length);
            waiting.change(-1, -task.body.length);
            released++;
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
            return new long[] {begun.tasks + waiting.tasks, begun.bytes + waiting.bytes, released};
        } finally {
            lock.unlock();
        }
    }
}
