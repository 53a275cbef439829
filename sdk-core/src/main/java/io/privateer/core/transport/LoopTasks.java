package io.privateer.core.transport;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** What other threads want done on a loop's thread, and how they wake it. Thread-safe. */
final class LoopTasks {

    private static final int BATCH_MAX = 1_024;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<Runnable> endOfTurn = new ArrayDeque<>();
    private final Runnable waker;
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile boolean closed;

    /** @param waker ends the loop's wait */
    LoopTasks(Runnable waker) {
        this.waker = waker;
    }

    /** Returns false if the task will never run, because the loop has ended; does not wake it. */
    boolean add(Runnable task) {
        tasks.add(task);
        return !closed || !tasks.remove(task);
    }

    /** Ends the loop's sleep, or prevents the next; many calls between two turns cost one system call. */
    void wakeUp() {
        if (!woken.get() && woken.compareAndSet(false, true)) {
            waker.run();
        }
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Runs what is there, a bounded number, and returns how many tasks that were. Loop thread only. */
    int runBatch() {
        woken.set(false); // Before the tasks are taken, or the wake-up for a task added meanwhile is lost.
        int ran = 0;
        while (ran < BATCH_MAX) {
            Runnable task = tasks.poll();
            if (task == null) {
                break;
            }
            task.run();
            ran++;
        }
        return ran;
    }

    /** Notes what is to be done once, when this turn has handled all there is. Loop thread only. */
    void addToEndOfTurn(Runnable action) {
        endOfTurn.add(action);
    }

    /** Does that, and returns how many actions there were. Loop thread only. */
    int runEndOfTurn() {
        int ran = 0;
        for (Runnable action = endOfTurn.poll(); action != null; action = endOfTurn.poll()) {
            action.run();
            ran++;
        }
        return ran;
    }

    /** Takes no more tasks, and hands those that were taken to {@code last}. Loop thread only. */
    void close(Consumer<Runnable> last) {
        drainTo(last);
        closed = true;
        drainTo(last); // What was added before it could see that.
    }

    boolean isClosed() {
        return closed;
    }

    private void drainTo(Consumer<Runnable> last) {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            last.accept(task);
        }
    }
}
