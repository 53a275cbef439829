package io.privateer.samples.demo;

import io.privateer.samples.cli.Durations;
import io.privateer.samples.cli.EventLine;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A queue and workers, which are killed and frozen at work. Confine to the demo's thread. */
final class WorkerScenario implements Scenario {

    /** A victim that is to be hit at work is waited for so long. */
    private static final long BUSY_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Stage stage;
    private final ArrayDeque<Fault> plan;
    private final FaultJournal journal = new FaultJournal();

    private @Nullable ChildProcess queue;
    private @Nullable Crew crew;
    private @Nullable EventLine queueReady;
    private @Nullable EventLine queueStats;
    private int joined;
    private boolean queueEnded;

    WorkerScenario(Stage stage) {
        this.stage = stage;
        DemoSettings settings = stage.settings();
        this.plan = new ArrayDeque<>(Nemesis.plan(settings.seed(), settings.workers(), settings.load()));
    }

    @Override
    public List<String> start() throws InterruptedException, IOException {
        int workers = stage.settings().workers();
        stage.event("starting a queue, " + workers + " workers and "
                + stage.settings().clients() + " clients");
        queue = stage.fleet().startQueue();
        if (!stage.pumpUntil(() -> queueReady != null, Demo.START_MAX) || queueReady == null) {
            stage.problem("the queue did not start");
            return List.of();
        }
        crew = new Crew(stage, workers, queueReady.text("backend"));
        if (!stage.pumpUntil(() -> joined >= workers, Demo.START_MAX)) {
            stage.problem("the workers did not start");
            return List.of();
        }
        return List.of(queueReady.text("frontend"));
    }

    @Override
    public void turn(long nowNanos) throws IOException {
        if (crew != null) {
            crew.restartDue(nowNanos);
        }
    }

    @Override
    public void strike(long nowNanos) throws IOException {
        Fault fault = plan.peekFirst();
        long dueNanos = fault == null ? 0 : stage.dueNanos(fault.at());
        if (fault == null || crew == null || nowNanos - dueNanos < 0) {
            return;
        }
        Crew.Worker victim = crew.upFrom(fault.worker());
        boolean mayWait = nowNanos - dueNanos < BUSY_WAIT_NANOS;
        if (victim == null || (fault.whileBusy() && mayWait && !victim.hasJustBegun(nowNanos))) {
            return;
        }
        plan.removeFirst();
        String held = victim.heldId == 0 ? "at rest" : "at work on request " + victim.heldId;
        stage.event(fault.kind().signal + " " + victim.name + " (pid " + victim.child.pid() + "), " + held
                + (fault.kind() == Fault.Kind.FREEZE ? ", for " + Durations.format(DemoSettings.FREEZE) : ""));
        journal.onStruck(fault.kind(), victim.child.pid(), victim.heldId, nowNanos);
        if (fault.kind() == Fault.Kind.KILL) {
            victim.state = Crew.State.KILLED;
            victim.child.kill();
        } else {
            victim.state = Crew.State.FROZEN;
            stage.fleet().freeze(victim.child, DemoSettings.FREEZE);
        }
    }

    @Override
    public void hear(ChildProcess child, EventLine event, long atNanos) {
        if (child == queue) {
            hearQueue(event, atNanos);
        } else if (crew != null) {
            Crew.Worker worker = crew.of(child);
            if (worker != null) {
                hearWorker(worker, event, atNanos);
            }
        }
    }

    private void hearQueue(EventLine event, long atNanos) {
        switch (event.name()) {
            case "ready" -> queueReady = event;
            case "worker-joined" -> joined++;
            case "worker-lost" -> {
                Long afterNanos = journal.onWorkerLost(event.text("worker"), event.text("cause"), atNanos);
                if (!stage.isStopping()) {
                    stage.event("the queue lost a worker: " + event.text("cause")
                            + (afterNanos == null ? "" : ", " + Demo.millis(afterNanos) + " after the signal"));
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
                long id = event.number("id");
                Long afterNanos = journal.onRun(worker.child.pid(), id, atNanos);
                if (afterNanos != null) {
                    stage.event("request " + id + " runs again on " + worker.name + ", " + Demo.millis(afterNanos)
                            + " after the signal");
                }
            }
            case "done" -> journal.onDone(worker.child.pid(), event.number("id"));
            default -> {} // For people.
        }
        worker.hear(event, atNanos);
    }

    @Override
    public void hearThawed(ChildProcess child) {
        Crew.Worker worker = crew == null ? null : crew.of(child);
        if (worker != null && worker.isFrozen()) {
            worker.state = worker.heldId == 0 ? Crew.State.IDLE : Crew.State.BUSY;
            stage.event("SIGCONT " + worker.name + "; a reply that it owes comes too late");
        }
    }

    @Override
    public void hearEnd(ChildProcess child, String how) {
        if (child == queue) {
            queueEnded = true;
            if (!stage.isStopping()) {
                stage.problem(how);
            }
        } else if (crew != null) {
            crew.hearEnd(child, how);
        }
    }

    @Override
    public void hearAnswer(long atNanos) {}

    @Override
    public void stop() throws InterruptedException, IOException {
        if (crew != null) {
            crew.stop();
        }
        if (queue != null) {
            queue.dismiss();
            if (!stage.pumpUntil(() -> queueEnded, Demo.DRAIN_MAX)) {
                stage.problem("the queue did not end");
            }
        }
    }

    @Override
    public List<View.Part> parts() {
        return crew == null ? List.of() : crew.parts();
    }

    @Override
    public int redelivered() {
        return journal.returned();
    }

    @Override
    public Findings findings() {
        EventLine stats = queueStats;
        return new Findings(
                stats == null ? journal.returned() : stats.number("redelivered"),
                stats == null ? 0 : stats.number("lateReplies"),
                journal.summaries(stage.ledger()::isAnswered));
    }
}
