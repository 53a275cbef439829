package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.transport.Identity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Queues, workers and clients made of the production machines and codec, over a simulated network in virtual time, with
 * faults. One seed fixes everything.
 *
 * <p>A world has three ages: in the first, faults strike; then they stop, and whatever they left behind must settle; in
 * the last, every call must succeed, and the queues must drain.
 */
final class QueueSim extends Sim {

    final List<SimCrowd> crowds = new ArrayList<>();

    private QueueSim(long seed, SimWorld world) {
        super(world, new SimSettings(world, isPrv(seed)));
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

    /** Two worlds of five have peers of PRV/1, besides others. */
    private static boolean isPrv(long seed) {
        return Math.floorMod(seed, 5) >= 3;
    }

    static SimOutcome run(long seed, boolean tracing) {
        return SimOutcome.of(new QueueSim(seed, new SimWorld(seed, tracing)));
    }

    @Override
    SimWatch watch(SimQueue queue) {
        return settings.prv ? new PrvWatch(this, queue) : new QueueModel(this, queue);
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

    @Override
    void live() {
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
        endFaults();
        queues.forEach(SimQueue::finishClosing);
        paths().forEach(SimPath::heal);
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
