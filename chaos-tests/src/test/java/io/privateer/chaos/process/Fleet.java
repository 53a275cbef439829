package io.privateer.chaos.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Worker processes that serve one queue and log to one file. */
final class Fleet implements AutoCloseable {

    private final String backend;
    private final ExecutionLog log;
    private final Duration work;
    private final Duration heartbeat;
    private final List<ChildJvm> workers = new ArrayList<>();

    Fleet(String backend, Path directory, Duration work, Duration heartbeat) {
        this.backend = backend;
        this.log = new ExecutionLog(directory.resolve("executions.log"));
        this.work = work;
        this.heartbeat = heartbeat;
    }

    ExecutionLog log() {
        return log;
    }

    List<ChildJvm> workers() {
        return List.copyOf(workers);
    }

    ChildJvm launch(WorkerProcess.Kind kind) throws IOException {
        ChildJvm worker = ChildJvm.start(
                WorkerProcess.class,
                kind.name(),
                backend,
                log.file().toString(),
                Long.toString(work.toMillis()),
                Long.toString(heartbeat.toMillis()));
        workers.add(worker);
        return worker;
    }

    void launch(WorkerProcess.Kind kind, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            launch(kind);
        }
    }

    /** Returns a living worker that has begun a request and not finished it, as far as the log tells. */
    Optional<ChildJvm> busy() {
        Map<Long, Long> busy = log.busy();
        return workers.stream()
                .filter(worker -> worker.isAlive() && busy.containsKey(worker.pid()))
                .findFirst();
    }

    /**
     * Freezes a worker that is busy, and returns it. One that was busy when it was looked at may have finished when the
     * signal reaches it: then it thaws, and another is tried.
     */
    ChildJvm freezeBusy() throws IOException {
        while (true) {
            Optional<ChildJvm> candidate = busy();
            if (candidate.isPresent()) {
                candidate.get().freeze();
                if (log.busy().containsKey(candidate.get().pid())) {
                    return candidate.get();
                }
                candidate.get().thaw();
            }
        }
    }

    /** Kills a worker in the midst of a request: frozen first, it cannot finish before the signal comes. */
    void killBusy() throws IOException {
        freezeBusy().kill();
    }

    @Override
    public void close() {
        workers.forEach(ChildJvm::close);
    }
}
