package io.privateer.peering;

import io.privateer.core.EndpointException;
import io.privateer.core.internal.ListenerGuard;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.wire.PeerId;
import io.privateer.peering.PeeringListener.Misconfigured;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between {@link Membership} and the user's listener, and writes one log line per change. Not thread-safe: confine to the
 * loop's thread.
 */
final class PeeringObserver implements MembershipEvents {

    private static final Logger log = LoggerFactory.getLogger(PeeringBroker.class);

    private final String node;
    private final ListenerGuard<PeeringListener> listener;
    private final Set<String> unreachable = new HashSet<>();
    private boolean toldMalformed;

    PeeringObserver(EventLoop loop, String node, PeeringListener listener) {
        this.node = node;
        this.listener = new ListenerGuard<>(loop, log, node, listener);
    }

    long listenerFailures() {
        return listener.failures();
    }

    void started(PeerId incarnation, List<String> endpoints) {
        log.info("broker speaks node={} incarnation={} state={}", node, incarnation, endpoints);
    }

    void stoodBy() {
        log.info("broker listens only node={}", node);
    }

    void leaving() {
        log.info("broker leaves node={}", node);
    }

    void malformed(String where) {
        if (!toldMalformed) {
            toldMalformed = true;
            log.warn("malformed message dropped node={} at={} (counted, not logged again)", node, where);
        }
    }

    /** Once for as long as it lasts. */
    void cannotBeConnected(String flow, String endpoint, EndpointException why) {
        if (unreachable.add(endpoint)) {
            log.warn("{} not connected node={} endpoint={} problem=\"{}\"", flow, node, endpoint, why.getMessage());
        }
    }

    /** The endpoint is connected, or not wanted any more. */
    void forgetTrouble(String endpoint) {
        unreachable.remove(endpoint);
    }

    void onFailed(Throwable cause) {
        log.error("broker hears of nobody any more node={}", node, cause);
        listener.tell(to -> to.onFailed(cause));
    }

    @Override
    public void onEntered(Peer peer, PeerId incarnation) {
        log.info(
                "peer node={} name={} from=NONE to={} incarnation={} state={} cloud={}",
                node,
                peer.name(),
                PeerLiveness.PRESENT,
                incarnation,
                peer.stateEndpoints(),
                peer.cloudEndpoints());
        listener.tell(to -> to.onEnter(peer));
    }

    @Override
    public void onLiveness(Peer peer, PeerLiveness from, PeerLiveness to, long silentNanos) {
        Duration silentFor = Duration.ofNanos(silentNanos);
        log.info(
                "peer node={} name={} from={} to={} silentMillis={}",
                node,
                peer.name(),
                from,
                to,
                silentFor.toMillis());
        switch (to) {
            case PRESENT -> listener.tell(told -> told.onReturned(peer));
            case EVASIVE -> listener.tell(told -> told.onEvasive(peer, silentFor));
            case SILENT -> listener.tell(told -> told.onSilent(peer, silentFor));
        }
    }

    @Override
    public void onExited(Peer peer, PeerLiveness from, ExitCause cause) {
        log.info("peer node={} name={} from={} to=NONE cause={}", node, peer.name(), from, cause);
        listener.tell(to -> to.onExit(peer, cause));
    }

    @Override
    public void onMisconfigured(PeeringMisconfiguration what, String name, String endpoint) {
        log.error("misconfigured node={} what={} name={} endpoint={}", node, what, name, endpoint);
        listener.tell(to -> to.onMisconfigured(new Misconfigured(what, name, endpoint)));
    }

    @Override
    public void onUnknownVersion(String endpoint, int version) {
        log.error(
                "misconfigured node={} what={} endpoint={} version={} understood={}",
                node,
                PeeringMisconfiguration.UNKNOWN_VERSION,
                endpoint,
                version,
                CapacityCodec.VERSION);
        listener.tell(
                to -> to.onMisconfigured(new Misconfigured(PeeringMisconfiguration.UNKNOWN_VERSION, "", endpoint)));
    }
}
