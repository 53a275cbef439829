package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.binarystar.Role;
import io.privateer.binarystar.StarLife;
import io.privateer.binarystar.StarMode;
import io.privateer.pirate.SimPrvCalls.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Two servers of a pair, which replicate in half of the worlds, perhaps their witness, and clients and workers of PRV/1, made of the production machines and
 * codecs, over a simulated network in virtual time, with faults. One seed fixes everything.
 *
 * <p>A world has three ages: in the first, faults strike; then they stop, and the pair must come to one server that is
 * active and one that stands by, even if one of them never reaches the witness; in the last, every call must succeed.
 */
final class PairSim extends Sim {

    private static final int MODES = 10;

    final PairSettings pair;
    final PairServer primary;
    final PairServer backup;
    final PairJudge judge;
    final List<PairWorker> pairWorkers = new ArrayList<>();
    private final @Nullable PairWitness witness;
    private final List<SimPath> frontPaths = new ArrayList<>();

    /** The way from one server to the witness that stays cut until the pair is to lose a server as well. */
    private @Nullable SimPath severed;

    private PairSim(long seed, SimWorld world) {
        super(world, new SimSettings(world, true));
        this.pair = new PairSettings(world, settings, modeOf(seed), replicates(seed));
        this.judge = new PairJudge(this);
        world.trace("SIM", "seed=" + seed, pair, settings);
        this.primary = new PairServer(this, Role.PRIMARY);
        this.backup = new PairServer(this, Role.BACKUP);
        this.witness = pair.hasWitness() ? new PairWitness(this, pair.leaseNanosMax) : null;
        primary.meet(backup, witness);
        backup.meet(primary, witness);
        queues.add(primary.queue);
        queues.add(backup.queue);
        int before = paths().size();
        for (int i = 0; i < settings.prvWorkers; i++) {
            String service = settings.services.get(i % settings.services.size());
            PairWorker worker = new PairWorker(this, "worker" + i, service, queues);
            pairWorkers.add(worker);
            workers.addAll(worker.sides);
        }
        for (int i = 0; i < settings.prvClients; i++) {
            clients.add(new SimPrvClient(this, "prv" + i, queues));
        }
        frontPaths.addAll(paths().subList(before, paths().size()));
    }

    static SimOutcome run(long seed, boolean tracing) {
        return SimOutcome.of(new PairSim(seed, new SimWorld(seed, tracing)));
    }

    /** Four worlds of ten have no witness, five have one, and in one the operator decides. */
    private static StarMode modeOf(long seed) {
        int kind = Math.floorMod(seed, MODES);
        if (kind == MODES - 1) {
            return StarMode.MANUAL;
        }
        return kind % 2 == 0 && kind < MODES - 2 ? StarMode.PAIR : StarMode.PAIR_WITH_WITNESS;
    }

    /** Ten worlds do, the next ten do not, whatever their modes. */
    private static boolean replicates(long seed) {
        return Math.floorMod(Math.floorDiv(seed, MODES), 2) == 1;
    }

    List<PairServer> servers() {
        return List.of(primary, backup);
    }

    PairServer serverOf(SimQueue queue) {
        return primary.queue == queue ? primary : backup;
    }

    PairWorker workerOf(SimPrvWorker side) {
        return pairWorkers.stream()
                .filter(worker -> worker.sides.contains(side))
                .findFirst()
                .orElseThrow();
    }

    SimGroup witness() {
        return new SimGroup(Objects.requireNonNull(witness));
    }

    SimPath toWitness(PairServer server) {
        return Objects.requireNonNull(server.star.toWitness());
    }

    /** Returns for how long the witness has not run; 0 if it runs. */
    long witnessGoneNanos() {
        return witness == null || witness.isRunning() ? 0 : world.now() - witness.disturbedAtNanos();
    }

    List<SimPath> frontPaths() {
        return frontPaths;
    }

    boolean faulty(PairFault fault, double probability) {
        return !isHealed() && pair.faults.contains(fault) && world.chance(probability);
    }

    @Override
    SimWatch watch(SimQueue queue) {
        return new PairWatch(this, queue);
    }

    /** Clocks begin anywhere, and the rates of any two differ by no more than servers are told. */
    @Override
    SimClock newClock() {
        int fastPpm = (int) world.between(-pair.driftPpm / 2, pair.driftPpm / 2 + 1);
        long reading = world.chance(0.5)
                ? world.random().nextLong()
                : Long.MAX_VALUE - world.random().nextLong(SimSettings.FAULTY_NANOS_MAX);
        return new SimClock(world.now(), reading, fastPpm);
    }

    @Override
    int driftPpm() {
        return pair.driftPpm;
    }

    @Override
    void executing(SimPrvWorker side, long deliveryId, byte[][] body) {
        if (judge.runs != null) {
            judge.runs.begins(Objects.requireNonNull(prvCalls.of(body)), side, deliveryId);
        }
    }

    @Override
    void mayHaveRun(Call call) {
        if (judge.runs != null) {
            judge.runs.mayHaveRun(call);
        }
    }

