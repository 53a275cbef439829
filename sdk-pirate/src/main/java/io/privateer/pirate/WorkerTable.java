package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The workers a queue knows, and those of them that may take work, the least recently used first. */
final class WorkerTable {

    private final Map<Identity, QueueWorker> all = new LinkedHashMap<>();
    private final Set<QueueWorker> idle = new LinkedHashSet<>();

    @Nullable
    QueueWorker get(Identity identity) {
        return all.get(identity);
    }

    void add(QueueWorker worker) {
        all.put(worker.identity, worker);
    }

    void remove(QueueWorker worker) {
        all.remove(worker.identity, worker);
        idle.remove(worker);
    }

    /** Puts the worker last in line, or out of it, by whether it may take work. One that already waits keeps its place. */
    void refresh(QueueWorker worker) {
        if (worker.mayTakeWork()) {
            idle.add(worker);
        } else {
            idle.remove(worker);
        }
    }

    /** Takes the worker that has been idle longest out of the line, or returns {@code null} when none is idle. */
    @Nullable
    QueueWorker takeIdle() {
        Iterator<QueueWorker> line = idle.iterator();
        if (!line.hasNext()) {
            return null;
        }
        QueueWorker worker = line.next();
        line.remove();
        return worker;
    }

    Collection<QueueWorker> all() {
        return all.values();
    }

    int count() {
        return all.size();
    }

    int idleCount() {
        return idle.size();
    }
}
