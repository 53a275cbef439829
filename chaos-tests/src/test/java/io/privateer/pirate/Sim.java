package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.transport.Identity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Queues, workers and clients made of the production machines and codec, over a simulated network in virtual time, with
 * faults. One seed fixes everything.
 *
 * <p>A world has three ages: in the first, faults strike; then they stop, and whatever they left behind must settle; in
 * the last, every call must succeed, and the queues must drain.
 */
final class Sim {

    private static final int LAST_CALLS_EACH = 2;
    private static final int LAST_CALL_EVERY_HEARTBEATS = 2;

    final SimWorld world;
    final SimSettings settings;
    final SimCalls calls;
    final SimPrvCalls prvCalls;
    final List<SimQueue> queues = new ArrayList<>();
    final List<SimWorker> workers = new ArrayList<>();
    final List<SimAsker> clients = new ArrayList<>();
    final List<SimCrowd> crowds = new ArrayList<>();
    private final List<SimPath> paths = new ArrayList<>();
    private boolean healed;
    private long healedAtNanos;

    private Sim(long seed, boolean tracing) {
        this.world = new SimWorld(seed, tracing);
        this.settings = new SimSettings(world, isPrv(seed));
        this.calls = new SimCalls(this);
        this.prvCalls = new SimPrvCalls(this);
        world.trace("SIM", "seed=" + seed, settings);
        for (int i = 0; i < settings.queues; i++) {
            SimQueue queue = new SimQueue(this, "queue" + i);
            queues.add(queue);
            addWorkers(queue);
        }
        for (int i = 0; i < settings.clients; i++) {
            clients.add(new SimClient(this, "client" + i, queues));
        }
        for (int i = 0; i < settings.prvClients; i++) {
            clients.add(new SimPrvClient(this, "prv" + i, queues));
        }
        for (int i = 0; i < settings.crowds; i++) {
            crowds.add(new SimCrowd(this, "crowd" + i, queues.get(i % queues.size())));
        }
    }

    /**
     * How a world went.
     *
     * @param failure what went wrong, or nothing
     */
    record Outcome(String failure, Set<SimGoal> reached, long events, Iterable<String> trace) {
        boolean isGood() {
            return failure.isEmpty();
        }
    }

    /** Two worlds of five have peers of PRV/1, besides others. */
    private static boolean isPrv(long seed) {
        return Math.floorMod(seed, 5) >= 3;
    }

    static Outcome run(long seed, boolean tracing) {
        Sim sim = new Sim(seed, tracing);
        String failure = "";
        try {
            sim.live();
        } catch (AssertionError | RuntimeException e) {
            StackTraceElement[] stack = e.getStackTrace();
            failure = e + (stack.length > 1 ? " at " + stack[0] + " from " + stack[1] : "");
            sim.world.trace("SIM", failure);
        }
        return new Outcome(failure, sim.world.reached(), sim.world.eventsRun(), sim.world.trace());
    }

    SimPath path(SimProcess peer, SimQueue queue) {
        SimPath path = new SimPath(peer, queue);
        paths.add(path);
        return path;
    }

    List<SimPath> paths() {
        return paths;
    }

    boolean isHealed() {
        return healed;
    }

    /** Returns for how long there have been no faults. */
    long healedNanos() {
        return healed ? world.now() - healedAtNanos : 0;
    }

    boolean faulty(SimFault fault, double probability) {
        return !healed && settings.faults.contains(fault) && world.chance(probability);
    }

    void startLater(SimProcess process) {
        if (healed) {
            world.in(settings.heartbeatNanos, process::start);
        } else {
            world.in(world.between(0, 2 * settings.queue.silenceNanos()), process::start);
        }
    }

    boolean isServed(String service) {
        return workers.stream()
                .anyMatch(worker -> worker.isUp() && worker.service().equals(service));
    }

    int queueRestarts() {
        int restarts = 0;
        for (SimQueue queue : queues) {
            restarts += queue.life();
        }
        return restarts;
    }

