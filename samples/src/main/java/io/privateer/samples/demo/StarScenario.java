package io.privateer.samples.demo;

import io.privateer.samples.cli.Durations;
import io.privateer.samples.cli.EventLine;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pair of queues, of which the active one is killed or frozen again and again. Confine to the demo's thread. */
final class StarScenario implements Scenario {

    private final Stage stage;
    private final ArrayDeque<Fault> plan;
    private final TakeoverJournal journal = new TakeoverJournal();

    private @Nullable Pair pair;
    private @Nullable Crew crew;

    StarScenario(Stage stage) {
        this.stage = stage;
        this.plan = new ArrayDeque<>(
                Nemesis.planForPair(stage.settings().seed(), stage.settings().load()));
    }

    @Override
    public List<String> start() throws InterruptedException, IOException {
        int workers = stage.settings().workers();
        stage.event("starting a pair of queues, " + workers + " workers of both and "
                + stage.settings().clients() + " calls at a time");
        Pair servers = new Pair(stage);
        pair = servers;
        if (!stage.pumpUntil(() -> servers.isReady() && servers.activeOfWhole() != null, Demo.START_MAX)) {
            stage.problem("the pair did not start");
            return List.of();
        }
        Crew started = new Crew(stage, workers, servers.backends());
        crew = started;
        if (!stage.pumpUntil(started::isReady, Demo.START_MAX)) {
            stage.problem("the workers did not start");
            return List.of();
        }
        return servers.frontends();
    }

    @Override
    public void turn(long nowNanos) throws IOException {
        if (pair != null) {
            pair.restartDue(nowNanos);
        }
        if (crew != null) {
            crew.restartDue(nowNanos);
        }
    }

    /** Waits until both are there and one stands by: two faults at a time are more than a pair promises to survive. */
    @Override
    public void strike(long nowNanos) throws IOException {
        Fault fault = plan.peekFirst();
        Pair.Server active = pair == null ? null : pair.activeOfWhole();
        if (fault == null || active == null || journal.open() > 0 || nowNanos - stage.dueNanos(fault.at()) < 0) {
            return;
        }
        plan.removeFirst();
        boolean isKill = fault.kind() == Fault.Kind.KILL;
        stage.event(fault.kind().signal + " " + active.name() + " (pid " + active.child.pid() + "), which is active"
                + (isKill ? "" : ", for " + Durations.format(DemoSettings.STAR_FREEZE)));
        journal.onStruck(fault.kind(), nowNanos);
        if (isKill) {
            active.kill();
        } else {
            active.freeze(stage.fleet());
        }
    }

    @Override
    public void hear(ChildProcess child, EventLine event, long atNanos) {
        Pair.Server server = pair == null ? null : pair.of(child);
        Crew.Worker worker = crew == null ? null : crew.of(child);
        if (server != null) {
            hearServer(server, event, atNanos);
        } else if (worker != null) {
            worker.hear(event, atNanos);
        }
    }

    private void hearServer(Pair.Server server, EventLine event, long atNanos) {
        boolean isActiveNow = pair != null && pair.hear(server, event);
        if (event.name().equals("failover") && !stage.isStopping()) {
            Long afterNanos = isActiveNow ? journal.onActive(atNanos) : null;
            stage.event(server.name() + " is " + event.text("to") + ", epoch " + event.number("epoch") + ", because of "
                    + event.text("cause")
                    + (afterNanos == null ? "" : ", " + Demo.millis(afterNanos) + " after the signal"));
        }
    }

    @Override
    public void hearAnswer(long atNanos) {
        Long afterNanos = journal.onAnswer(atNanos);
        if (afterNanos != null) {
            stage.event("clients are answered again, " + Demo.millis(afterNanos) + " after the signal");
        }
    }

    @Override
    public void hearThawed(ChildProcess child) {
        Pair.Server server = pair == null ? null : pair.of(child);
        if (pair != null && server != null) {
            pair.hearThawed(server);
        }
    }

    @Override
    public void hearEnd(ChildProcess child, String how) {
        Pair.Server server = pair == null ? null : pair.of(child);
        if (pair != null && server != null) {
            pair.hearEnd(server, how);
        } else if (crew != null) {
            crew.hearEnd(child, how);
        }
    }

    @Override
    public void stop() throws InterruptedException, IOException {
        if (journal.open() > 0) {
            stage.problem("after a signal no server took over");
        }
        if (crew != null) {
            crew.stop();
        }
        if (pair != null) {
            pair.stop();
        }
    }

    @Override
    public List<View.Part> parts() {
        List<View.Part> parts = new ArrayList<>();
        if (pair != null) {
            parts.addAll(pair.parts());
        }
        if (crew != null) {
            parts.addAll(crew.parts());
        }
        return parts;
    }

    /** By the handlers: a killed server takes to its grave how often it delivered what. */
    @Override
    public int redelivered() {
        Ledger.Totals totals = stage.ledger().totals();
        return (int) Math.max(0, totals.executions() - totals.sent());
    }

    @Override
    public Findings findings() {
        return new Findings(redelivered(), 0, journal.summaries());
    }
}
