package io.privateer.pirate;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Workers in the order of how long they wait for work, each in one line at most. Not thread-safe. */
final class WorkerLine {

    private @Nullable QueueWorker first;
    private @Nullable QueueWorker last;

    /** Returns who waits longest, or {@code null} if nobody does. */
    @Nullable
    QueueWorker first() {
        return first;
    }

    void addLast(QueueWorker worker) {
        worker.line = this;
        worker.before = last;
        if (last == null) {
            first = worker;
        } else {
            last.behind = worker;
        }
        last = worker;
    }

    void remove(QueueWorker worker) {
        if (worker.before == null) {
            first = worker.behind;
        } else {
            worker.before.behind = worker.behind;
        }
        if (worker.behind == null) {
            last = worker.before;
        } else {
            worker.behind.before = worker.before;
        }
        worker.line = null;
        worker.before = null;
        worker.behind = null;
    }

    void forEach(Consumer<QueueWorker> action) {
        for (QueueWorker worker = first; worker != null; worker = worker.behind) {
            action.accept(worker);
        }
    }
}
