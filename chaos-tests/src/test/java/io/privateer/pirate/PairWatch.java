package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import io.privateer.core.wire.Status;
import org.jspecify.annotations.Nullable;

/** Watches one life of a queue that belongs to a pair: its counts agree, and it serves only while it may. */
final class PairWatch implements SimWatch {

    private final PairSim sim;
    private final SimQueue queue;
    private final RecordReader reader = new RecordReader();
    private final @Nullable PairRuns runs;
    private boolean active;
    private boolean begins;
    private @Nullable PeerId welcomedAs;
    private boolean comesLate;
    private long epoch;
    private boolean drained;

    PairWatch(PairSim sim, SimQueue queue) {
        this.sim = sim;
        this.queue = queue;
        this.runs = sim.judge.runs;
    }

    /** What was said on a connection that its worker has replaced may come behind what is said on the new one. */
    @Override
    public void onWorkerMessage(Identity worker, byte[][] frames) {
        SimConnection connection = queue.backend.connectionOf(worker);
        comesLate = connection == null || !connection.dealer.uses(connection);
    }

    @Override
    public void sentToWorker(Identity worker, byte[][] frames) {
        reader.open(frames);
        while (reader.next()) {
            observeWelcome();
            if (reader.type() == Prv.REQUEST && runs != null) {
                runs.given(sim.serverOf(queue), reader.id());
            }
            if (reader.type() == Prv.REQUEST && active) {
                sim.world.trace(queue.name, "delivers", reader.id(), "to", worker);
                checkServes("what is delivered");
            }
        }
        noteWelcome(queue.backend.connectionOf(worker));
    }

    @Override
    public void sentToClient(Identity client, byte[][] frames) {
        reader.open(frames);
        while (reader.next()) {
            observeWelcome();
            if (reader.type() == Prv.REPLY && reader.status() == Status.OK && active) {
                checkServes("what is answered");
            }
        }
        noteWelcome(queue.frontend.connectionOf(client));
    }

    private void observeWelcome() {
        if (reader.type() == Prv.WELCOME) {
            welcomedAs = reader.isStandby() ? null : reader.peer();
        }
    }

    /**
     * Of what a message says the last counts: the queue may have been told several things in one turn. What it says on a
     * connection that is gone may be older than that.
     */
    private void noteWelcome(@Nullable SimConnection connection) {
        if (begins && welcomedAs != null && connection != null) {
            begins = false;
            sim.judge.servesAs(sim.serverOf(queue), welcomedAs);
        }
        welcomedAs = null;
    }

    /** What was decided before it was told to stand by may still leave, and tells the epoch that replaced it. */
    private void checkServes(String what) {
        check(reader.epoch() == epoch, what + " is so under the server's own epoch", queue.name, reader.epoch(), epoch);
        check(!sim.serverOf(queue).isLeaseOver(), what + " is so while the lease lasts", queue.name);
    }

    @Override
    public void drained() {
        check(!drained, "drained once", queue.name);
        drained = true;
    }

    @Override
    public boolean isDrained() {
        return drained;
    }

    @Override
    public void onDeliveryReturned(DeliveryReturned event) {
        sim.world.trace(queue.name, "takes back", event);
        if (runs != null && (event.cause() != LossCause.GAVE_BACK || comesLate)) {
            runs.takenBack(event.workerId());
        }
    }

    @Override
    public void workerCut(Identity worker) {
        SimConnection connection = queue.backend.connectionOf(worker);
        if (runs != null && connection != null && connection.dealer.owner() instanceof SimPrvWorker side) {
            runs.takenBack(sim.workerOf(side).id());
        }
    }

    private void observe(PairRuns observer, QueueStats stats) {
        if (stats.active() && !active) {
            observer.begins(sim.serverOf(queue));
        }
        if (stats.active()) {
            observer.serves(sim.serverOf(queue), stats.epoch(), stats.inStep());
        }
        if (stats.repliesEvicted() > 0) {
            observer.evicted();
        }
        if (stats.inherited() > 0) {
            sim.world.reach(PairGoal.REQUEST_INHERITED);
        }
    }

    @Override
    public void settled(QueueStats stats) {
        if (runs != null) {
            observe(runs, stats);
        }
        if (stats.active() && !active) {
            sim.judge.servesUnnamed();
        }
        begins = stats.active() && (begins || !active);
        active = stats.active();
        epoch = stats.epoch();
        long ended = stats.answered() + stats.deadLettered() + stats.expired() + stats.abandoned() + stats.lostOnce();
        int now = stats.pending() + stats.inFlight();
        check(stats.accepted() == ended + stats.stoodDown() + now, "every request is somewhere", queue.name, stats);
        check(active || now == 0, "who stands by holds nothing", queue.name, stats);
        sim.judge.checkLeases();
    }
}
