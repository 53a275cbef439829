package io.privateer.samples.demo;

import io.privateer.samples.cli.EventLine;
import io.privateer.samples.demo.View.Mood;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The demo's workers: who is up, at work, frozen or dead, and when the dead come back. Confine to the demo's thread. */
final class Crew {

    /** Long enough for people to see that one is missing. */
    private static final long RESTART_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    /** Workers that end by themselves are started again, but not for ever. */
    private static final int CRASHES_MAX = 5;

    /** What a worker is up to. */
    enum State {
        /** Its process runs, but the queue has not given it anything yet. */
        STARTING(Mood.STARTING),
        IDLE(Mood.WELL),
        BUSY(Mood.WELL),
        FROZEN(Mood.FROZEN),
        /** Killed by us. */
        KILLED(Mood.DOWN),
        /** Ended, though nobody asked. */
        CRASHED(Mood.DOWN);

        private final Mood mood;

        State(Mood mood) {
            this.mood = mood;
        }

        boolean isUp() {
            return mood == Mood.WELL;
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

        /** It has said that it is there. */
        boolean isReady;

        /** Its process is gone and all that it said has been heard. */
        boolean ended;

        long downSinceNanos;

        private final Post post;
        private final Ledger ledger;

        private Worker(Post post, ChildProcess child, Ledger ledger) {
            this.post = post;
            this.name = post.name();
            this.child = child;
            this.ledger = ledger;
        }

        /** It said what it does. */
        void hear(EventLine event, long atNanos) {
            switch (event.name()) {
                case "ready" -> isReady = true;
                case "run" -> {
                    ledger.onRun();
                    runs++;
                    heldId = event.number("id");
                    begunNanos = atNanos;
                    moveOn(State.BUSY);
                }
                case "done" -> {
                    heldId = 0;
                    moveOn(State.IDLE);
                }
                default -> {} // For people.
            }
        }

        /** What a victim said before it was hit may be heard after it. */
        private void moveOn(State next) {
            if (state.isUp() || state == State.STARTING) {
                state = next;
            }
        }

        private View.Part part() {
            return new View.Part(
                    name,
                    child.pid(),
                    state.mood,
                    state.label(),
                    heldId == 0 ? "" : "request " + heldId,
                    String.format(Locale.ROOT, "%7d runs", runs));
        }

        /** Whether a signal will surely find it at work: not long ago, measured by how long the work takes. */
        boolean hasJustBegun(long nowNanos) {
            return heldId != 0 && nowNanos - begunNanos < DemoSettings.WORK.toNanos() / 4;
        }

        boolean isFrozen() {
            return state == State.FROZEN;
        }
    }

    /** A place for a worker: what it is called, and the queues that it knows. Immutable. */
    record Post(String name, List<String> backends) {}

    private final Stage stage;
    private final List<Worker> workers = new ArrayList<>();
    private int crashes;

    /** Starts so many workers of the queues at {@code backends}. */
    Crew(Stage stage, int count, String... backends) throws IOException {
        this(
                stage,
                IntStream.rangeClosed(1, count)
                        .mapToObj(number -> new Post("worker-" + number, List.of(backends)))
                        .toList());
    }

    /** Starts a worker for each post. */
    Crew(Stage stage, List<Post> posts) throws IOException {
        this.stage = stage;
        for (Post post : posts) {
            workers.add(new Worker(post, stage.fleet().startWorker(post), stage.ledger()));
        }
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

    /** Starts the dead again whose time has come. */
    void restartDue(long nowNanos) throws IOException {
        for (Worker worker : workers) {
            if (worker.ended && nowNanos - worker.downSinceNanos >= RESTART_AFTER_NANOS) {
                worker.child = stage.fleet().startWorker(worker.post);
                worker.state = State.STARTING;
                worker.ended = false;
                worker.heldId = 0;
                stage.event(worker.name + " starts again (pid " + worker.child.pid() + ")");
            }
        }
    }

    /** If {@code child} is a worker's process, the worker is down. */
    void hearEnd(ChildProcess child, String how) {
        Worker worker = of(child);
        if (worker == null) {
            return;
        }
        worker.ended = true;
        worker.heldId = 0;
        worker.downSinceNanos = stage.nowNanos();
        if (worker.state != State.KILLED && !stage.isStopping()) {
            worker.state = State.CRASHED;
            stage.event(how);
            if (++crashes > CRASHES_MAX) {
                stage.problem("workers keep ending by themselves");
            }
        }
    }

    /** Ends them. */
    void stop() throws InterruptedException, IOException {
        workers.forEach(worker -> worker.child.dismiss());
        if (!stage.pumpUntil(() -> workers.stream().allMatch(worker -> worker.ended), Demo.DRAIN_MAX)) {
            stage.problem("a worker did not end");
        }
    }

    /** Returns whether each has said that it is there, whatever has become of it since. */
    boolean isReady() {
        return workers.stream().allMatch(worker -> worker.isReady);
    }

    List<View.Part> parts() {
        return workers.stream().map(Worker::part).toList();
    }
}
