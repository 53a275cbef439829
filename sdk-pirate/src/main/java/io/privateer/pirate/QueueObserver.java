package io.privateer.pirate;

import io.privateer.core.internal.ListenerGuard;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.Identity;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Stands between a {@link QueueMachine} and the user's listener: writes one log line per change, and keeps what the
 * listener throws away from the loop. Not thread-safe: confine to the loop's thread.
 */
final class QueueObserver implements PirateListener {

    private static final Logger log = LoggerFactory.getLogger(PirateQueue.class);

    /** How many peers are remembered as having sent rubbish; past it the episode starts anew. */
    private static final int RUBBISH_PEERS_MAX = 1_000;

    private final String queue;
    private final ListenerGuard<PirateListener> listener;
    private final Set<Identity> rubbishPeers = new HashSet<>();

    QueueObserver(EventLoop loop, String queue, PirateListener listener) {
        this.queue = queue;
        this.listener = new ListenerGuard<>(loop, log, queue, listener);
    }

    long listenerFailures() {
        return listener.failures();
    }

    void started(String frontend, String backend) {
        log.info("queue started queue={} frontend={} backend={}", queue, frontend, backend);
    }

    void activated(long epoch) {
        log.info("queue active queue={} epoch={}", queue, epoch);
    }

    void standingBy(long newestEpoch, String activeAddress) {
        log.info("queue standing by queue={} newestEpoch={} active={}", queue, newestEpoch, activeAddress);
    }

    void closed(QueueStats stats) {
        log.info(
                "queue closed queue={} accepted={} answered={} pending={} inFlight={}",
                queue,
                stats.accepted(),
                stats.answered(),
                stats.pending(),
                stats.inFlight());
    }

    /** Logged once per peer, counted by the shell each time. */
    void malformed(String where, Identity peer, String problem) {
        if (rubbishPeers.size() >= RUBBISH_PEERS_MAX) {
            rubbishPeers.clear();
        }
        if (rubbishPeers.add(peer)) {
            log.warn("malformed message dropped queue={} at={} peer={} problem=\"{}\"", queue, where, peer, problem);
        }
    }

    @Override
    public void onWorkerJoined(WorkerJoined event) {
        log.info(
                "worker joined queue={} worker={} dialect={} service={}",
                queue,
                event.workerId(),
                event.dialect(),
                event.service());
        listener.tell(to -> to.onWorkerJoined(event));
    }

    @Override
    public void onWorkerLost(WorkerLost event) {
        log.info(
                "worker lost queue={} worker={} cause={} silentMillis={}",
                queue,
                event.workerId(),
                event.cause(),
                event.silent().toMillis());
        listener.tell(to -> to.onWorkerLost(event));
    }

    @Override
    public void onDeliveryReturned(DeliveryReturned event) {
        log.info(
                "delivery returned queue={} request={} worker={} cause={} deliveries={} heldMillis={}",
                queue,
                event.requestId(),
                event.workerId(),
                event.cause(),
                event.deliveries(),
                event.held().toMillis());
        listener.tell(to -> to.onDeliveryReturned(event));
    }

    @Override
    public void onDeadLetter(DeadLetter event) {
        log.warn(
                "dead letter queue={} request={} deliveries={} cause={}",
                queue,
                event.requestId(),
                event.deliveries(),
                event.lastCause());
        listener.tell(to -> to.onDeadLetter(event));
    }

    @Override
    public void onRequestDropped(RequestDropped event) {
        log.debug(
                "request dropped queue={} request={} cause={} ageMillis={}",
                queue,
                event.requestId(),
                event.cause(),
                event.age().toMillis());
        listener.tell(to -> to.onRequestDropped(event));
    }

    @Override
    public void onIntakeClosed(IntakeClosed event) {
        Level level = event.cause() == IntakeCause.DRAINING ? Level.INFO : Level.WARN; // Draining was asked for.
        log.atLevel(level)
                .log(
                        "intake closed queue={} cause={} pending={} pendingBytes={}",
                        queue,
                        event.cause(),
                        event.pending(),
                        event.pendingBytes());
        listener.tell(to -> to.onIntakeClosed(event));
    }

    @Override
    public void onIntakeOpened() {
        log.info("intake opened queue={}", queue);
        listener.tell(PirateListener::onIntakeOpened);
    }

    @Override
    public void onFailed(Throwable cause) {
        log.error("queue failed queue={}", queue, cause);
        listener.tell(to -> to.onFailed(cause));
    }
}
