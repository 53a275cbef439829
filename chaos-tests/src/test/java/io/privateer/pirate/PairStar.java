package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.binarystar.OperatorAnswer;
import io.privateer.binarystar.ReplicationState;
import io.privateer.binarystar.Role;
import io.privateer.binarystar.StarCause;
import io.privateer.binarystar.StarLife;
import io.privateer.binarystar.StarState;
import io.privateer.core.transport.Identity;
import io.privateer.core.wire.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The loop of a server of a pair that decides whether the server's queue serves; the queue has a loop of its own. */
final class PairStar extends SimProcess {

    /** What waits for a peer that is away is old when it comes, so little of it is kept. */
    private static final int UNSENT_MAX = 4;

    final PairDisk disk;
    private final PairSim pairSim;
    private final PairServer server;
    private final Role role;
    private final List<SimRouter> inbound = new ArrayList<>();
    private final List<SimPath> toPeer = new ArrayList<>();
    private final List<SimDealer> outbound = new ArrayList<>();
    private final boolean[] probing;
    private @Nullable SimPath streamToPeer;
    private @Nullable SimDealer stream;
    private @Nullable SimPath toWitness;
    private @Nullable SimDealer witness;
    private @Nullable StarLife current;
    private long heardAtNanos;

    PairStar(PairSim sim, PairServer server, Role role, SimClock clock) {
        super(sim, role == Role.PRIMARY ? "primary" : "backup", clock);
        this.pairSim = sim;
        this.server = server;
        this.role = role;
        this.disk = new PairDisk(sim, this);
        this.probing = new boolean[sim.pair.links];
        for (int link = 0; link < sim.pair.links; link++) {
            inbound.add(new SimRouter(sim, this, new Inbound(link)));
        }
    }

    /** Learns where the others are. */
    void meet(PairStar peer, @Nullable PairWitness itsWitness) {
        for (int link = 0; link < pairSim.pair.links; link++) {
            toPeer.add(sim.path(this, peer));
        }
        streamToPeer = pairSim.pair.replicates ? sim.path(this, peer) : null;
        toWitness = itsWitness == null ? null : sim.path(this, itsWitness);
    }

    List<SimPath> toPeer() {
        return toPeer;
    }

    /** Returns the way of the connection that is the stream's own, if there is one. */
    @Nullable
    SimPath streamToPeer() {
        return streamToPeer;
    }

    @Nullable
    SimPath toWitness() {
        return toWitness;
    }

    @Override
    void onStart() {
        server.forget();
        heardAtNanos = world.now();
        pairSim.judge.begins(server, disk.epoch());
        PeerId id = PeerId.random(world.random());
        current = new StarLife(pairSim.pair.of(role), id, now(), new Around(), streamToPeer == null ? null : server);
        outbound.clear();
        for (int link = 0; link < probing.length; link++) {
            probing[link] = false;
            outbound.add(open(toPeer.get(link), server.peer().star.inbound.get(link), new Outbound(link)));
        }
        if (streamToPeer != null) {
            SimRouter router = server.peer().star.inbound.get(0);
            stream = new SimDealer(sim, this, router, streamToPeer, null, new OutboundStream());
        }
        if (toWitness != null) {
            SimRouter router = ((PairWitness) toWitness.server).router;
            witness = open(toWitness, router, frames -> {
                boolean granted = star().onWitnessMessage(now(), frames[0]);
                if (!granted) {
                    world.reach(PairGoal.LEASE_REFUSED);
                }
            });
        }
        disk.load(
                stored -> {
                    world.trace(name, "has epoch", stored);
                    disturbed(); // It says nothing before that.
                    star().loaded(now(), stored);
                },
                () -> star().notLoaded(now(), "torn"));
    }

    private SimDealer open(SimPath path, SimRouter router, SimDealer.Handler handler) {
        SimDealer made = new SimDealer(sim, this, router, path, null, handler);
        made.keepAtMost(UNSENT_MAX);
        return made;
    }

    @Override
    void onCrash() {
        inbound.forEach(router -> router.close(true));
        disk.crash();
    }

    @Override
    boolean hasDeadline() {
        return star().isStarted();
    }

    @Override
    long nextDeadlineNanos() {
        return star().nextDeadlineNanos(now());
    }

    @Override
    void onTick() {
        star().onTick(now());
    }

    @Override
    void onTurnEnd() {
        star().onTurnEnd();
        pairSim.judge.checkLeases();
    }

    StarLife star() {
        return Objects.requireNonNull(current);
    }

    /** When this life last heard of the other one, or began. */
    long heardAtNanos() {
        return heardAtNanos;
    }

    boolean isActive() {
        return isUp() && star().state() == StarState.ACTIVE;
    }

    /** Whether it holds a lease, or needs none: also while it is stopped, for it does not know that it is. */
    boolean mayServe() {
        return isUp() && star().mayServe(now());
    }

