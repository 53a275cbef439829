package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import java.util.ArrayList;
import java.util.List;

/** What every simulated world has: queues, workers and clients, the network between them, and an end to its faults. */
abstract class Sim {

    private static final int LAST_CALLS_EACH = 2;
    private static final int LAST_CALL_EVERY_HEARTBEATS = 2;

    final SimWorld world;
    final SimSettings settings;
    final SimCalls calls;
    final SimPrvCalls prvCalls;
    final List<SimQueue> queues = new ArrayList<>();
    final List<SimWorker> workers = new ArrayList<>();
    final List<SimAsker> clients = new ArrayList<>();
    private final List<SimPath> paths = new ArrayList<>();
    private boolean healed;
    private long healedAtNanos;

    Sim(SimWorld world, SimSettings settings) {
        this.world = world;
        this.settings = settings;
        this.calls = new SimCalls(this);
        this.prvCalls = new SimPrvCalls(this);
    }

    /** Lets time pass until all is told. */
    abstract void live();

    /** Returns what watches a new life of {@code queue}. */
    abstract SimWatch watch(SimQueue queue);

    /** Returns the clock of a new process. */
    abstract SimClock newClock();

    /** Returns by how many millionths the rates of two clocks may differ. */
    abstract int driftPpm();

    /** A worker's handler is called. */
    void executing(SimPrvWorker side, long deliveryId, byte[][] body) {}

    /** A call has ended because it may have run. */
    void mayHaveRun(SimPrvCalls.Call call) {}

    /** A call has ended because it was too large. */
    void tooLarge(SimPrvCalls.Call call) {
        throw new SimViolation("nothing is too large here: " + call);
    }

    /** One side of a worker has taken over what another held. */
    void handedOver(SimPrvWorker side, int deliveries) {}

    /** Returns what peers of PRV/1 may hope for when they have lost their queue. */
    abstract SimRecovery recovery(SimProcess peer, List<SimPath> paths);

    final SimPath path(SimProcess peer, SimProcess server) {
        SimPath path = new SimPath(peer, server);
        paths.add(path);
        return path;
    }

    final List<SimPath> paths() {
        return paths;
    }

    final boolean isHealed() {
        return healed;
    }

    /** Returns for how long there have been no faults. */
    final long healedNanos() {
        return healed ? world.now() - healedAtNanos : 0;
    }

    /** From here on nothing fails any more. */
    final void endFaults() {
        world.trace("SIM", "no fault from here on");
        healed = true;
        healedAtNanos = world.now();
    }

    final boolean faulty(SimFault fault, double probability) {
        return !healed && settings.faults.contains(fault) && world.chance(probability);
    }

    final void startLater(SimProcess process) {
        startLater(new SimGroup(process));
    }

    final void startLater(SimGroup group) {
        if (healed) {
            world.in(settings.heartbeatNanos, group::start);
        } else {
            world.in(world.between(0, 2 * settings.queue.silenceNanos()), group::start);
        }
    }

    final boolean isServed(String service) {
        return workers.stream()
                .anyMatch(worker -> worker.isUp() && worker.service().equals(service));
    }

    final int queueRestarts() {
        int restarts = 0;
        for (SimQueue queue : queues) {
            restarts += queue.life();
        }
        return restarts;
    }

    /** Draws how long a message flies: mostly a moment, at times much longer. */
    final long flightNanos() {
        boolean slow = faulty(SimFault.SLOW_NETWORK, 0.3);
        return slow || world.chance(0.01)
                ? world.between(0, settings.flightNanosMax())
                : world.between(20_000, 300_000);
    }

    final void makeLastCalls() {
        for (int round = 0; round < LAST_CALLS_EACH; round++) {
            for (SimAsker client : clients) {
                int expected = client.succeeded() + client.lastCalls();
                client.input(client::callAtLast);
                world.runFor(LAST_CALL_EVERY_HEARTBEATS * settings.heartbeatNanos * client.lastCalls());
                check(client.succeeded() >= expected, "a healthy system answers", client.name);
            }
        }
    }
}
