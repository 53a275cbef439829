package io.privateer.samples.demo;

import io.privateer.core.NanoClock;
import io.privateer.samples.cli.Durations;
import io.privateer.samples.cli.EventLine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One run of the demo, from the first process to the last. Confine to one thread. */
final class Demo {

    private static final Duration START_MAX = Duration.ofSeconds(60);

    /** A request under way may use all its attempts. */
    private static final Duration LOAD_END_MAX = Duration.ofSeconds(30);

    private static final Duration DRAIN_MAX = Duration.ofSeconds(10);

    /** A victim that is to be hit at work is waited for so long. */
    private static final long BUSY_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** News wakes the loop; this is for what is due without any. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Workers that end by themselves are started again, but not for ever. */
    private static final int CRASHES_MAX = 5;

    private static final int COMPLAINTS_KEPT = 20;

    private final DemoSettings settings;
    private final Fleet fleet;
    private final View view;
    private final NanoClock clock;
    private final ArrayDeque<Fault> plan;
    private final Ledger ledger = new Ledger();
    private final FaultJournal journal = new FaultJournal();
    private final List<String> problems = new ArrayList<>();
    private final ArrayDeque<String> complaints = new ArrayDeque<>();

    private @Nullable ChildProcess queue;
    private @Nullable ChildProcess load;
    private @Nullable Crew crew;
    private @Nullable EventLine queueReady;
    private @Nullable EventLine queueStats;
    private int joined;
    private int crashes;
    private boolean loadReady;
    private boolean loadEnded;
    private boolean queueEnded;
    private boolean striking;
    private boolean stopping;
    private long startNanos;
    private long frameDueNanos;

    Demo(DemoSettings settings, Fleet fleet, View view, NanoClock clock) {
        this.settings = settings;
        this.fleet = fleet;
        this.view = view;
        this.clock = clock;
        this.plan = new ArrayDeque<>(Nemesis.plan(settings.seed(), settings.workers(), settings.load()));
        this.startNanos = clock.nanoTime();
        this.frameDueNanos = startNanos;
    }

    /** Runs it. */
    Outcome run() throws InterruptedException, IOException {
        if (startAll()) {
            startNanos = clock.nanoTime();
            striking = true;
            pumpUntil(() -> at().compareTo(settings.load()) >= 0, settings.load());
            striking = false;
        }
        stopAll();
        EventLine stats = queueStats;
        return new Outcome(
                settings,
                ledger.totals(),
                stats == null ? journal.returned() : stats.number("redelivered"),
                stats == null ? 0 : stats.number("lateReplies"),
                journal.summaries(ledger::isAnswered),
                List.copyOf(problems));
    }

    /** Returns what children wrote to standard error last. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    private boolean startAll() throws InterruptedException, IOException {
        view.event(
                Duration.ZERO,
                "starting a queue, " + settings.workers() + " workers and " + settings.clients() + " clients");
        queue = fleet.startQueue();
        if (!pumpUntil(() -> queueReady != null, START_MAX) || queueReady == null) {
            return failed("the queue did not start");
        }
        crew = new Crew(fleet, queueReady.text("backend"), settings.workers());
        if (!pumpUntil(() -> joined >= settings.workers(), START_MAX)) {
            return failed("the workers did not start");
        }
        load = fleet.startLoad(queueReady.text("frontend"), settings.clients());
        return pumpUntil(() -> loadReady, START_MAX) || failed("the load did not start");
    }

    private boolean failed(String problem) {
        problems.add(problem);
        return false;
    }

    /** In the order in which nothing is cut off: first the load, last the queue. */
    private void stopAll() throws InterruptedException, IOException {
        if (load != null && !loadEnded) {
            load.tell(LoadCommand.STOP);
            if (!pumpUntil(() -> loadEnded, LOAD_END_MAX)) {
                problems.add("the load did not end");
            }
        }
        draw();
        stopping = true;
        Crew workers = crew;
        if (workers != null) {
            workers.all().forEach(worker -> worker.child.dismiss());
            if (!pumpUntil(workers::allEnded, DRAIN_MAX)) {
                problems.add("a worker did not end");
            }
        }
        if (queue != null) {
            queue.dismiss();
            if (!pumpUntil(() -> queueEnded, DRAIN_MAX)) {
                problems.add("the queue did not end");
            }
        }
    }

