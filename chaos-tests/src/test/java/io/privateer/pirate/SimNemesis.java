package io.privateer.pirate;

import java.util.ArrayList;
import java.util.List;

/** Strikes with the faults of its world until it is told to stop; knows nothing of what is checked. */
final class SimNemesis {

    private final QueueSim sim;
    private final SimWorld world;
    private final long silenceNanos;
    private final List<SimFault> strikes = new ArrayList<>();

    SimNemesis(QueueSim sim) {
        this.sim = sim;
        this.world = sim.world;
        this.silenceNanos = sim.settings.queue.silenceNanos();
        for (SimFault fault : sim.settings.faults) {
            if (fault.isStruck() && (sim.settings.prv || !fault.isOfPrv())) {
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
        world.in(world.between(0, sim.settings.faultEveryNanosMax), () -> {
            if (!sim.isHealed()) {
                strike(strikes.get(world.random().nextInt(strikes.size())));
                strikeLater();
            }
        });
    }

    private void strike(SimFault fault) {
        switch (fault) {
            case WORKER_CRASH -> crash(world.any(sim.workers));
            case WORKER_PAUSE -> pause(world.any(sim.workers), pauseNanosMax());
            case WORKER_DRAIN -> world.any(sim.workers).drain();
            case QUEUE_CRASH -> crash(world.any(sim.queues));
            case QUEUE_PAUSE -> pause(world.any(sim.queues), 3 * silenceNanos);
            case QUEUE_CLOSE -> world.any(sim.queues).close();
            case CONNECTION_BREAK -> world.any(sim.paths()).breakConnections();
            case HALF_OPEN_CONNECTION ->
                world.any(sim.paths()).breakUnnoticed(world.random().nextBoolean());
            case ONE_WAY_CUT -> {
                boolean toServer = world.random().nextBoolean();
                cut(world.any(sim.paths()), toServer, !toServer);
            }
            case PARTITION -> cut(world.any(sim.paths()), true, true);
            case CLIENT_VANISHES -> crash(anyClientOrCrowd());
            case SERVICE_OUTAGE -> crashAllOf(world.any(sim.settings.services));
            case CLIENT_PAUSE -> pause(anyClientOrCrowd(), pauseNanosMax());
            case CREDIT_CHANGE ->
                world.any(sim.workers)
                        .changeCredit(world.chance(0.3) ? 0 : (int) world.between(1, sim.settings.creditMax() + 1));
            case CLIENT_GIVES_UP -> world.any(sim.clients).giveUp();
            default -> throw new IllegalArgumentException("is not struck: " + fault);
        }
    }

    private void crash(SimProcess process) {
        process.crash();
        sim.startLater(process);
    }

    private void crashAllOf(String service) {
        for (SimWorker worker : sim.workers) {
            if (worker.service().equals(service)) {
                crash(worker);
            }
        }
    }

    private SimProcess anyClientOrCrowd() {
        return sim.crowds.isEmpty() || world.chance(0.7) ? world.any(sim.clients) : world.any(sim.crowds);
    }

    /** Some pauses are so long that whoever waits for the process may forget it. */
    private long pauseNanosMax() {
        return world.chance(0.1) ? 12 * silenceNanos : 3 * silenceNanos;
    }

    private void pause(SimProcess process, long nanosMax) {
        process.pause();
        world.in(world.between(0, nanosMax), process::resume);
    }

    private void cut(SimPath path, boolean toServer, boolean toPeer) {
        path.cut(toServer, toPeer);
        world.in(world.between(0, 3 * silenceNanos), () -> {
            if (!sim.isHealed()) {
                if (world.chance(0.3)) {
                    path.breakConnections();
                }
                path.heal();
            }
        });
    }
}
