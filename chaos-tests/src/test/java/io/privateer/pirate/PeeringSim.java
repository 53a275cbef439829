package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * Brokers that lend each other workers, with their workers and clients, made of the production machines and codecs, over a
 * simulated network in virtual time, with faults. One seed fixes everything.
 *
 * <p>A world has three ages: in the first, faults strike; then they stop, all brokers must come to know each other again,
 * and whatever was left behind must settle; in the last, one cluster alone has workers, and every call must succeed.
 */
class PeeringSim extends Sim {

    private static final long LARGE_EVENTS_MAX = 15_000_000;

    final PeeringShape shape;
    final PeeringJudge judge;
    final List<SimBroker> brokers = new ArrayList<>();
    private final Map<SimQueue, List<SimWorker>> workersByQueue = new HashMap<>();
    private final Map<String, SimBroker> brokersByEndpoint = new HashMap<>();
    private final List<SimPath> cloudPaths = new ArrayList<>();
    private final List<SimPath> statePaths = new ArrayList<>();
    private final List<SimPath> frontPaths = new ArrayList<>();

    /** Makes brokers that know each other, without workers and clients. */
    PeeringSim(SimWorld world, SimSettings settings, PeeringShape shape) {
        super(world, settings);
        this.shape = shape;
        this.judge = new PeeringJudge(this);
        world.trace("SIM", "has", shape, settings);
        for (int i = 0; i < shape.brokers; i++) {
            SimBroker broker = new SimBroker(this, "b" + i);
            brokers.add(broker);
            queues.add(broker.queue);
            brokersByEndpoint.put(broker.cloudEndpoint(), broker);
            brokersByEndpoint.put(broker.stateEndpoint(), broker);
        }
        for (SimBroker broker : brokers) {
            brokers.stream().filter(other -> other != broker).forEach(broker::meet);
            cloudPaths.addAll(broker.cloudPaths.values());
            statePaths.addAll(broker.statePaths.values());
        }
    }

    private void populate() {
        int before = paths().size();
        addWorkers();
        for (List<Integer> known : shape.clients) {
            clients.add(new SimPrvClient(
                    this, "c" + clients.size(), known.stream().map(queues::get).toList()));
        }
        frontPaths.addAll(paths().subList(before, paths().size()));
    }

    private void addWorkers() {
        for (int i = 0; i < shape.brokers; i++) {
            SimQueue queue = queues.get(i);
            List<SimWorker> own = new ArrayList<>();
            for (int j = 0; j < shape.workers[i]; j++) {
                String service = shape.serviceOf(i, j, settings.services);
                own.add(new SimPrvWorker(this, queue.name + "w" + j, queue, service));
            }
            workersByQueue.put(queue, own);
            workers.addAll(own);
        }
    }

    static SimOutcome run(long seed, boolean tracing) {
        return run(seed, new SimWorld(seed, tracing), false);
    }

    /** Runs a world of the most brokers, each with the most workers. */
    static SimOutcome runLarge(long seed, boolean tracing) {
        return run(seed, new SimWorld(seed, tracing, LARGE_EVENTS_MAX), true);
    }

    private static SimOutcome run(long seed, SimWorld world, boolean large) {
        world.trace("SIM", "seed=" + seed);
        SimSettings settings = new SimSettings(world, true, true);
        PeeringSim sim = new PeeringSim(world, settings, new PeeringShape(world, settings, large));
        sim.populate();
        return SimOutcome.of(sim);
    }

    SimBroker brokerAt(String endpoint) {
        return Objects.requireNonNull(brokersByEndpoint.get(endpoint), endpoint);
    }

    List<SimWorker> workersOf(SimBroker broker) {
        return workersByQueue.getOrDefault(broker.queue, List.of());
    }

    List<SimPath> cloudPaths() {
        return cloudPaths;
    }

    List<SimPath> statePaths() {
        return statePaths;
    }

    List<SimPath> frontPaths() {
        return frontPaths;
    }

    /** Returns the endpoints that a broker is told at its start. */
    List<String> seedsOf(SimBroker broker) {
        int index = brokers.indexOf(broker);
        return index == 0 ? List.of() : List.of(brokers.get(shape.seeds[index]).stateEndpoint());
    }

    boolean faulty(PeeringFault fault, double probability) {
        return !isHealed() && shape.faults.contains(fault) && world.chance(probability);
    }

    @Override
    void tooLarge(SimPrvCalls.Call call) {
        check(shape.faults.contains(PeeringFault.SHORT_FRAMES), "all lenders take long frames", call);
        check(SimContent.frameBytesMax(call.body) > PeeringShape.SHORT_FRAME_BYTES, "what is short is taken", call);
        world.reach(PeeringGoal.TOO_LARGE_FOR_ALL_LENDERS);
    }

