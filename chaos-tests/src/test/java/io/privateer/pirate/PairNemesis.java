package io.privateer.pirate;

import io.privateer.binarystar.StarLife;
import io.privateer.binarystar.StarMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Strikes a pair with the faults of its world until it is told to stop; knows nothing of what is checked. */
final class PairNemesis {

    private final PairSim sim;
    private final SimWorld world;
    private final long outageNanosMax;
    private final List<PairFault> strikes = new ArrayList<>();

    PairNemesis(PairSim sim) {
        this.sim = sim;
        this.world = sim.world;
        this.outageNanosMax = sim.pair.outageNanosMax;
        for (PairFault fault : sim.pair.faults) {
            if (fault.isStruck()) {
                strikes.add(fault);
            }
        }
        if (sim.pair.mode == StarMode.MANUAL && !strikes.contains(PairFault.OPERATOR)) {
            strikes.add(PairFault.OPERATOR);
        }
    }

    void start() {
        if (!strikes.isEmpty()) {
            strikeLater();
        }
    }

    private void strikeLater() {
        world.in(world.between(0, sim.settings.faultEveryNanosMax), () -> {
            if (!sim.isHealed()) {
                strike(strikes.get(world.random().nextInt(strikes.size())));
                strikeLater();
            }
        });
    }

    private void strike(PairFault fault) {
        switch (fault) {
            case SERVER_CRASH -> anyServer().restart(sim);
            case SERVER_PAUSE -> pause(anyServer().process);
            case SERVER_DRAIN -> anyServer().drain(sim);
            case BOTH_CRASH -> {
                world.reach(PairGoal.PAIR_BOTH_RESTARTED);
                sim.servers().forEach(server -> server.restart(sim));
            }
            case WITNESS_CRASH -> {
                if (world.chance(0.5)) {
                    restartAtOnce(sim.witness());
                } else {
                    crash(sim.witness());
                }
            }
            case WITNESS_PAUSE -> pause(sim.witness());
            case WORKER_CRASH -> crash(world.any(sim.pairWorkers).process);
            case WORKER_PAUSE -> pause(world.any(sim.pairWorkers).process);
            case CLIENT_CRASH -> crash(new SimGroup(world.any(sim.clients)));
            case CLIENT_PAUSE -> pause(new SimGroup(world.any(sim.clients)));
            case CLIENT_GIVES_UP -> world.any(sim.clients).giveUp();
            case STATE_CUT -> cutState();
            case STREAM_CUT -> cut(Objects.requireNonNull(anyServer().star.streamToPeer()), true, world.chance(0.7));
            case WITNESS_CUT -> cut(sim.toWitness(anyServer()), world.chance(0.7), world.chance(0.7));
            case FRONT_CUT -> cut(world.any(sim.frontPaths()), world.chance(0.7), world.chance(0.7));
            case ISOLATION -> isolate(anyServer());
            case CONNECTION_BREAK -> world.any(sim.paths()).breakConnections();
            case HALF_OPEN_CONNECTION ->
                world.any(sim.paths()).breakUnnoticed(world.random().nextBoolean());
            case OPERATOR -> command(anyServer());
            default -> throw new IllegalArgumentException("is not struck: " + fault);
        }
    }

    private PairServer anyServer() {
        return world.any(sim.servers());
    }

    private void crash(SimGroup process) {
        process.crash();
        sim.startLater(process);
    }

    private void pause(SimGroup process) {
        process.pause();
        world.in(world.between(0, outageNanosMax), process::resume);
    }

    /** Mostly all links, at times only one; mostly both ways, at times only one. */
    private void cutState() {
        PairServer from = anyServer();
        boolean back = world.chance(0.6);
        List<SimPath> there = from.star.toPeer();
        List<SimPath> here = from.peer().star.toPeer();
        int only = world.chance(0.2) ? world.random().nextInt(there.size()) : -1;
        long nanos = world.between(0, outageNanosMax);
        for (int link = 0; link < there.size(); link++) {
            if (only < 0 || only == link) {
                cutFor(nanos, there.get(link), true, back);
                cutFor(nanos, here.get(link), back, true);
            }
        }
        if (only <= 0) {
            cutStream(from, nanos, true, back);
            cutStream(from.peer(), nanos, back, true);
        }
    }

