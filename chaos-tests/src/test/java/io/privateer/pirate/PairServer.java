package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.binarystar.Role;
import io.privateer.core.Guard;
import io.privateer.core.wire.PeerId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A server of a pair: the loop that decides, the queue that serves with a loop of its own, and what one tells the other. */
final class PairServer implements Guard {

    final Role role;
    final PairStar star;
    final SimQueue queue;
    final SimGroup process;
    private final SimWorld world;
    private @Nullable PairServer peer;
    private boolean voteComes;
    private boolean hasVote;
    private boolean leased;
    private long leasedUntilNanos;
    private int standByOrders;

    PairServer(PairSim sim, Role role) {
        SimClock clock = sim.newClock();
        this.role = role;
        this.world = sim.world;
        this.star = new PairStar(sim, this, role, clock);
        this.queue = new SimQueue(sim, "queue-" + star.name, clock, this);
        this.process = new SimGroup(star, queue);
    }

    void meet(PairServer other, @Nullable PairWitness witness) {
        peer = other;
        star.meet(other.star, witness);
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

    void activate(long epoch) {
        hasVote = false;
        PeerId incarnation = PeerId.random(world.random());
        queue.command(machine -> {
            leased = false;
            machine.onActivate(queue.now(), epoch, incarnation);
        });
    }

    void standBy(long newestEpoch, String activeFrontend) {
        standByOrders++;
        queue.command(machine -> {
            standByOrders--;
            machine.onStandBy(queue.now(), newestEpoch, activeFrontend);
        });
    }

    void serveUntil(long nanos) {
        queue.command(machine -> {
            leased = true;
            leasedUntilNanos = nanos;
            machine.onServeUntil(nanos);
        });
    }

    void alone(boolean isAlone) {
        queue.command(machine -> machine.onAlone(isAlone));
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
        standByOrders = 0;
    }

    /** Whether its queue has yet to hear that it serves no more: the lease was given back a moment too early for that. */
    boolean isHandingOver() {
        return standByOrders > 0;
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
}