    /** Hears news and does what is due until {@code done}, a new problem, or the end of {@code max}. */
    private boolean pumpUntil(BooleanSupplier done, Duration max) throws InterruptedException, IOException {
        long limitNanos = clock.nanoTime() + max.toNanos();
        int known = problems.size();
        while (!done.getAsBoolean()) {
            long nowNanos = clock.nanoTime();
            if (nowNanos - limitNanos >= 0 || problems.size() > known) {
                return false;
            }
            News news = fleet.poll(Math.min(TURN_NANOS, limitNanos - nowNanos));
            if (news != null) {
                hear(news);
            }
            doWhatIsDue(clock.nanoTime());
        }
        return true;
    }

    private void doWhatIsDue(long nowNanos) throws IOException {
        Crew workers = crew;
        if (workers != null && !stopping) {
            for (Crew.Worker worker : workers.restartDue(nowNanos)) {
                event(worker.name + " starts again (pid " + worker.child.pid() + ")");
            }
            if (striking) {
                strike(workers, nowNanos);
            }
        }
        if (nowNanos - frameDueNanos >= 0) {
            draw();
        }
    }

    private void strike(Crew workers, long nowNanos) throws IOException {
        Fault fault = plan.peekFirst();
        long dueNanos = fault == null ? 0 : startNanos + fault.at().toNanos();
        if (fault == null || nowNanos - dueNanos < 0) {
            return;
        }
        Crew.Worker victim = workers.upFrom(fault.worker());
        boolean mayWait = nowNanos - dueNanos < BUSY_WAIT_NANOS;
        if (victim == null || (fault.whileBusy() && mayWait && !victim.hasJustBegun(nowNanos))) {
            return;
        }
        plan.removeFirst();
        String held = victim.heldId == 0 ? "at rest" : "at work on request " + victim.heldId;
        event(fault.kind().signal + " " + victim.name + " (pid " + victim.child.pid() + "), " + held
                + (fault.kind() == Fault.Kind.FREEZE ? ", for " + Durations.format(DemoSettings.FREEZE) : ""));
        journal.onStruck(fault.kind(), victim.child.pid(), victim.heldId, nowNanos);
        if (fault.kind() == Fault.Kind.KILL) {
            victim.state = Crew.State.KILLED;
            victim.child.kill();
        } else {
            victim.state = Crew.State.FROZEN;
            fleet.freeze(victim.child, DemoSettings.FREEZE);
        }
    }

    private void hear(News news) {
        if (news instanceof News.Line line) {
            hearLine(line);
        } else if (news instanceof News.Complaint complaint) {
            complaints.addLast(complaint.child().name() + ": " + complaint.text());
            if (complaints.size() > COMPLAINTS_KEPT) {
                complaints.removeFirst();
            }
        } else if (news instanceof News.Ended ended) {
            hearEnd(ended);
        } else if (news instanceof News.Thawed thawed) {
            Crew.Worker worker = crew == null ? null : crew.of(thawed.child());
            if (worker != null && worker.isFrozen()) {
                worker.state = worker.heldId == 0 ? Crew.State.IDLE : Crew.State.BUSY;
                event("SIGCONT " + worker.name + "; a reply that it owes comes too late");
            }
        }
    }

    private void hearLine(News.Line line) {
        Optional<EventLine> parsed = EventLine.parse(line.text());
        if (parsed.isEmpty()) {
            return;
        }
        EventLine event = parsed.get();
        if (line.child() == queue) {
            hearQueue(event, line.atNanos());
        } else if (line.child() == load) {
            hearLoad(event);
        } else {
            Crew.Worker worker = crew == null ? null : crew.of(line.child());
            if (worker != null) {
                hearWorker(worker, event, line.atNanos());
            }
        }
    }

