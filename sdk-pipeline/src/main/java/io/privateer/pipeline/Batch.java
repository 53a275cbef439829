package io.privateer.pipeline;

import io.privateer.core.Settings;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A batch of tasks on its way through a {@link Ventilator}: give the tasks, then {@link #end} it, then wait for
 * {@link #done()}. A batch that was begun with a count takes as many tasks, and needs no end.
 *
 * <p>A successor of a dead ventilator gets the same batch by {@link Ventilator#resume}, and then has the choice: give all
 * tasks again from the first by {@link #add}, of which those that are done already are left out, or only those that
 * {@link #remaining} names by {@link #put}.
 *
 * <p>Thread-safe; but who gives tasks from several threads by {@link #add} does not know their numbers.
 */
public final class Batch {

    private static final int COUNT_MAX = Integer.MAX_VALUE;

    final VentBatch state;
    final CompletableFuture<BatchSummary> done = new CompletableFuture<>();
    final CompletableFuture<Batch> known = new CompletableFuture<>();
    private final VentilatorShell shell;
    private final ReentrantLock lock = new ReentrantLock();
    private int next;

    /** How many tasks there will be; {@link Pln#COUNT_UNKNOWN} until that is said. */
    private int count = Pln.COUNT_UNKNOWN;

    private boolean ended;

    Batch(VentilatorShell shell, VentBatch state) {
        this.shell = shell;
        this.state = state;
    }

    /** @param count how many tasks there will be */
    Batch(VentilatorShell shell, VentBatch state, int count) {
        this(shell, state);
        this.count = count;
    }

    /** Returns the id, under which sink and successors know the batch. */
    public UUID id() {
        return state.id.uuid();
    }

    /**
     * Gives the next task, and waits while the window is full.
     *
     * @param task at most {@code messageBytesMax} bytes; do not change it afterwards
     * @return its number, from 0
     * @throws IllegalArgumentException if it is too long
     * @throws IllegalStateException if the batch was ended, or has as many tasks as it was begun with
     * @throws io.privateer.core.ClosedException if the ventilator was closed
     * @throws io.privateer.core.TransportFailedException if its loop failed
     * @throws io.privateer.core.InterruptedRequestException if the thread is interrupted while it waits
     */
    public int add(byte[] task) {
        lock.lock();
        try {
            shell.intake().add(task(next, task));
            return next++;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #add}, but returns false where that would wait, be it for another thread that gives a task. */
    public boolean tryAdd(byte[] task) {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            if (!shell.intake().tryAdd(task(next, task))) {
                return false;
            }
            next++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives the task of a number, and waits while the window is full. A task that is there or done already is left out.
     *
     * @param number from 0; {@link #add} goes on behind the highest
     * @param task as for {@link #add}, and it throws the same
     */
    public void put(int number, byte[] task) {
        Settings.between("number", number, 0, COUNT_MAX - 1);
        lock.lock();
        try {
            shell.intake().add(task(number, task));
            next = Math.max(next, number + 1);
        } finally {
            lock.unlock();
        }
    }

    private VentTask task(int number, byte[] task) {
        Objects.requireNonNull(task, "task");
        if (task.length > shell.messageBytesMax()) {
            throw new IllegalArgumentException("task must be at most messageBytesMax=" + shell.messageBytesMax()
                    + " bytes long: " + task.length + " bytes, as " + text(number));
        }
        if (ended) {
            throw new IllegalStateException(
                    text(number) + " comes too late: the batch has ended with a count of " + count + " tasks");
        }
        if (count != Pln.COUNT_UNKNOWN && number >= count) {
            throw new IllegalStateException(
                    text(number) + " is one too many: the batch was begun with a count of " + count + " tasks");
        }
        Settings.check(number < COUNT_MAX, "number", "below " + COUNT_MAX, number);
        return new VentTask(state, number, task);
    }

    private String text(int number) {
        return "task " + number + " of batch " + id();
    }

    /** Says that all tasks were given: the batch has as many as the highest number given says. As {@link #end(int)}. */
    public void end() {
        lock.lock();
        try {
            end(next);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Says how many tasks the batch has, its last number plus one. All that were not given yet are with the sink already, or
     * the batch is never done. Waits while another thread waits to give a task.
     *
     * @throws IllegalArgumentException if it is less than the highest number given says
     * @throws IllegalStateException if the batch was ended, or was begun with a count
     * @throws io.privateer.core.ClosedException if the ventilator was closed
     * @throws io.privateer.core.TransportFailedException if its loop failed
     */
    public void end(int count) {
        lock.lock();
        try {
            if (ended) {
                throw new IllegalStateException(
                        "batch " + id() + " has ended already, with a count of " + this.count + " tasks");
            }
            if (this.count != Pln.COUNT_UNKNOWN) {
                throw new IllegalStateException(
                        "batch " + id() + " needs no end: it was begun with a count of " + this.count + " tasks");
            }
            Settings.check(
                    count >= next,
                    "count",
                    ">= " + next + ", the highest number given to batch " + id() + " plus one",
                    count);
            shell.ending().execute(() -> shell.end(state, count));
            ended = true;
            this.count = count;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns which tasks the sink has no outcome of. Of a batch that {@link Ventilator#resume} returned, all that are to be
     * given again are among them.
     *
     * @param count how many tasks the batch has
     * @throws IllegalArgumentException if {@code count} is negative
     * @throws io.privateer.core.ClosedException if the ventilator was closed
     */
    public TaskNumbers remaining(int count) {
        Settings.atLeast("count", count, 0);
        return shell.ending().call(() -> new TaskNumbers(state.accepted.missingBelow(count, Integer.MAX_VALUE)));
    }

    /**
     * Returns what completes when the sink has accepted an outcome of every task; exceptionally, with a
     * {@link io.privateer.core.PirateException} that says why, if the ventilator ends before, or the batch never can be done.
     * It completes on the event loop: do not block there.
     */
    public CompletableFuture<BatchSummary> done() {
        return done.copy();
    }

    @Override
    public String toString() {
        return "Batch[" + id() + "]";
    }
}
