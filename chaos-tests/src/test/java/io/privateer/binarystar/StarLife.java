package io.privateer.binarystar;

import io.privateer.core.Replicated;
import io.privateer.core.transport.Identity;
import io.privateer.core.wire.PeerId;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One life of a server of a pair, for the simulation in another package: the production machine and codecs, joined as
 * {@link BinaryStarShell} joins them to its links, its disk and the service that it guards.
 */
public final class StarLife {

    private final Port port;
    private final StarSettings settings;
    private final Told told;
    private final BinaryStarMachine machine;
    private final @Nullable StarStream stream;
    private @Nullable Boolean alone;
    private long toldUntilNanos;
    private final EarlyEpochs early = new EarlyEpochs();
    private boolean started;

    /** What lies around the server. None of it calls back before the input that led to it has returned. */
    public interface Port {

        long now();

        void sendToPeer(byte[] frame);

        void sendToWitness(byte[] frame);

        /** {@link StarLife#stored} or {@link StarLife#notStored} follows, in the order of the calls. */
        void store(long epoch);

        void activate(long epoch);

        void deactivate(long newestEpoch, String activeFrontend);

        void serveUntil(long nanos);

        void alone(boolean isAlone);

        /** {@link StarLife#onRefused} follows if nobody listens there. */
        void probe(int link);

        void changed(StarState from, StarState to, long epoch, StarCause cause);

        void happened(Event event, String detail);

        /** Sends on the connection to the peer that is the stream's own; false if that takes nothing now. */
        boolean sendStream(byte[]... frames);

        /** Answers the peer that has sent {@link StarLife#onStream}. */
        void answerStream(Identity peer, byte[] frame);

        void replicationChanged(ReplicationState from, ReplicationState to, String cause);
    }

    /** What the operator would read in the log. */
    public enum Event {
        TAKEOVER_ABANDONED,
        MISCONFIGURED,
        PEER_SEEN,
        PEER_DEAD,
        PEER_SILENT,
        DIVERGED,
        EPOCH_PROBLEM,
        EPOCH_PROBLEM_ENDED
    }

    /**
     * What a server is set up with.
     *
     * @param soloAfterNanos negative for never
     */
    public record Setup(
            Role role,
            StarMode mode,
            long heartbeatNanos,
            long failoverNanos,
            long leaseNanos,
            int driftPpm,
            long soloAfterNanos,
            int links) {}

    /** Begins a life; the other server's service is to follow {@code replicated}, if that is not {@code null}. */
    public StarLife(Setup setup, PeerId nodeId, long nowNanos, Port port, @Nullable Replicated replicated) {
        this.port = port;
        this.settings = new StarSettings(
                "pair",
                setup.role,
                setup.mode,
                nodeId,
                setup.heartbeatNanos,
                setup.failoverNanos,
                setup.mode == StarMode.PAIR_WITH_WITNESS ? setup.leaseNanos : 0,
                setup.driftPpm,
                setup.soloAfterNanos,
                setup.links,
                setup.role.name(),
                setup.mode == StarMode.PAIR_WITH_WITNESS ? "witness" : "");
        this.told = new Told();
        this.machine = new BinaryStarMachine(settings, nowNanos, told, told);
        this.stream = replicated == null ? null : new StarStream(settings, machine, replicated, port, nowNanos);
    }

    /** The disk says {@code epoch}. */
    public void loaded(long nowNanos, long epoch) {
        begin(nowNanos, () -> machine.onStart(nowNanos, epoch));
    }

    /** What is on the disk cannot be trusted. */
    public void notLoaded(long nowNanos, String problem) {
        begin(nowNanos, () -> machine.onStartWithoutEpoch(nowNanos, problem));
    }

    private void begin(long nowNanos, Runnable start) {
        started = true;
        start.run();
        early.tell(epoch -> machine.onNewerEpoch(nowNanos, epoch));
        afterInput();
    }

    public boolean isStarted() {
        return started;
    }

    /** Takes a message of the peer; returns the epoch that it tells of, if this life has heard it. */
    public long onPeerMessage(long nowNanos, int link, byte[] frame) {
        PeerState state = Objects.requireNonNull(StateCodec.decode(frame), "a peer speaks well");
        input(() -> machine.onPeerState(nowNanos, link, state));
        return started ? state.epoch() : Epochs.NONE;
    }

    public void onLinkLost(long nowNanos, int link) {
        input(() -> machine.onPeerLinkLost(nowNanos, link));
    }

    public void onRefused(long nowNanos, int link) {
        input(() -> machine.onPeerRefused(nowNanos, link));
    }

    /** Takes a message of the witness; returns whether it grants something. */
    public boolean onWitnessMessage(long nowNanos, byte[] frame) {
        LeaseAnswer answer = Objects.requireNonNull(LeaseCodec.decodeAnswer(frame), "a witness speaks well");
        input(() -> machine.onGrant(nowNanos, answer));
        return answer.granted();
    }

    public void onVote(long nowNanos) {
        machine.onVote(nowNanos);
        afterInput();
    }

    public void onNewerEpoch(long nowNanos, long epoch) {
        if (started) {
            input(() -> machine.onNewerEpoch(nowNanos, epoch));
        } else {
            early.hear(epoch);
        }
    }

    public void onServiceEnded(long nowNanos) {
        machine.onServiceEnded(nowNanos);
        afterInput();
    }

    public void onStandsBy(long nowNanos, long newestEpoch) {
        machine.onStandsBy(nowNanos, newestEpoch);
        afterInput();
    }

    public void stored(long nowNanos, long epoch) {
        machine.onEpochStored(nowNanos, epoch);
        afterInput();
    }

