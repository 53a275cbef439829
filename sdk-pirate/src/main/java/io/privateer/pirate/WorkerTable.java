package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The workers a queue knows; those of them that may take work stand in a line of their service, the least recently used first. */
final class WorkerTable {

    private final Map<Identity, QueueWorker> all = new LinkedHashMap<>();
    private int idleCount;

    @Nullable
    QueueWorker get(Identity identity) {
        return all.get(identity);
    }

    void add(QueueWorker worker) {
        all.put(worker.identity, worker);
        worker.listed = true;
        worker.service.workers++;
    }

    void remove(QueueWorker worker) {
        if (all.remove(worker.identity, worker)) {
            worker.listed = false;
            worker.service.workers--;
            leaveLine(worker);
        }
    }

    /** Puts the worker last in the line where it belongs, or in none, by what it may take. One that already waits there keeps its place. */
    void refresh(QueueWorker worker) {
        WorkerLine line = lineFor(worker);
        if (worker.line != line) {
            leaveLine(worker);
            if (line != null) {
                line.addLast(worker);
                idleCount++;
            }
        }
    }

    private static @Nullable WorkerLine lineFor(QueueWorker worker) {
        if (!worker.listed || !worker.mayTakeWork()) {
            return null;
        }
        return worker.isFree() ? worker.service.free : worker.service.fetchingAhead;
    }

    private void leaveLine(QueueWorker worker) {
        if (worker.line != null) {
            worker.line.remove(worker);
            idleCount--;
        }
    }

    /** Takes out the worker that has stood in the line longest, or returns {@code null} when none does. */
    @Nullable
    QueueWorker take(WorkerLine line) {
        QueueWorker worker = line.first();
        if (worker != null) {
            leaveLine(worker);
        }
        return worker;
    }

    void moveTo(Service service, QueueWorker worker) {
        leaveLine(worker);
        worker.service.workers--;
        service.workers++;
        worker.service = service;
    }

    Collection<QueueWorker> all() {
        return all.values();
    }

    int count() {
        return all.size();
    }

    int idleCount() {
        return idleCount;
    }
}