    /** It goes where the first link goes. */
    private void cutStream(PairServer from, long nanos, boolean toServer, boolean toPeer) {
        SimPath stream = from.star.streamToPeer();
        if (stream != null) {
            cutFor(nanos, stream, toServer, toPeer);
        }
    }

    /** The server sees neither the other one nor the witness; some clients and workers see it, and others do not. */
    private void isolate(PairServer server) {
        long nanos = world.between(0, outageNanosMax);
        if (!sim.pair.hasWitness()) {
            isolateFromPeer(server, nanos);
        } else if (world.chance(0.4)) {
            cutFor(nanos, sim.toWitness(server), true, true);
            isolateFromPeer(server, nanos);
        } else if (world.chance(0.3)) {
            leaveToForgetfulWitness(server, nanos);
        } else {
            isolateSlowly(server, nanos);
        }
    }

    private void isolateFromPeer(PairServer server, long nanos) {
        server.star.toPeer().forEach(way -> cutFor(nanos, way, true, true));
        server.peer().star.toPeer().forEach(way -> cutFor(nanos, way, true, true));
        cutStream(server, nanos, true, true);
        cutStream(server.peer(), nanos, true, true);
        for (SimPath way : sim.frontPaths()) {
            if (way.server == server.queue && world.chance(0.3)) {
                cutFor(nanos, way, true, true);
                way.breakConnections();
            }
        }
    }

    /** It loses the witness first, and serves by the other one's promise alone when it loses that as well. */
    private void isolateSlowly(PairServer server, long nanos) {
        long laterNanos = world.between(sim.pair.leaseNanos, 2 * sim.pair.leaseNanos);
        boolean forgets = world.chance(0.4);
        cutFor(laterNanos + nanos, sim.toWitness(server), true, true);
        world.in(laterNanos, () -> {
            if (!sim.isHealed()) {
                isolateFromPeer(server, nanos);
                if (forgets) {
                    restartAtOnce(server.peer().process);
                }
            }
        });
    }

    /** It serves by the witness's promise alone, of which the witness's next life knows nothing. */
    private void leaveToForgetfulWitness(PairServer server, long nanos) {
        long laterNanos = world.between(sim.pair.leaseNanos, 2 * sim.pair.leaseNanos);
        isolateFromPeer(server, laterNanos + nanos);
        world.in(laterNanos, () -> {
            if (!sim.isHealed()) {
                restartAtOnce(sim.witness());
            }
        });
    }

    private void restartAtOnce(SimGroup process) {
        process.crash();
        world.in(world.between(0, sim.pair.heartbeatNanos / 2), process::start);
    }

    private void cut(SimPath path, boolean toServer, boolean toPeer) {
        cutFor(world.between(0, outageNanosMax), path, toServer, toPeer);
    }

    private void cutFor(long nanos, SimPath path, boolean toServer, boolean toPeer) {
        path.cut(toServer, toPeer);
        boolean breaks = world.chance(0.3);
        world.in(nanos, () -> {
            if (!sim.isHealed()) {
                if (breaks) {
                    path.breakConnections();
                }
                path.heal();
            }
        });
    }

    /** At times the queue, which has a loop of its own, hears late of what comes of it. */
    private void command(PairServer server) {
        PairStar star = server.star;
        if (world.chance(0.3)) {
            pause(new SimGroup(server.queue));
        }
        switch ((int) world.between(0, 3)) {
            case 0 -> star.command("promote", StarLife::promote, PairGoal.OPERATOR_PROMOTED);
            case 1 -> star.command("step down", StarLife::stepDown, PairGoal.OPERATOR_STEPPED_DOWN);
            default -> star.command("fail back", StarLife::failBack, PairGoal.OPERATOR_FAILED_BACK);
        }
    }
}