    /** Draws how long a message flies: mostly a moment, at times much longer. */
    long flightNanos() {
        boolean slow = faulty(SimFault.SLOW_NETWORK, 0.3);
        return slow || world.chance(0.01)
                ? world.between(0, settings.flightNanosMax())
                : world.between(20_000, 300_000);
    }

    private void addWorkers(SimQueue queue) {
        for (int i = 0; i < settings.prvWorkers; i++) {
            String service = settings.services.get(i % settings.services.size());
            workers.add(new SimPrvWorker(this, "worker" + workers.size(), queue, service));
        }
        for (int i = 0; i < settings.pirateWorkers; i++) {
            workers.add(new SimPirateWorker(this, "ours" + workers.size(), queue));
        }
        for (int i = 0; i < settings.guideWorkers; i++) {
            workers.add(new SimGuideWorker(this, "guide" + workers.size(), queue));
        }
        for (int i = 0; i < settings.simpleWorkers; i++) {
            workers.add(new SimSimpleWorker(this, "simple" + workers.size(), queue));
        }
    }

    private void live() {
        queues.forEach(SimProcess::start);
        workers.forEach(SimProcess::start);
        clients.forEach(SimProcess::start);
        crowds.forEach(SimProcess::start);
        new SimNemesis(this).start();
        world.runFor(settings.faultyNanos);
        heal();
        world.runFor(settings.callsEndNanos());
        clients.forEach(SimAsker::checkCallsEnded);
        world.runFor(settings.settleNanos());
        checkSettled();
        makeLastCalls();
        drain();
    }

    private void heal() {
        world.trace("SIM", "no fault from here on");
        healed = true;
        healedAtNanos = world.now();
        queues.forEach(SimQueue::finishClosing);
        paths.forEach(SimPath::heal);
        for (List<? extends SimProcess> group : List.of(queues, workers, clients, crowds)) {
            for (SimProcess process : group) {
                process.resume();
                process.start();
            }
        }
        workers.forEach(worker -> worker.changeCredit(settings.credit));
        // Nothing but a restart brings back a Simple Pirate worker that waits for work on a queue without memory of it.
        for (SimWorker worker : workers) {
            if (worker instanceof SimSimpleWorker) {
                worker.crash();
                startLater(worker);
            }
        }
    }

    private void checkSettled() {
        for (SimAsker client : clients) {
            check(!client.isWaiting(), "every call has ended", client.name);
        }
        for (SimQueue queue : queues) {
            QueueStats stats = queue.stats();
            check(stats.pending() == 0 && stats.inFlight() == 0, "every request has ended", stats);
            int expected = workers.size() / queues.size();
            check(stats.workersIdle() == expected, "every worker is back", expected, queue.name, stats);
            check(stats.workers() == expected, "no dead worker is kept", expected, queue.name, stats);
        }
    }

    private void makeLastCalls() {
        for (int round = 0; round < LAST_CALLS_EACH; round++) {
            for (SimAsker client : clients) {
                int expected = client.succeeded() + client.lastCalls();
                client.input(client::callAtLast);
                world.runFor(LAST_CALL_EVERY_HEARTBEATS * settings.heartbeatNanos * client.lastCalls());
                check(client.succeeded() == expected, "a healthy system answers", client.name);
            }
        }
    }

    private void drain() {
        Identity latecomer = Identity.wrap("latecomer".getBytes(StandardCharsets.UTF_8));
        for (SimQueue queue : queues) {
            queue.drain();
            world.runFor(settings.heartbeatNanos);
            check(queue.watch().isDrained(), "a drained queue says so", queue.name);
            long rejected = queue.stats().rejected();
            queue.refuseOneMore(latecomer, SimContent.request(world, "too late", false));
            check(queue.stats().rejected() == rejected + 1, "a drained queue takes nothing", queue.name);
        }
    }
}
