package io.privateer.samples.demo;

import io.privateer.samples.cli.EventLine;
import io.privateer.samples.cli.QueueReporter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Three clusters under a load that enters one of them, which has not workers enough for it; one broker after the other is killed.
 * Clients know a second broker. Confine to the demo's thread.
 */
final class PeeringScenario implements Scenario {

    /** Of the clusters: those that clients know, the one that they try first in front. */
    private static final List<Integer> ENTRANCES = List.of(0, 2);

    /** What each worker holds. */
    private static final int CREDIT = 2;

    private final Stage stage;
    private final ArrayDeque<Fault> plan;
    private final ClusterJournal journal = new ClusterJournal();
    private final Flows flows = new Flows();

    private @Nullable Clusters clusters;
    private @Nullable Crew crew;

    PeeringScenario(Stage stage) {
        this.stage = stage;
        this.plan = new ArrayDeque<>(Nemesis.planForClusters(
                stage.settings().seed(), Clusters.NAMES.size(), stage.settings().load()));
    }

    @Override
    public List<String> start() throws InterruptedException, IOException {
        int workers = stage.settings().workers();
        stage.event("starting " + Clusters.NAMES.size() + " clusters with " + workers + " workers, and "
                + stage.settings().clients() + " calls at a time, all to one of them");
        Clusters started = new Clusters(stage);
        clusters = started;
        if (!stage.pumpUntil(started::isWhole, Demo.START_MAX)) {
            stage.problem("the brokers did not find each other");
            return List.of();
        }
        Crew hired = new Crew(stage, started.posts(workers));
        crew = hired;
        if (!stage.pumpUntil(hired::isReady, Demo.START_MAX)) {
            stage.problem("the workers did not start");
            return List.of();
        }
        return ENTRANCES.stream()
                .map(index -> started.get(index).place.frontend())
                .toList();
    }

    @Override
    public void turn(long nowNanos) throws IOException {
        if (clusters != null) {
            clusters.restartDue(nowNanos);
        }
        if (crew != null) {
            crew.restartDue(nowNanos);
        }
    }

    /** Waits until what was hurt last is whole again. */
    @Override
    public void strike(long nowNanos) throws IOException {
        Fault fault = plan.peekFirst();
        if (fault == null || clusters == null || nowNanos - stage.dueNanos(fault.at()) < 0 || !isWhole()) {
            return;
        }
        plan.removeFirst();
        Clusters.Broker victim = clusters.get(fault.worker());
        String does = victim.name().equals(flows.entrance()) ? "borrows" : "lends";
        stage.event(fault.kind().signal + " " + victim.name() + " (pid " + victim.child.pid() + "), which " + does);
        journal.onStruck(fault.kind(), victim.name(), stage.ledger().open(), nowNanos);
        victim.kill();
    }

    @Override
    public boolean isWhole() {
        return !journal.isOpen()
                && clusters != null
                && clusters.isWhole()
                && idleThatShouldNot().isEmpty();
    }

    /** Where the others hold all that clients ask at a time, nothing may come to a cluster. */
    private String idleThatShouldNot() {
        boolean enough = stage.settings().clients() > CREDIT * stage.settings().workers()
                && stage.settings().workers() >= Clusters.NAMES.size();
        return clusters == null || !enough ? "" : clusters.idle().collect(Collectors.joining(", "));
    }

    @Override
    public void hear(ChildProcess child, EventLine event, long atNanos) {
        Clusters.Broker broker = clusters == null ? null : clusters.of(child);
        Crew.Worker worker = crew == null ? null : crew.of(child);
        if (clusters != null && broker != null) {
            clusters.hear(broker, event);
            hearBroker(broker.name(), event, atNanos);
        } else if (clusters != null && worker != null) {
            worker.hear(event, atNanos);
            if (event.name().equals("run")) {
                String cluster = Clusters.clusterOf(worker.name);
                flows.onRun(cluster, atNanos);
                if (clusters.hearRun(cluster) && journal.count() > 0) {
                    stage.event(cluster + " works again");
                }
            }
        }
    }

    private void hearBroker(String name, EventLine event, long atNanos) {
        switch (event.name()) {
            case "delivery-returned" -> {
                String lender = QueueReporter.lenderOf(event.text("worker"));
                Long afterNanos = lender == null ? null : journal.onReturned(lender, atNanos);
                if (afterNanos != null) {
                    stage.event(name + " takes back what it had lent to " + lender + ", " + Demo.millis(afterNanos)
                            + " after the signal");
                }
            }
            case "lends" -> flows.onStanding(name, event.text("peer"), event.number("credit"), event.number("lent"));
            case "exit" -> {
                if (!stage.isStopping()) {
                    stage.event(name + " knows that " + event.text("peer") + " has " + event.text("cause"));
                }
            }
            default -> {} // For people.
        }
    }

    @Override
    public void hearConnected(String endpoint) {
        for (int index : ENTRANCES) {
            if (clusters != null && clusters.get(index).place.frontend().equals(endpoint)) {
                flows.onEntrance(Clusters.NAMES.get(index));
                stage.event("clients send to " + flows.entrance());
            }
        }
    }

    @Override
    public void hearAnswer(long atNanos) {
        Long afterNanos = journal.onAnswer(stage.ledger()::isAnswered, atNanos);
        if (afterNanos != null) {
            stage.event("all that was under way is answered, " + Demo.millis(afterNanos) + " after the signal");
        }
    }

    @Override
    public void hearThawed(ChildProcess child) {}

    @Override
    public void hearEnd(ChildProcess child, String how) {
        Clusters.Broker broker = clusters == null ? null : clusters.of(child);
        if (clusters != null && broker != null) {
            clusters.hearEnd(broker, how);
        } else if (crew != null) {
            crew.hearEnd(child, how);
        }
    }

    @Override
    public void stop() throws InterruptedException, IOException {
        if (journal.isOpen()) {
            stage.problem("after a signal not all that was under way was answered");
        }
        if (journal.count() > 0 && !idleThatShouldNot().isEmpty()) {
            stage.problem("no work came to " + idleThatShouldNot() + " after the restart");
        }
        if (crew != null) {
            crew.stop();
        }
        if (clusters != null) {
            clusters.stop();
        }
    }

    @Override
    public List<View.Part> parts() {
        List<View.Part> parts = new ArrayList<>();
        if (clusters != null) {
            parts.addAll(clusters.parts());
        }
        if (crew != null) {
            parts.addAll(crew.parts());
        }
        return parts;
    }

    @Override
    public String flows() {
        return flows.text(stage.nowNanos());
    }

    /** By the handlers: a killed broker takes to its grave how often it delivered what. */
    @Override
    public int redelivered() {
        Ledger.Totals totals = stage.ledger().totals();
        return (int) Math.max(0, totals.executions() - totals.sent());
    }

    @Override
    public Findings findings() {
        return new Findings(redelivered(), 0, flows.total(), journal.summaries());
    }
}