    @Override
    void handedOver(SimPrvWorker side, int deliveries) {
        if (deliveries > 0) {
            world.reach(PairGoal.WORK_HANDED_OVER);
        }
    }

    /** That a client finds the server that serves is seen by its calls. */
    @Override
    SimRecovery recovery(SimProcess peer, List<SimPath> ways) {
        return new SimRecovery() {
            @Override
            public void onKnown(int path) {}

            @Override
            public void checkInTime(int path, boolean welcome) {}
        };
    }

    @Override
    void live() {
        startAll();
        new PairNemesis(this).start();
        world.runFor(settings.faultyNanos);
        heal();
        world.runFor(severed == null ? pair.convergeNanos() : 2 * pair.convergeNanos());
        if (pair.mode == StarMode.MANUAL) {
            decide();
        }
        judge.checkConverged();
        world.runFor(settings.callsEndNanos());
        clients.forEach(SimAsker::checkCallsEnded);
        world.runFor(settings.settleNanos());
        checkSettled();
        makeLastCalls();
        judge.checkConverged();
        if (severed != null) {
            severed.heal();
        }
        loseOneForGood();
    }

    /** Whoever is active is gone: the other one takes over for the clients that ask it. */
    private void loseOneForGood() {
        PairServer lost = primary.star.isActive() ? primary : backup;
        PairServer left = lost.peer();
        lost.process.crash();
        clients.forEach(client -> client.input(client::call));
        world.runFor(pair.convergeNanos());
        if (pair.mode == StarMode.MANUAL) {
            check(!left.star.isActive(), "only the operator decides", left);
            left.star.command("promote", StarLife::promote, PairGoal.OPERATOR_PROMOTED);
            world.runFor(pair.convergeNanos());
        }
        check(left.star.isActive() && left.queueServes(), "one server is enough", left);
        world.runFor(settings.callsEndNanos());
        makeLastCalls();
    }

    private void startAll() {
        servers().forEach(server -> {
            if (world.chance(0.8)) {
                server.process.start();
            } else {
                startLater(server.process);
            }
        });
        if (witness != null) {
            witness.start();
        }
        pairWorkers.forEach(worker -> worker.process.start());
        clients.forEach(SimProcess::start);
    }

    private void heal() {
        endFaults();
        paths().forEach(SimPath::heal);
        List<SimGroup> processes = new ArrayList<>();
        if (witness != null) {
            processes.add(witness());
        }
        pairWorkers.forEach(worker -> processes.add(worker.process));
        clients.forEach(client -> processes.add(new SimGroup(client)));
        servers().forEach(this::mend);
        servers().forEach(server -> processes.add(server.process));
        if (witness != null && world.chance(0.5)) {
            sever();
        }
        for (SimGroup process : processes) {
            process.resume();
            process.start();
        }
    }

    /** All but one of the links to the witness is healed. */
    private void sever() {
        severed = toWitness(world.any(servers()));
        severed.cut(true, true);
        switch ((int) world.between(0, 3)) {
            case 0 -> servers().forEach(server -> server.process.crash()); // And begin anew.
            case 1 -> servers().forEach(this::handOver);
            default -> servers().forEach(this::outliveLease);
        }
    }

    private void handOver(PairServer server) {
        world.in(pair.leaseNanosMax, () -> {
            if (server.star.isActive()) {
                server.star.command("step down", StarLife::stepDown, PairGoal.OPERATOR_STEPPED_DOWN);
            }
        });
    }

    private void outliveLease(PairServer server) {
        world.in(pair.leaseNanosMax, () -> {
            if (server.star.isActive()) {
                server.process.pause();
                world.in(2 * pair.leaseNanosMax, server.process::resume);
            }
        });
    }

    /** The operator gives back its epoch to a server that cannot read it, and restarts one whose queue has ended. */
    private void mend(PairServer server) {
        if (server.star.disk.isTorn()) {
            server.process.crash();
            server.star.disk.mend(judge.newestEpoch());
        } else if (server.queue.isUp() && server.queue.isEnded()) {
            server.process.crash();
        }
    }

    /** Where the operator decides, nobody is active before that. */
    private void decide() {
        boolean active = primary.star.isActive() || backup.star.isActive();
        if (!active) {
            world.any(servers()).star.command("promote", StarLife::promote, PairGoal.OPERATOR_PROMOTED);
            world.runFor(pair.convergeNanos());
        }
    }

    private void checkSettled() {
        for (SimAsker client : clients) {
            check(!client.isWaiting(), "every call has ended", client.name);
        }
        for (PairServer server : servers()) {
            QueueStats stats = server.queue.stats();
            check(stats.pending() == 0 && stats.inFlight() == 0, "every request has ended", server, stats);
            check(stats.workers() == settings.prvWorkers, "every worker is known, and no dead one", server, stats);
            boolean idle = !stats.active() || stats.workersIdle() == settings.prvWorkers;
            check(idle, "every worker is back", server, stats);
        }
    }
}
