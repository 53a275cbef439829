package io.privateer.pirate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Strikes brokers with the faults of their world until it is told to stop; knows nothing of what is checked. */
final class PeeringNemesis {

    private final PeeringSim sim;
    private final SimWorld world;
    private final long outageNanosMax;
    private final List<PeeringFault> strikes = new ArrayList<>();

    PeeringNemesis(PeeringSim sim) {
        this.sim = sim;
        this.world = sim.world;
        this.outageNanosMax = Math.max(
                3 * sim.settings.queue.silenceNanos(), sim.shape.expireAfterNanos + sim.shape.expireAfterNanos / 4);
        for (PeeringFault fault : sim.shape.faults) {
            if (fault.isStruck()) {
                strikes.add(fault);
            }
        }
    }

    void start() {
        if (!strikes.isEmpty()) {
            strikeLater();
        }
    }

    private void strikeLater() {
        world.in(world.between(0, sim.shape.strikeEveryNanosMax), () -> {
            if (!sim.isHealed()) {
                strike(world.any(strikes));
                strikeLater();
            }
        });
    }

    private void strike(PeeringFault fault) {
        switch (fault) {
            case BROKER_CRASH -> crash(anyBroker().queue);
            case BROKER_PAUSE -> pause(anyBroker().queue);
            case BROKER_CLOSE -> anyBroker().queue.close();
            case SWIZZLE -> swizzle();
            case WORKER_CRASH -> crash(world.any(sim.workers));
            case WORKER_PAUSE -> pause(world.any(sim.workers));
            case WORKER_DRAIN -> world.any(sim.workers).drain();
            case CREDIT_CHANGE ->
                world.any(sim.workers)
                        .changeCredit(world.chance(0.3) ? 0 : (int) world.between(1, sim.settings.creditMax() + 1));
            case CLUSTER_WITHOUT_WORKERS -> sim.workersOf(anyBroker()).forEach(this::crash);
            case CLIENT_CRASH -> crash(world.any(sim.clients));
            case CLIENT_PAUSE -> pause(world.any(sim.clients));
            case CLIENT_GIVES_UP -> world.any(sim.clients).giveUp();
            case CLOUD_CUT -> cut(world.any(sim.cloudPaths()));
            case STATE_CUT -> cut(world.any(sim.statePaths()));
            case FRONT_CUT -> cut(world.any(sim.frontPaths()));
            case ISOLATION -> isolate(anyBroker());
            case CONNECTION_BREAK -> world.any(sim.paths()).breakConnections();
            case HALF_OPEN_CONNECTION ->
                world.any(sim.paths()).breakUnnoticed(world.random().nextBoolean());
            case PEER_REMOVED -> removePeer(anyBroker(), anyBroker());
            default -> throw new IllegalArgumentException("is not struck: " + fault);
        }
    }

    private SimBroker anyBroker() {
        return world.any(sim.brokers);
    }

    private void crash(SimProcess process) {
        process.crash();
        sim.startLater(process);
    }

    private void pause(SimProcess process) {
        process.pause();
        world.in(world.between(0, outageNanosMax), process::resume);
    }

    /** Several are down together, and come back in another order. */
    private void swizzle() {
        List<SimBroker> down = new ArrayList<>(sim.brokers);
        Collections.shuffle(down, new Random(world.random().nextLong()));
        int count = (int) world.between(2, down.size() + 1);
        long atNanos = 0;
        for (SimBroker broker : down.subList(0, count)) {
            atNanos += world.between(0, outageNanosMax / count);
            world.in(atNanos, () -> {
                if (!sim.isHealed()) {
                    broker.queue.crash();
                }
            });
        }
        Collections.shuffle(down.subList(0, count), new Random(world.random().nextLong()));
        for (SimBroker broker : down.subList(0, count)) {
            atNanos += world.between(0, outageNanosMax / count);
            world.in(atNanos, broker.queue::start);
        }
        world.reach(PeeringGoal.BROKERS_SWIZZLED);
    }

    /** The other brokers do not see it, or it does not see them; its clients and workers do. */
    private void isolate(SimBroker broker) {
        boolean in = world.chance(0.8);
        boolean out = !in || world.chance(0.8);
        long nanos = world.between(0, outageNanosMax);
        for (SimBroker other : sim.brokers) {
            if (other != broker) {
                cutFor(nanos, broker.pathsTo(other), out, in);
                cutFor(nanos, other.pathsTo(broker), in, out);
            }
        }
    }

    private void cut(SimPath path) {
        boolean toServer = world.chance(0.7);
        boolean toPeer = !toServer || world.chance(0.7);
        cutFor(world.between(0, outageNanosMax), List.of(path), toServer, toPeer);
    }

    private void cutFor(long nanos, List<SimPath> paths, boolean toServer, boolean toPeer) {
        world.reach(toServer && toPeer ? PeeringGoal.CUT_BOTH_WAYS : PeeringGoal.CUT_ONE_WAY);
        paths.forEach(path -> path.cut(toServer, toPeer));
        boolean breaks = world.chance(0.3);
        world.in(nanos, () -> {
            if (!sim.isHealed()) {
                if (breaks) {
                    paths.forEach(SimPath::breakConnections);
                }
                paths.forEach(SimPath::heal);
            }
        });
    }

    private void removePeer(SimBroker broker, SimBroker peer) {
        if (broker != peer && broker.queue.isUp()) {
            broker.removePeer(peer.name);
            world.in(world.between(0, outageNanosMax), () -> {
                if (!sim.isHealed()) {
                    broker.addPeer(peer.stateEndpoint());
                }
            });
        }
    }
}