    /** The operator wants something. */
    void command(String what, Order order, PairGoal goal) {
        input(() -> {
            OperatorAnswer answer = order.give(star(), now());
            world.trace(name, "is told to", what, answer);
            boolean obeyed = answer == OperatorAnswer.DONE || answer == OperatorAnswer.STARTED;
            world.reach(obeyed ? goal : PairGoal.OPERATOR_REFUSED);
        });
    }

    /** One of the operator's commands. */
    interface Order {
        OperatorAnswer give(StarLife life, long nowNanos);
    }

    /** All that one server says to the other passes here, on every link. */
    private void sendToPeer(byte[][] message) {
        outbound.forEach(socket -> socket.send(message));
    }

    /** And all that it hears of the other, here. */
    private void onPeerMessage(int link, byte[][] message) {
        check(message.length == 1, "a state is one frame", name);
        long before = star().peerSequence();
        pairSim.judge.heard(server, star().onPeerMessage(now(), link, message[0]));
        if (star().peerSequence() != before) {
            heardAtNanos = world.now();
        }
    }

    /** A new connection is refused where no process listens; where one does but is stopped, it is not. */
    private void probe(int link) {
        if (probing[link]) {
            return;
        }
        probing[link] = true;
        SimPath path = toPeer.get(link);
        inputIn(2 * sim.flightNanos(), () -> {
            probing[link] = false;
            if (!path.isCut() && !path.server.isUp()) {
                star().onRefused(now(), link);
            }
        });
    }

    /** What lies around one life of it. */
    private final class Around implements StarLife.Port {
        private boolean voted;

        @Override
        public long now() {
            return PairStar.this.now();
        }

        @Override
        public boolean sendStream(byte[]... frames) {
            if (pairSim.faulty(PairFault.STREAM_FULL, 0.01)) {
                return false;
            }
            Objects.requireNonNull(stream).send(frames);
            return true;
        }

        @Override
        public void answerStream(Identity peer, byte[] frame) {
            inbound.get(0).send(peer, new byte[][] {frame});
        }

        @Override
        public void replicationChanged(ReplicationState from, ReplicationState to, String cause) {
            world.trace(name, "replicates", from, to, cause);
            pairSim.judge.replicates(to);
            if (to == ReplicationState.IN_STEP && pairSim.faulty(PairFault.CRASH_IN_STEP, 0.3)) {
                inputIn(world.between(0, sim.settings.flightNanosMax()), () -> server.restart(pairSim));
            }
        }

        @Override
        public void sendToPeer(byte[] frame) {
            PairStar.this.sendToPeer(new byte[][] {frame});
        }

        @Override
        public void sendToWitness(byte[] frame) {
            Objects.requireNonNull(witness, "only who has a witness asks it").send(new byte[][] {frame});
        }

        @Override
        public void store(long epoch) {
            world.trace(name, "stores", epoch);
            disk.store(epoch, stored -> star().stored(now(), stored), () -> star().notStored(now()));
        }

        @Override
        public void activate(long epoch) {
            pairSim.judge.activates(server, epoch);
            voted = server.hasVote();
            server.activate(epoch);
        }

        @Override
        public void deactivate(long newestEpoch, String activeFrontend) {
            server.standBy(newestEpoch, activeFrontend);
        }

        @Override
        public void serveUntil(long nanos) {
            server.serveUntil(nanos);
        }

        @Override
        public void alone(boolean isAlone) {
            server.alone(isAlone);
        }

        @Override
        public void probe(int link) {
            PairStar.this.probe(link);
        }

        @Override
        public void changed(StarState from, StarState to, long epoch, StarCause cause) {
            world.trace(name, "goes from", from, to, "epoch", epoch, cause);
            pairSim.judge.changed(server, to, cause, voted);
        }

        @Override
        public void happened(StarLife.Event event, String detail) {
            world.trace(name, "notes", event, detail);
            pairSim.judge.happened(server, event);
        }
    }

    /** Where this server is found. */
    private final class Inbound implements SimRouter.Handler {
        private final int link;

        Inbound(int link) {
            this.link = link;
        }

        @Override
        public void onMessage(Identity peer, byte[][] frames) {
            if (!star().onStream(peer, frames)) {
                onPeerMessage(link, frames);
            }
        }

        @Override
        public void onPeerGone(Identity peer) {
            // The outbound side of the link tells.
        }
    }

    /** Where this server finds the other. */
    private final class Outbound implements SimDealer.Handler {
        private final int link;

        Outbound(int link) {
            this.link = link;
        }

        @Override
        public void onMessage(byte[][] frames) {
            throw new SimViolation("a peer answers on its own way");
        }

        @Override
        public void onDisconnected() {
            star().onLinkLost(now(), link);
        }
    }

    /** Where this server sends what its queue does. */
    private final class OutboundStream implements SimDealer.Handler {
        @Override
        public void onMessage(byte[][] frames) {
            star().onStreamAnswer(frames[0]);
        }

        @Override
        public void onDisconnected() {
            star().onStreamLost();
        }
    }
}
