package io.privateer.binarystar;

import io.privateer.binarystar.BinaryStarListener.Diverged;
import io.privateer.binarystar.BinaryStarListener.DoneAlone;
import io.privateer.binarystar.BinaryStarListener.StateChanged;
import io.privateer.core.internal.ListenerGuard;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.wire.PeerId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between a {@link BinaryStarMachine} and the user's listener: writes one log line per change, and notes what the
 * guarded service is to hear. Not thread-safe: confine to the loop's thread.
 */
final class StarObserver implements StarEvents {

    private static final Logger log = LoggerFactory.getLogger(BinaryStarServer.class);

    private final EventLoop loop;
    private final String node;
    private final BinaryStarConfig config;
    private final ListenerGuard<BinaryStarListener> listener;
    private @Nullable Boolean alone;
    private boolean toldMalformed;
    private boolean toldGuideActive;
    private boolean toldReplicationDiffers;

    StarObserver(EventLoop loop, BinaryStarConfig config) {
        this.loop = loop;
        this.node = config.name();
        this.config = config;
        this.listener = new ListenerGuard<>(loop, log, node, config.listener());
    }

    long listenerFailures() {
        return listener.failures();
    }

    /** Returns whether the peer has gone or come since the last call, or {@code null} if neither. */
    @Nullable
    Boolean takeAlone() {
        Boolean taken = alone;
        alone = null;
        return taken;
    }

    void started(List<String> endpoints) {
        log.info(
                "server started node={} role={} mode={} state={} peerState={} guidePeer={} heartbeatMillis={}"
                        + " failoverMillis={}",
                node,
                config.settings().role(),
                config.settings().mode(),
                endpoints,
                config.peerStates(),
                config.hasGuidePeer(),
                config.settings().heartbeatMillis(),
                config.settings().failoverMillis());
        if (!config.keepsEpochs()) {
            log.warn("epochs are not kept node={} (without an epoch file a restarted server may use one twice)", node);
        }
    }

    void closed(StarState state) {
        log.info("server closed node={} state={}", node, state);
    }

    void commanded(AdminCodec.Command command, OperatorAnswer answer) {
        log.info("command node={} command={} answer={}", node, command, answer);
    }

    void witnessLost() {
        log.info("witness lost node={} witness={}", node, config.witness());
    }

    /** There is no peer to be seen. */
    void alone() {
        alone = true;
    }

    void serviceEnded(String why) {
        log.info("service ended node={} why=\"{}\"", node, why);
    }

    void tooLate() {
        log.debug("input after the end node={}", node);
    }

    void malformed(String where, String peer) {
        if (!toldMalformed) {
            toldMalformed = true;
            log.warn("malformed message dropped node={} at={} peer={} (counted, not logged again)", node, where, peer);
        }
    }

    /** A peer that runs the Guide's program is heard; {@code twoActive} if it is active and so is this server. */
    void guideSaid(boolean twoActive) {
        if (twoActive && !toldGuideActive) {
            log.warn("two are active node={} (the Guide's server ends itself when it hears of that)", node);
        }
        toldGuideActive = twoActive;
    }

    void doneAlone(long accepted, long answered) {
        log.warn("done while two were active node={} accepted={} answered={}", node, accepted, answered);
        listener.tell(to -> to.onDoneAlone(new DoneAlone(accepted, answered)));
    }

    /** The peer says whether it replicates. Unless both do, neither does. */
    void peerReplicates(boolean peer) {
        boolean differs = peer != config.replicates();
        if (differs && !toldReplicationDiffers) {
            log.warn("only one server replicates node={} own={} peer={}", node, config.replicates(), peer);
        }
        toldReplicationDiffers = differs;
    }

    void replicationChanged(ReplicationState from, ReplicationState to, String cause) {
        log.info("replication node={} from={} to={} cause=\"{}\"", node, from, to, cause);
        listener.tell(told -> told.onReplicationChanged(from, to));
    }

    void notUnderstood(String problem) {
        log.error("peer's service not understood, it follows no more node={} problem=\"{}\"", node, problem);
    }

    void onFailed(Throwable cause) {
        log.error("server failed node={}", node, cause);
        listener.tell(to -> to.onFailed(cause));
    }

    @Override
    public void onStateChanged(StarState from, StarState to, long epoch, StarCause cause) {
        log.info("failover node={} from={} to={} epoch={} cause={}", node, from, to, epoch, cause);
        listener.tell(told -> told.onStateChanged(new StateChanged(from, to, epoch, cause)));
    }

    @Override
    public void onTakeoverAbandoned(StarCause cause, String why) {
        log.info("takeover abandoned node={} cause={} why={}", node, cause, why);
    }

    @Override
    public void onMisconfigured(Misconfiguration what, String detail) {
        log.error("misconfigured node={} what={} {}", node, what, detail);
        listener.tell(to -> to.onMisconfigured(what));
    }

    @Override
    public void onMisconfigurationEnded() {
        log.info("no longer misconfigured node={}", node);
        listener.tell(BinaryStarListener::onMisconfigurationEnded);
    }

    @Override
    public void onInTouch() {
        alone = false;
    }

    @Override
    public void onPeerSeen(PeerId peer) {
        log.info("peer seen node={} peer={}", node, peer);
        listener.tell(BinaryStarListener::onPeerSeen);
    }

    @Override
    public void onPeerLost(boolean refused) {
        alone = true;
        log.info("peer lost node={} refused={}", node, refused);
        listener.tell(to -> to.onPeerLost(refused));
    }

    @Override
    public void onDiverged(long ownEpoch, long newerEpoch, long aloneSinceNanos) {
        Duration aloneFor = Duration.ofNanos(loop.clock().nanoTime() - aloneSinceNanos);
        log.warn(
                "two were active node={} ownEpoch={} newerEpoch={} aloneMillis={}",
                node,
                ownEpoch,
                newerEpoch,
                aloneFor.toMillis());
        listener.tell(to -> to.onDiverged(new Diverged(ownEpoch, newerEpoch, aloneFor)));
    }

    @Override
    public void onEpochRefused(long newest, long told) {
        log.warn("peer's epoch leaps ahead, it is not heard node={} newest={} told={} (counted)", node, newest, told);
    }

    @Override
    public void onEpochProblem(String problem) {
        log.error("epoch unusable, stays passive node={} problem=\"{}\"", node, problem);
        listener.tell(to -> to.onEpochProblem(problem));
    }

    @Override
    public void onEpochProblemEnded() {
        log.info("epoch usable again node={}", node);
        listener.tell(BinaryStarListener::onEpochProblemEnded);
    }
}
