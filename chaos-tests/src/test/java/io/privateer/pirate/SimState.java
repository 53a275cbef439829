package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.PeerId;
import io.privateer.peering.PeerLife;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The state flows of one life of a broker: a PUB whose messages may be lost, or come again, and a SUB for each peer. */
final class SimState implements PeerLife.Port {

    final PeerLife peering;
    private final SimBroker broker;
    private final SimLending lending;
    private final PeeringSim sim;
    private final Map<String, SimDealer> statefe = new LinkedHashMap<>();
    private final Set<Identity> subscribers = new LinkedHashSet<>();

    SimState(SimBroker broker, SimLending lending) {
        this.broker = broker;
        this.lending = lending;
        this.sim = broker.sim;
        this.peering = new PeerLife(sim.shape.setup(broker, sim.seedsOf(broker)), broker.queue.now(), this);
    }

    void onSubscribed(Identity subscriber, byte[] topic) {
        if (peering.onSubscribed(broker.queue.now(), topic)) {
            subscribers.add(subscriber);
        }
    }

    void onUnsubscribed(Identity subscriber) {
        subscribers.remove(subscriber);
    }

    void onMessage(String endpoint, byte[] frame) {
        if (statefe.containsKey(endpoint)) {
            peering.onMessage(broker.queue.now(), endpoint, frame);
        }
    }

    /** A message comes by another way, that was slower; it is news to nobody who listens there. */
    void onMessageAgain(String endpoint, byte[] frame) {
        if (sim.judge.isOld(broker, peering.read(frame))) {
            onMessage(endpoint, frame);
        }
    }

    @Override
    public boolean subscribe(String endpoint, List<byte[]> topics) {
        if (sim.faulty(PeeringFault.UNKNOWN_HOST, 0.2)) {
            return false;
        }
        SimBroker other = sim.brokerAt(endpoint);
        SimPath path = broker.statePathTo(other);
        Subscription subscription = new Subscription(endpoint, topics);
        statefe.put(endpoint, new SimDealer(sim, broker.queue, other.statebe, path, null, subscription));
        subscription.subscribe();
        return true;
    }

    @Override
    public void introduce(String endpoint, byte[] topic) {
        SimDealer socket = statefe.get(endpoint);
        if (socket != null) {
            socket.send(new byte[][] {topic});
        }
    }

    @Override
    public void unsubscribe(String endpoint) {
        SimDealer socket = statefe.remove(endpoint);
        if (socket != null) {
            socket.closeWithoutLinger();
        }
    }

    @Override
    public void publish(byte[] frame) {
        for (Identity subscriber : subscribers) {
            if (sim.faulty(PeeringFault.STATE_LOSS, 0.2)) {
                sim.world.reach(PeeringGoal.STATE_LOST);
            } else {
                broker.statebe.send(subscriber, new byte[][] {frame});
            }
        }
        if (sim.faulty(PeeringFault.STATE_REPEATED, 0.1)) {
            SimBroker other = sim.world.any(sim.brokers);
            long delayNanos = sim.shape.repeatNanos(sim.world);
            sim.world.in(delayNanos, () -> other.hearAgain(broker.stateEndpoint(), frame));
        }
    }

    @Override
    public Lending lending() {
        return lending;
    }

    @Override
    public PeerId newLife() {
        PeerId life = PeerId.random(sim.world.random());
        sim.judge.lives(broker, life);
        return life;
    }

    @Override
    public void heard(PeerLife.Heard heard) {
        sim.judge.heard(broker, heard);
    }

    @Override
    public void happened(PeerLife.Event event, String peer) {
        sim.world.trace(broker.name, "notes", event, peer);
        sim.judge.happened(broker, event, peer);
    }

    /** Where this broker listens to another. */
    private final class Subscription implements SimDealer.Handler {
        private final String endpoint;
        private final List<byte[]> topics;

        Subscription(String endpoint, List<byte[]> topics) {
            this.endpoint = endpoint;
            this.topics = topics;
        }

        private void subscribe() {
            SimDealer socket = statefe.get(endpoint);
            if (socket != null) {
                topics.forEach(topic -> socket.send(new byte[][] {topic}));
            }
        }

        @Override
        public void onMessage(byte[][] frames) {
            SimState.this.onMessage(endpoint, frames[0]);
        }

        /** It connects again by itself, and subscribes then. */
        @Override
        public void onDisconnected() {
            subscribe();
        }
    }
}
