package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The workers a queue knows; those of them that may take work stand in their service's line. */
final class WorkerTable {

    private final Map<Identity, QueueWorker> all = new LinkedHashMap<>();
    private int idleCount;

    @Nullable
    QueueWorker get(Identity identity) {
        return all.get(identity);
    }

    void add(QueueWorker worker) {
        all.put(worker.identity, worker);
        worker.service.workers++;
    }

    void remove(QueueWorker worker) {
        if (all.remove(worker.identity, worker)) {
            worker.service.workers--;
            leaveLine(worker);
        }
    }

    /** Puts the worker last in line, or out of it, by whether it may take work. One that already waits keeps its place. */
    void refresh(QueueWorker worker) {
        if (!worker.mayTakeWork()) {
            leaveLine(worker);
        } else if (!worker.inLine && all.get(worker.identity) == worker) {
            worker.inLine = true;
            idleCount++;
            worker.service.idle.addLast(worker);
        }
    }

    private void leaveLine(QueueWorker worker) {
        if (worker.inLine) {
            worker.inLine = false;
            idleCount--;
            worker.service.idle.remove(worker);
        }
    }

    /** Takes the worker that has been idle longest out of the service's line, or returns {@code null} when none is. */
    @Nullable
    QueueWorker takeIdle(Service service) {
        QueueWorker worker = service.idle.poll();
        if (worker != null) {
            worker.inLine = false;
            idleCount--;
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
