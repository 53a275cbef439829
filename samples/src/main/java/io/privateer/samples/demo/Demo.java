package io.privateer.samples.demo;

import io.privateer.core.NanoClock;
import io.privateer.samples.cli.EventLine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One run of one scenario under load, from the first process to the last. Confine to one thread. */
final class Demo implements Stage {

    static final Duration START_MAX = Duration.ofSeconds(60);
    static final Duration DRAIN_MAX = Duration.ofSeconds(10);

    /** What was hurt last may need a while yet. */
    private static final Duration HEAL_MAX = Duration.ofSeconds(15);

    /** A request under way may use all its attempts. */
    private static final Duration LOAD_END_MAX = Duration.ofSeconds(30);

    /** News wakes the loop; this is for what is due without any. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final int COMPLAINTS_KEPT = 20;

    private final DemoSettings settings;
    private final Fleet fleet;
    private final View view;
    private final NanoClock clock;
    private final Scenario scenario;
    private final Ledger ledger = new Ledger();
    private final List<String> problems = new ArrayList<>();
    private final ArrayDeque<String> complaints = new ArrayDeque<>();

    private @Nullable ChildProcess load;
    private long clientsLateReplies;
    private boolean loadReady;
    private boolean loadEnded;
    private boolean striking;
    private boolean stopping;
    private long startNanos;
    private long frameDueNanos;

    Demo(DemoSettings settings, Fleet fleet, View view, NanoClock clock) {
        this.settings = settings;
        this.fleet = fleet;
        this.view = view;
        this.clock = clock;
        this.startNanos = clock.nanoTime();
        this.frameDueNanos = startNanos;
        this.scenario = settings.scenario().on(this);
    }

    /** Runs it. */
    Outcome run() throws InterruptedException, IOException {
        if (startAll()) {
            startNanos = clock.nanoTime();
            striking = true;
            pumpUntil(() -> at().compareTo(settings.load()) >= 0, settings.load());
            striking = false;
            pumpUntil(scenario::isWhole, HEAL_MAX);
        }
        stopAll();
        Scenario.Findings findings = scenario.findings();
        return new Outcome(
                settings,
                ledger.totals(),
                findings.redelivered(),
                findings.lateReplies() + clientsLateReplies,
                findings.lent(),
                findings.faults(),
                List.copyOf(problems));
    }

    /** Returns what children wrote to standard error last. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    private boolean startAll() throws InterruptedException, IOException {
        List<String> endpoints = scenario.start();
        if (endpoints.isEmpty()) {
            return false;
        }
        load = fleet.startLoad(endpoints, settings.clients());
        if (!pumpUntil(() -> loadReady, START_MAX)) {
            problem("the load did not start");
            return false;
        }
        return true;
    }

    /** In the order in which nothing is cut off: the load first. */
    private void stopAll() throws InterruptedException, IOException {
        if (load != null && !loadEnded) {
            load.tell(LoadCommand.STOP);
            if (!pumpUntil(() -> loadEnded, LOAD_END_MAX)) {
                problem("the load did not end");
            }
        }
        draw();
        stopping = true;
        scenario.stop();
    }

    @Override
    public boolean pumpUntil(BooleanSupplier done, Duration max) throws InterruptedException, IOException {
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
        if (!stopping) {
            scenario.turn(nowNanos);
            if (striking) {
                scenario.strike(nowNanos);
            }
        }
        if (nowNanos - frameDueNanos >= 0) {
            draw();
        }
    }

    private void hear(News news) {
        if (news instanceof News.Line line) {
            EventLine.parse(line.text()).ifPresent(event -> hearEvent(line, event));
        } else if (news instanceof News.Complaint complaint) {
            complaints.addLast(complaint.child().name() + ": " + complaint.text());
            if (complaints.size() > COMPLAINTS_KEPT) {
                complaints.removeFirst();
            }
        } else if (news instanceof News.Ended ended) {
            hearEnd(ended);
        } else if (news instanceof News.Thawed thawed) {
            scenario.hearThawed(thawed.child());
        }
    }

    private void hearEvent(News.Line line, EventLine event) {
        if (line.child() == load) {
            hearLoad(event, line.atNanos());
        } else {
            scenario.hear(line.child(), event, line.atNanos());
        }
    }

    private void hearLoad(EventLine event, long atNanos) {
        switch (event.name()) {
            case "ready" -> loadReady = true;
            case "sent" -> ledger.onSent(event.number("id"));
            case "replied" -> {
                ledger.onReplied(event.number("id"), event.number("micros"));
                scenario.hearAnswer(atNanos);
            }
            case "wrong", "failed" -> {
                ledger.onFailed(event.number("id"));
                event("request " + event.number("id") + " was lost: " + event);
            }
            case "retry" -> {
                ledger.onRetries(1);
                event("a client tries again: " + event.text("outcome"));
            }
            case "retries" -> ledger.onRetries(event.number("count"));
            case "connected" -> scenario.hearConnected(event.text("endpoint"));
            case "late" -> clientsLateReplies = event.number("count");
            case "strays" -> ledger.onStrays(event.number("count"));
            default -> {} // For people.
        }
    }

    private void hearEnd(News.Ended ended) {
        ChildProcess child = ended.child();
        String how = child.name() + " ended by itself with exit code " + ended.exitCode();
        if (child == load) {
            loadEnded = true;
            if (ended.exitCode() != 0 || striking) {
                problem(how);
            }
        } else {
            scenario.hearEnd(child, how);
        }
    }

    private void draw() {
        frameDueNanos = clock.nanoTime() + view.period().toNanos();
        view.frame(new View.Frame(at(), ledger.totals(), scenario.redelivered(), scenario.parts(), scenario.flows()));
    }

    /** Returns the time since the load started, zero before. */
    private Duration at() {
        return loadReady ? Duration.ofNanos(clock.nanoTime() - startNanos) : Duration.ZERO;
    }

    @Override
    public DemoSettings settings() {
        return settings;
    }

    @Override
    public Fleet fleet() {
        return fleet;
    }

    @Override
    public Ledger ledger() {
        return ledger;
    }

    @Override
    public void event(String text) {
        view.event(at(), text);
    }

    @Override
    public void problem(String text) {
        problems.add(text);
    }

    @Override
    public boolean isStopping() {
        return stopping;
    }

    @Override
    public long dueNanos(Duration at) {
        return startNanos + at.toNanos();
    }

    @Override
    public long nowNanos() {
        return clock.nanoTime();
    }

    static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.1f ms", nanos / 1_000_000.0);
    }
}
