package io.privateer.pipeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a ventilator and the tasks that wait for them. Tasks that came back go first. Loop thread only.
 *
 * <p>A worker that dies takes everything it holds along, and which task killed it nobody knows. So a task that was lost
 * travels in ever smaller company, and alone in the end: whatever is then lost is lost by its own doing.
 */
final class Crew {

    private static final int CHUNK_MAX = 256;
    private static final int[] COMPANY = {1, 1, 8};
    private static final int COMPANY_MAX = 64;

    /** Hears of a task that no worker will ever take. */
    @FunctionalInterface
    interface Misfits {

        /**
         * It is longer than that.
         *
         * @param bytesMax the longest that any of the workers takes
         */
        void tooLong(VentTask task, int bytesMax);
    }

    private final int deliveriesMax;
    private final Misfits misfits;
    private final Map<PipeLink, VentWorker> workers = new LinkedHashMap<>();
    private final ArrayDeque<VentTask> returned = new ArrayDeque<>();
    private final ArrayDeque<VentTask> fresh = new ArrayDeque<>();
    private long delivered;

    Crew(int deliveriesMax, Misfits misfits) {
        this.deliveriesMax = deliveriesMax;
        this.misfits = misfits;
    }

    @Nullable
    VentWorker get(PipeLink link) {
        return workers.get(link);
    }

    Collection<VentWorker> all() {
        return workers.values();
    }

    List<VentWorker> copy() {
        return new ArrayList<>(workers.values());
    }

    void add(VentWorker worker) {
        workers.put(worker.link, worker);
    }

    void remove(VentWorker worker) {
        workers.remove(worker.link);
    }

    /** Lets a new task wait. */
    void queue(VentTask task) {
        fresh.add(task);
    }

    /** Lets a task that came back wait ahead of all others. */
    void queueAgain(VentTask task) {
        returned.addFirst(task);
    }

    long delivered() {
        return delivered;
    }

    /** Gives what waits to who is free, the least laden first. */
    void dispatch(long nowNanos) {
        ArrayDeque<VentTask> line = line();
        while (line != null) {
            VentTask first = line.element();
            if (!first.batch.accepted.canHold(first.number)) {
                return;
            }
            VentWorker worker = freest(first, quota(first));
            if (worker != null) {
                give(nowNanos, line, worker, chunk());
            } else if (!workers.isEmpty() && first.body.length > messageBytesMax()) {
                line.remove();
                misfits.tooLong(first, messageBytesMax());
            } else {
                return;
            }
            line = line();
        }
    }

    /** Returns the longest task that any of the workers takes, in bytes. */
    private int messageBytesMax() {
        int longest = 0;
        for (VentWorker worker : workers.values()) {
            longest = Math.max(longest, worker.messageBytesMax);
        }
        return longest;
    }

    /** Returns the line whose first task is next, or {@code null} if none waits. */
    private @Nullable ArrayDeque<VentTask> line() {
        return hasFirst(returned) ? returned : hasFirst(fresh) ? fresh : null;
    }

    private static boolean hasFirst(ArrayDeque<VentTask> line) {
        VentTask first = line.peek();
        while (first != null && first.ended) {
            line.remove();
            first = line.peek();
        }
        return first != null;
    }

    /** A share that leaves something for the other workers while little waits. */
    private int chunk() {
        int waiting = returned.size() + fresh.size();
        return Math.max(1, Math.min(CHUNK_MAX, waiting / (2 * workers.size())));
    }

    private @Nullable VentWorker freest(VentTask task, int quota) {
        VentWorker freest = null;
        boolean anyAtWork = false;
        for (VentWorker worker : workers.values()) {
            anyAtWork |= !worker.stuck && !worker.leaving && task.body.length <= worker.messageBytesMax;
            if (worker.canTake(task, quota) && (freest == null || isBetter(worker, freest))) {
                freest = worker;
            }
        }
        return freest != null && freest.stuck && anyAtWork ? null : freest;
    }

    private static boolean isBetter(VentWorker worker, VentWorker than) {
        return worker.stuck != than.stuck ? than.stuck : worker.held < than.held;
    }

    private void give(long nowNanos, ArrayDeque<VentTask> line, VentWorker worker, int atMost) {
        for (int i = 0; i < atMost && hasFirst(line); i++) {
            VentTask task = line.element();
            int quota = quota(task);
            if (!worker.canTake(task, quota) || !task.batch.accepted.canHold(task.number)) {
                return;
            }
            line.remove();
            delivered++;
            worker.hold(nowNanos, task, quota);
            worker.link.writer.task(task.batch.id, task.number, task.body);
        }
    }

    /** Returns how many tasks the worker may hold that is given this one. */
    private int quota(VentTask task) {
        if (task.losses == 0) {
            return Integer.MAX_VALUE;
        }
        int left = deliveriesMax - task.losses;
        return left < COMPANY.length ? COMPANY[left] : COMPANY_MAX;
    }
}