    private void hearQueue(EventLine event, long atNanos) {
        switch (event.name()) {
            case "ready" -> queueReady = event;
            case "worker-joined" -> joined++;
            case "worker-lost" -> {
                Long afterNanos = journal.onWorkerLost(event.text("worker"), event.text("cause"), atNanos);
                if (!stopping) {
                    event("the queue lost a worker: " + event.text("cause")
                            + (afterNanos == null ? "" : ", " + millis(afterNanos) + " after the signal"));
                }
            }
            case "delivery-returned" -> journal.onDeliveryReturned(event.text("worker"));
            case "stats" -> queueStats = event;
            default -> {} // For people.
        }
    }

    private void hearWorker(Crew.Worker worker, EventLine event, long atNanos) {
        switch (event.name()) {
            case "run" -> {
                ledger.onRun();
                worker.runs++;
                worker.heldId = event.number("id");
                worker.begunNanos = atNanos;
                Long afterNanos = journal.onRun(worker.child.pid(), worker.heldId, atNanos);
                if (afterNanos != null) {
                    event("request " + worker.heldId + " runs again on " + worker.name + ", " + millis(afterNanos)
                            + " after the signal");
                }
                moveOn(worker, Crew.State.BUSY);
            }
            case "done" -> {
                journal.onDone(worker.child.pid(), event.number("id"));
                worker.heldId = 0;
                moveOn(worker, Crew.State.IDLE);
            }
            default -> {} // For people.
        }
    }

    /** What a victim said before it was hit may be heard after it. */
    private static void moveOn(Crew.Worker worker, Crew.State state) {
        if (worker.state.isUp() || worker.state == Crew.State.STARTING) {
            worker.state = state;
        }
    }

    private void hearLoad(EventLine event) {
        switch (event.name()) {
            case "ready" -> loadReady = true;
            case "sent" -> ledger.onSent(event.number("id"));
            case "replied" -> ledger.onReplied(event.number("id"), event.number("micros"));
            case "wrong", "failed" -> {
                ledger.onFailed(event.number("id"));
                event("request " + event.number("id") + " was lost: " + event);
            }
            case "retry" -> {
                ledger.onRetry();
                event("a client tries again: " + event.text("outcome"));
            }
            case "strays" -> ledger.onStrays(event.number("count"));
            default -> {} // For people.
        }
    }

    private void hearEnd(News.Ended ended) {
        ChildProcess child = ended.child();
        String how = child.name() + " ended by itself with exit code " + ended.exitCode();
        if (child == queue) {
            queueEnded = true;
            if (!stopping) {
                problems.add(how);
            }
        } else if (child == load) {
            loadEnded = true;
            if (ended.exitCode() != 0 || striking) {
                problems.add(how);
            }
        } else {
            Crew.Worker worker = crew == null ? null : crew.of(child);
            if (worker != null) {
                hearWorkersEnd(worker, how);
            }
        }
    }

    private void hearWorkersEnd(Crew.Worker worker, String how) {
        worker.ended = true;
        worker.heldId = 0;
        worker.downSinceNanos = clock.nanoTime();
        if (worker.state != Crew.State.KILLED && !stopping) {
            worker.state = Crew.State.CRASHED;
            event(how);
            if (++crashes > CRASHES_MAX) {
                problems.add("workers keep ending by themselves");
            }
        }
    }

    private void draw() {
        frameDueNanos = clock.nanoTime() + view.period().toNanos();
        List<View.WorkerState> workers = crew == null
                ? List.of()
                : crew.all().stream()
                        .map(worker -> new View.WorkerState(
                                worker.name, worker.child.pid(), worker.state, worker.heldId, worker.runs))
                        .toList();
        view.frame(new View.Frame(at(), ledger.totals(), journal.returned(), workers));
    }

    /** Returns the time since the load started, zero before. */
    private Duration at() {
        return loadReady ? Duration.ofNanos(clock.nanoTime() - startNanos) : Duration.ZERO;
    }

    private void event(String text) {
        view.event(at(), text);
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.1f ms", nanos / 1_000_000.0);
    }
}