    /** Returns what a broker takes of others, in bytes per frame. */
    int frameBytesMax(SimBroker broker) {
        return shape.frameBytesMax(brokers.indexOf(broker));
    }

    @Override
    SimWatch watch(SimQueue queue) {
        return new PeeringWatch(this, queue);
    }

    /** All clocks are true. */
    @Override
    SimClock newClock() {
        return new SimClock(0, 0, 0);
    }

    @Override
    int driftPpm() {
        return 0;
    }

    @Override
    SimRecovery recovery(SimProcess peer, List<SimPath> ways) {
        return new SimQueueRecovery(peer, ways);
    }

    @Override
    void live() {
        for (SimBroker broker : brokers) {
            if (world.chance(0.8)) {
                broker.queue.start();
            } else {
                startLater(broker.queue);
            }
        }
        workers.forEach(SimProcess::start);
        clients.forEach(SimProcess::start);
        new PeeringNemesis(this).start();
        world.runFor(shape.faultyNanos);
        heal();
        world.runFor(shape.unnoticedNanosMax);
        runUntil(judge::isConverged, shape.convergeNanos());
        judge.checkConverged();
        // What is too large for a small queue is refused again and again, until its caller waits no longer.
        long callsEndNanos = Math.max(settings.callsEndNanos(), settings.callDeadline.toNanos());
        if (!runUntil(() -> clients.stream().noneMatch(SimAsker::isWaiting), callsEndNanos)) {
            clients.forEach(SimAsker::checkCallsEnded);
        }
        runUntil(this::isSettled, settings.settleNanos());
        checkSettled();
        leaveOneClusterWithWorkers();
        reachGoals();
    }

    /** Lets time pass until something has come about, but no longer than that; returns whether it has. */
    final boolean runUntil(BooleanSupplier done, long nanosMax) {
        long stepNanos = settings.heartbeatNanos / 4;
        for (long leftNanos = nanosMax; leftNanos > 0 && !done.getAsBoolean(); leftNanos -= stepNanos) {
            world.runFor(stepNanos);
        }
        return done.getAsBoolean();
    }

    private void heal() {
        endFaults();
        queues.forEach(SimQueue::finishClosing);
        paths().forEach(SimPath::heal);
        for (List<? extends SimProcess> group : List.of(queues, workers, clients)) {
            for (SimProcess process : group) {
                process.resume();
                process.start();
            }
        }
        workers.forEach(worker -> worker.changeCredit(settings.credit));
        if (shape.faults.contains(PeeringFault.PEER_REMOVED)) {
            for (SimBroker broker : brokers) {
                broker.cloudPaths.keySet().forEach(other -> broker.addPeer(other.stateEndpoint()));
            }
        }
    }

    private boolean isSettled() {
        return clients.stream().noneMatch(SimAsker::isWaiting)
                && brokers.stream().allMatch(this::isSettled);
    }

    private boolean isSettled(SimBroker broker) {
        QueueStats stats = broker.queue.stats();
        int expected = workersOf(broker).size();
        return stats.pending() == 0
                && stats.inFlight() == 0
                && stats.workersIdle() == expected
                && stats.workers() == expected;
    }

    private void checkSettled() {
        for (SimAsker client : clients) {
            check(!client.isWaiting(), "every call has ended", client.name);
        }
        for (SimBroker broker : brokers) {
            QueueStats stats = broker.queue.stats();
            int expected = workersOf(broker).size();
            check(stats.pending() == 0 && stats.inFlight() == 0, "every request has ended", broker, stats);
            check(stats.workersIdle() == expected, "every worker is back", expected, broker, stats);
            check(stats.workers() == expected, "no dead worker is kept", expected, broker, stats);
        }
    }

    /** Whatever is asked, and wherever, is done there. */
    private void leaveOneClusterWithWorkers() {
        SimBroker home = brokers.get(shape.home);
        workers.forEach(SimProcess::crash); // Some may hang in what nobody waits for.
        workersOf(home).forEach(SimProcess::start);
        world.runFor(2 * settings.queue.silenceNanos());
        for (SimAsker client : clients) {
            int expected = client.succeeded() + client.lastCalls();
            client.input(client::callAtLast);
            long limitNanos = 4 * settings.heartbeatNanos * client.lastCalls() + 4 * shape.stateIntervalNanos;
            runUntil(() -> client.succeeded() >= expected, limitNanos);
            check(client.succeeded() >= expected, "a healthy system answers", client.name);
        }
    }

    private void reachGoals() {
        if (shape.brokers == 12) {
            world.reach(PeeringGoal.TWELVE_BROKERS);
        }
        for (int count : shape.workers) {
            if (count > 100) {
                world.reach(PeeringGoal.HUNDREDS_OF_WORKERS);
            }
        }
    }
}
