package io.privateer.samples.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The demo's workers: who is up, at work, frozen or dead, and when the dead come back. Confine to the demo's thread. */
final class Crew {

    /** Long enough for people to see that one is missing. */
    private static final long RESTART_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    /** What a worker is up to. */
    enum State {
        /** Its process runs, but the queue has not given it anything yet. */
        STARTING,
        IDLE,
        BUSY,
        FROZEN,
        /** Killed by us. */
        KILLED,
        /** Ended, though nobody asked. */
        CRASHED;

        boolean isUp() {
            return this == IDLE || this == BUSY;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One worker through all its lives. */
    static final class Worker {
        final String name;
        ChildProcess child;
        State state = State.STARTING;

        /** What it works on, 0 if nothing. */
        long heldId;

        /** When it was heard to have begun that. */
        long begunNanos;

        long runs;

        /** Its process is gone and all that it said has been heard. */
        boolean ended;

        long downSinceNanos;

        private Worker(String name, ChildProcess child) {
            this.name = name;
            this.child = child;
        }

        /** Whether a signal will surely find it at work: not long ago, measured by how long the work takes. */
        boolean hasJustBegun(long nowNanos) {
            return heldId != 0 && nowNanos - begunNanos < DemoSettings.WORK.toNanos() / 4;
        }

        boolean isFrozen() {
            return state == State.FROZEN;
        }
    }

    private final Fleet fleet;
    private final String backend;
    private final List<Worker> workers = new ArrayList<>();

    Crew(Fleet fleet, String backend, int count) throws IOException {
        this.fleet = fleet;
        this.backend = backend;
        for (int number = 1; number <= count; number++) {
            String name = "worker-" + number;
            workers.add(new Worker(name, fleet.startWorker(name, backend)));
        }
    }

    List<Worker> all() {
        return workers;
    }

    /** Returns whose process {@code child} is, or {@code null}. */
    @Nullable
    Worker of(ChildProcess child) {
        for (Worker worker : workers) {
            if (worker.child == child) {
                return worker;
            }
        }
        return null;
    }

    /** Returns the worker at {@code index}, or else the next that is up; {@code null} if none is. */
    @Nullable
    Worker upFrom(int index) {
        for (int i = 0; i < workers.size(); i++) {
            Worker worker = workers.get((index + i) % workers.size());
            if (worker.state.isUp()) {
                return worker;
            }
        }
        return null;
    }

    /** Starts the dead again whose time has come. Returns them. */
    List<Worker> restartDue(long nowNanos) throws IOException {
        List<Worker> restarted = new ArrayList<>(0);
        for (Worker worker : workers) {
            if (worker.ended && nowNanos - worker.downSinceNanos >= RESTART_AFTER_NANOS) {
                worker.child = fleet.startWorker(worker.name, backend);
                worker.state = State.STARTING;
                worker.ended = false;
                worker.heldId = 0;
                restarted.add(worker);
            }
        }
        return restarted;
    }

    boolean allEnded() {
        return workers.stream().allMatch(worker -> worker.ended);
    }
}
