package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.PeerId;
import io.privateer.peering.PeerLife;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A broker: a queue, and on the same loop the four flows to other brokers, of requests and of state. */
final class SimBroker implements SimFlows {

    final String name;
    final SimQueue queue;
    final SimRouter cloudfe;
    final SimRouter statebe;
    final Map<SimBroker, SimPath> cloudPaths = new LinkedHashMap<>();
    final Map<SimBroker, SimPath> statePaths = new LinkedHashMap<>();
    final PeeringSim sim;
    private @Nullable Life current;

    SimBroker(PeeringSim sim, String name) {
        this.sim = sim;
        this.name = name;
        this.queue = new SimQueue(sim, name);
        this.cloudfe = new SimRouter(sim, queue, new CloudFrontend());
        this.statebe = new SimRouter(sim, queue, new StateBackend());
        queue.flows(this);
    }

    /** One life of it. */
    private static final class Life {
        private final SimLending lending;
        private final SimState state;
        private boolean leaving;

        Life(SimBroker broker, QueueMachine machine, Host host) {
            this.lending = new SimLending(broker, machine, host);
            this.state = new SimState(broker, lending);
        }
    }

    /** Learns where the other one is. */
    void meet(SimBroker other) {
        cloudPaths.put(other, sim.path(queue, other.queue));
        statePaths.put(other, sim.path(queue, other.queue));
    }

    SimPath cloudPathTo(SimBroker other) {
        return Objects.requireNonNull(cloudPaths.get(other), "nobody is its own peer");
    }

    SimPath statePathTo(SimBroker other) {
        return Objects.requireNonNull(statePaths.get(other), "nobody is its own peer");
    }

    List<SimPath> pathsTo(SimBroker other) {
        return List.of(cloudPathTo(other), statePathTo(other));
    }

    String cloudEndpoint() {
        return "tcp://" + name + ":1";
    }

    String stateEndpoint() {
        return "tcp://" + name + ":2";
    }

    PeerId self() {
        return lending().self();
    }

    /** Returns what its present life has been asked. */
    PeeringWatch watch() {
        return (PeeringWatch) queue.watch();
    }

    SimLending lending() {
        return live().lending;
    }

    List<PeerLife.Known> peers() {
        return state().peers(queue.now());
    }

    boolean isLeaving() {
        return live().leaving;
    }

    private PeerLife state() {
        return live().state.peering;
    }

    private Life live() {
        return Objects.requireNonNull(current);
    }

    /** The operator wants something. */
    void removePeer(String peer) {
        queue.input(() -> {
            sim.world.trace(name, "removes", peer);
            state().removePeer(queue.now(), peer);
        });
    }

    void addPeer(String endpoint) {
        queue.input(() -> state().addPeer(queue.now(), endpoint));
    }

    /** What was said there comes once more, by another way. */
    void hearAgain(String endpoint, byte[] frame) {
        queue.input(() -> live().state.onMessageAgain(endpoint, frame));
    }

    @Override
    public void begin(QueueMachine machine, Host host) {
        sim.judge.begins(this);
        current = new Life(this, machine, host);
        state().read(queue.now());
    }

    @Override
    public void crash() {
        cloudfe.close(true);
        statebe.close(true);
    }

    @Override
    public long earlierDeadline(long nanos) {
        long mine = state().nextDeadlineNanos();
        return mine - nanos < 0 ? mine : nanos;
    }

    @Override
    public void onTick() {
        state().onTick(queue.now());
    }

    @Override
    public void touched() {
        state().onTouched();
        lending().checkHeld();
    }

    @Override
    public void flush() {
        lending().flush();
    }

    @Override
    public void turnEnded() {
        watch().checkNobodyWaits();
    }

    @Override
    public void leave() {
        live().leaving = true;
        state().leave(queue.now());
    }

    @Override
    public void close() {
        lending().leaveAll();
        cloudfe.close(false);
        statebe.close(false);
    }

    @Override
    public String toString() {
        return name;
    }

    /** Who borrows workers of this broker. */
    private final class CloudFrontend implements SimRouter.Handler {
        @Override
        public void onMessage(Identity peer, byte[][] frames) {
            lending().onBorrowerMessage(peer, frames);
        }

        @Override
        public void onPeerGone(Identity peer) {
            lending().onBorrowerGone(peer);
        }
    }

    /** Who listens to this broker. */
    private final class StateBackend implements SimRouter.Handler {
        @Override
        public void onMessage(Identity peer, byte[][] frames) {
            live().state.onSubscribed(peer, frames[0]);
        }

        @Override
        public void onPeerGone(Identity peer) {
            live().state.onUnsubscribed(peer);
        }
    }
}