    public void notStored(long nowNanos) {
        machine.onEpochFailed(nowNanos, "disk full");
        afterInput();
    }

    public OperatorAnswer promote(long nowNanos) {
        return command(() -> machine.promote(nowNanos));
    }

    public OperatorAnswer stepDown(long nowNanos) {
        return command(() -> machine.stepDown(nowNanos));
    }

    public OperatorAnswer failBack(long nowNanos) {
        return command(() -> machine.failBack(nowNanos));
    }

    private OperatorAnswer command(Supplier<OperatorAnswer> order) {
        OperatorAnswer answer = order.get();
        afterInput();
        return answer;
    }

    public void onTick(long nowNanos) {
        input(() -> machine.onTick(nowNanos));
    }

    public long nextDeadlineNanos(long nowNanos) {
        long dueNanos = machine.nextDeadlineNanos(nowNanos);
        return stream == null ? dueNanos : stream.earlier(dueNanos);
    }

    /** Takes a message that came where peers find this server; returns false if it is none of a stream. */
    public boolean onStream(Identity peer, byte[][] frames) {
        return stream != null && stream.onMessage(peer, frames);
    }

    /** The peer answers on the stream's own connection. */
    public void onStreamAnswer(byte[] frame) {
        ifReplicating(to -> to.onAnswer(frame));
    }

    public void onStreamLost() {
        ifReplicating(StarStream::onLost);
    }

    /** The service sends its next chunk. */
    public void sendChunk(long session, byte[] chunk) {
        ifReplicating(to -> to.send(session, chunk));
    }

    public void inStep(long session) {
        ifReplicating(to -> to.inStep(session));
    }

    public ReplicationState replication() {
        return stream == null ? ReplicationState.OFF : stream.state();
    }

    public void onTurnEnd() {
        ifReplicating(StarStream::onTurnEnd);
    }

    private void ifReplicating(Consumer<StarStream> action) {
        if (stream != null) {
            action.accept(stream);
        }
    }

    public StarState state() {
        return machine.state();
    }

    public long newestEpoch() {
        return machine.newestEpoch();
    }

    /** Returns the number of the last news of the peer. */
    public long peerSequence() {
        return machine.peer().lastSequence();
    }

    public boolean mayServe(long nowNanos) {
        return machine.mayServe(nowNanos);
    }

    public boolean canServe(long nowNanos) {
        return machine.canServe(nowNanos);
    }

    private void input(Runnable input) {
        if (started) {
            input.run();
            afterInput();
        }
    }

    private void afterInput() {
        if (!started) {
            return;
        }
        Boolean isAlone = alone;
        alone = null;
        if (isAlone != null) {
            port.alone(isAlone);
        }
        tellLease();
        ifReplicating(StarStream::afterInput);
    }

    private void tellLease() {
        long untilNanos = machine.leasedUntilNanos();
        if (settings.hasWitness() && machine.state() == StarState.ACTIVE && untilNanos != toldUntilNanos) {
            toldUntilNanos = untilNanos;
            port.serveUntil(untilNanos);
        }
    }

    /** What the machine says, in words that are public. */
    private final class Told implements BinaryStarPort, StarEvents {
        @Override
        public void sendState(PeerState state) {
            port.sendToPeer(StateCodec.encode(state));
        }

        @Override
        public void storeEpoch(long epoch) {
            port.store(epoch);
        }

        @Override
        public void activate(long epoch) {
            tellLease();
            port.activate(epoch);
            if (machine.peer().last() == null) {
                alone = true;
            }
        }

        @Override
        public void deactivate(long newestEpoch, String activeFrontend) {
            port.deactivate(newestEpoch, activeFrontend);
        }

        @Override
        public void probe(int link) {
            port.probe(link);
        }

        @Override
        public void askLease(LeaseRequest request) {
            port.sendToWitness(LeaseCodec.encode(request));
        }

        @Override
        public void releaseLease(LeaseRequest release) {
            port.sendToWitness(LeaseCodec.encode(release));
        }

        @Override
        public void onStateChanged(StarState from, StarState to, long epoch, StarCause cause) {
            port.changed(from, to, epoch, cause);
        }

        @Override
        public void onTakeoverAbandoned(StarCause cause, String why) {
            port.happened(Event.TAKEOVER_ABANDONED, cause + " because " + why);
        }

        @Override
        public void onMisconfigured(Misconfiguration what, String detail) {
            port.happened(Event.MISCONFIGURED, what.name());
        }

        @Override
        public void onMisconfigurationEnded() {
            port.happened(Event.MISCONFIGURED, "ended");
        }

        @Override
        public void onInTouch() {
            alone = false;
        }

        @Override
        public void onPeerSeen(PeerId peer) {
            port.happened(Event.PEER_SEEN, peer.toString());
        }

        @Override
        public void onPeerLost(boolean refused) {
            alone = true;
            port.happened(refused ? Event.PEER_DEAD : Event.PEER_SILENT, "");
        }

        @Override
        public void onDiverged(long ownEpoch, long newerEpoch, long aloneSinceNanos) {
            port.happened(Event.DIVERGED, ownEpoch + " and " + newerEpoch);
        }

        @Override
        public void onEpochRefused(long newest, long told) {
            throw new IllegalStateException("no pair here comes to epoch " + told);
        }

        @Override
        public void onEpochProblem(String problem) {
            port.happened(Event.EPOCH_PROBLEM, problem);
        }

        @Override
        public void onEpochProblemEnded() {
            port.happened(Event.EPOCH_PROBLEM_ENDED, "");
        }
    }
}
