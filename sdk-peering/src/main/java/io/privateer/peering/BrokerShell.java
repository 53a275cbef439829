package io.privateer.peering;

import io.privateer.core.EndpointException;
import io.privateer.core.Randomness;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.LoopTimer;
import io.privateer.core.wire.PeerId;
import io.privateer.pirate.Lending;
import io.privateer.pirate.Lending.Credit;
import io.privateer.pirate.PirateQueue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Joins what a broker knows of its peers, {@link StateFlow}, to the queue that lends and borrows: what the queue could do goes
 * out, and what the peers could do becomes their credit. Not thread-safe: confine to the loop's thread, except what
 * says otherwise.
 */
final class BrokerShell implements LenderPort {

    private final EventLoop loop;
    private final PirateQueue queue;
    private final Lending lending;
    private final StateFlow stateFlow;
    private final CapacityWatch watch;
    private final LoopTimer timer;
    private final String cloud;
    private final String state;
    private boolean closed;

    BrokerShell(EventLoop loop, PeeringConfig config, PirateQueue queue) {
        this.loop = loop;
        this.queue = queue;
        this.lending =
                queue.lend(config.cloud(), PeerId.random(Randomness.system()).uuid(), this::onTouched);
        PeeringSettings unbound = config.settings(lending.endpoint());
        try {
            this.stateFlow = new StateFlow(loop, config.state(), unbound, this, config.listener());
        } catch (EndpointException e) {
            closed = true; // The queue touches what lends while it closes.
            queue.close();
            throw e;
        }
        PeeringSettings settings = unbound.boundAt(config.state(), stateFlow.endpoint());
        this.cloud = settings.cloudEndpoints().get(0);
        this.state = settings.stateEndpoints().get(0);
        this.watch = new CapacityWatch(
                lending, settings.stateMinIntervalNanos(), () -> PeerId.random(Randomness.system()), stateFlow);
        this.timer = loop.timer(this::read);
        config.peers().forEach(peer -> stateFlow.addPeer(List.of(peer)));
        read();
    }

    /** Thread-safe. */
    String cloud() {
        return cloud;
    }

    /** Thread-safe. */
    String state() {
        return state;
    }

    boolean addPeer(List<String> stateEndpoints) {
        return stateFlow.addPeer(stateEndpoints);
    }

    boolean cancelPeer(String stateEndpoint) {
        return stateFlow.cancelPeer(stateEndpoint);
    }

    boolean removePeer(String peerName) {
        return stateFlow.removePeer(peerName);
    }

    void leave() {
        watch.leave();
    }

    void close() {
        if (!closed) {
            closed = true;
            timer.cancel();
            stateFlow.close();
        }
    }

    private void onTouched() {
        if (!closed && watch.becomesDue()) {
            timer.arm(watch.dueNanos());
        }
    }

    private void read() {
        if (!closed) {
            watch.read(loop.clock().nanoTime());
        }
    }

    @Override
    public void lenderOpen(String name, PeerId incarnation, String cloudEndpoint) {
        lending.open(name, incarnation.uuid(), cloudEndpoint);
    }

    @Override
    public void lenderCredit(String name, Map<String, Credit> credit) {
        lending.credit(name, credit);
    }

    @Override
    public void lenderClose(String name, boolean drain) {
        lending.close(name, drain);
    }

    @Override
    public void vote(String cloudEndpoint) {
        lending.vote(cloudEndpoint);
    }

    private static Map<String, Integer> inAll(Map<String, Credit> credit) {
        return credit.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue()
                .inAll()));
    }

    PeeringStats stats() {
        StateFlowStats flow = stateFlow.stats();
        List<PeeringStats.PeerStats> peers = stateFlow.peers().stream()
                .map(view -> new PeeringStats.PeerStats(
                        view.peer(),
                        view.liveness(),
                        Duration.ofNanos(view.silentNanos()),
                        inAll(view.credit()),
                        lending.lent(view.peer().name())))
                .toList();
        return new PeeringStats(
                queue.stats(),
                peers,
                flow.published(),
                flow.publishedBytes(),
                flow.received(),
                flow.receivedBytes(),
                flow.malformed(),
                flow.listenerFailures(),
                flow.membership().stale(),
                flow.membership().namesTaken(),
                flow.membership().otherVersions(),
                flow.membership().refused());
    }
}
