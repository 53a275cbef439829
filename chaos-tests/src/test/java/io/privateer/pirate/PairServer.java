package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.binarystar.Role;
import io.privateer.core.Guard;
import io.privateer.core.Replicated;
import io.privateer.core.Replicator;
import io.privateer.core.wire.PeerId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A server of a pair: the loop that decides, the queue that serves with a loop of its own, and what one tells the other. */
final class PairServer implements Guard, Replicated {

    final Role role;
    final PairStar star;
    final SimQueue queue;
    final SimGroup process;
    private final PairSim sim;
    private final SimWorld world;
    private @Nullable PairServer peer;
    private boolean voteComes;
    private boolean hasVote;
    private boolean leased;
    private long leasedUntilNanos;

    PairServer(PairSim sim, Role role) {
        SimClock clock = sim.newClock();
        this.role = role;
        this.sim = sim;
        this.world = sim.world;
        this.star = new PairStar(sim, this, role, clock);
        this.queue = new SimQueue(sim, "queue-" + star.name, clock, this, sim.pair.replicates ? new ToStream() : null);
        this.process = new SimGroup(star, queue);
    }

    void meet(PairServer other, @Nullable PairWitness witness) {
        peer = other;
        star.meet(other.star, witness);
    }

    String name() {
        return star.name;
    }

    PairServer peer() {
        return Objects.requireNonNull(peer);
    }

    /** Whether its queue would serve now, by its own clock: also while it is stopped, for it does not know that it is. */
    boolean queueServes() {
        return queue.isUp() && queue.stats().active() && !isLeaseOver();
    }

    boolean isLeaseOver() {
        return leased && queue.now() - leasedUntilNanos >= 0;
    }

    void restart(PairSim sim) {
        process.crash();
        sim.startLater(process);
    }

    /** The operator has the queue finish what it has; the process ends some time later. */
    void drain(PairSim sim) {
        queue.input(() -> {
            world.trace(queue.name, "drains");
            queue.drain();
            star.inputIn(world.between(0, sim.pair.outageNanosMax), () -> restart(sim));
        });
    }

    /** Whether a client has asked here since this life was active last. */
    boolean hasVote() {
        return hasVote;
    }

    @Override
    public void activate(long epoch) {
        hasVote = false;
        PeerId incarnation = PeerId.random(world.random());
        queue.command(machine -> machine.onActivate(queue.now(), epoch, incarnation));
    }

    @Override
    public void standBy(long newestEpoch, String activeFrontend) {
        queue.command(machine -> {
            machine.onStandBy(queue.now(), newestEpoch, activeFrontend);
            standsBy(newestEpoch);
        });
    }

    @Override
    public void serveUntil(long nanos) {
        queue.command(machine -> {
            leased = true;
            leasedUntilNanos = nanos;
            machine.onServeUntil(nanos);
        });
    }

    @Override
    public void alone(boolean isAlone) {
        queue.command(machine -> machine.onAlone(isAlone));
    }

    @Override
    public void guardedBy(Guard guard) {
        // It is its own guard.
    }

    @Override
    public void replicatedBy(Replicator replicator) {
        // The queue knows from its start on.
    }

    @Override
    public void replicate(long session) {
        queue.command(machine -> machine.onFollowed(queue.now(), session));
    }

    @Override
    public void followed(long session, long chunks) {
        queue.command(machine -> machine.replication().onStored(queue.now(), session, chunks));
    }

    @Override
    public void replicationEnded(long session) {
        queue.command(machine -> machine.replication().onEnded(queue.now(), session));
    }

    @Override
    public void follow() {
        queue.command(machine -> {
            machine.replication().forget();
            Objects.requireNonNull(sim.judge.runs).copies(this);
        });
    }

    @Override
    public void follow(byte[] chunk) {
        queue.command(machine -> {
            String problem = machine.replication().follow(queue.now(), chunk);
            check(problem == null, "what one queue tells the other understands", queue.name, problem);
        });
    }

    @Override
    public void followingEnded() {
        queue.command(machine -> machine.replication().forget());
    }

    @Override
    public void voted() {
        if (!voteComes) {
            voteComes = true;
            star.input(() -> {
                voteComes = false;
                hasVote = true;
                star.star().onVote(star.now());
            });
        }
    }

    /** A new life begins. */
    void forget() {
        voteComes = false;
        hasVote = false;
        leased = false;
    }

    @Override
    public void standsBy(long newestEpoch) {
        star.input(() -> star.star().onStandsBy(star.now(), newestEpoch));
    }

    @Override
    public void newerEpoch(long epoch) {
        star.input(() -> star.star().onNewerEpoch(star.now(), epoch));
    }

    @Override
    public void serviceEnded(String why) {
        world.reach(PairGoal.SERVICE_ENDED);
        star.input(() -> star.star().onServiceEnded(star.now()));
    }

    @Override
    public void diverged(long accepted, long answered) {
        check(accepted >= 0 && answered >= 0, "what was done alone is counted", star.name, accepted, answered);
        world.reach(PairGoal.DIVERGENCE_COUNTED);
    }

    @Override
    public String toString() {
        return star.name;
    }

    /** What the queue tells of itself, on its way to the loop that sends it. */
    private final class ToStream implements Replicator {
        @Override
        public void send(long session, byte[] chunk) {
            star.input(() -> star.star().sendChunk(session, chunk));
        }

        @Override
        public void inStep(long session) {
            star.input(() -> star.star().inStep(session));
        }

        @Override
        public void notUnderstood(String problem) {
            throw new SimViolation("what one queue tells the other understands: " + problem);
        }
    }
}
