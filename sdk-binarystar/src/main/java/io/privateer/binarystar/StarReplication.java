package io.privateer.binarystar;

import io.privateer.binarystar.StreamMessage.Kind;
import io.privateer.core.Replicated;
import io.privateer.core.transport.Identity;
import io.privateer.core.wire.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Decides what one server of a pair sends of its service to the other, and what it takes of the other's: joins a
 * {@link StreamSource} and a {@link StreamSink} to what {@link BinaryStarMachine} knows, and to the service. Touches no
 * socket, clock or thread. Not thread-safe.
 */
final class StarReplication implements StreamPort {

    private final BinaryStarMachine machine;
    private final PeerId self;
    private final Replicated service;
    private final ReplicationPort port;
    private final StreamSource source;
    private final StreamSink sink;
    private @Nullable Identity from;
    private boolean answerDue;
    private ReplicationState state = ReplicationState.ALONE;

    StarReplication(
            StarSettings settings, BinaryStarMachine machine, Replicated service, ReplicationPort port, long nowNanos) {
        this.machine = machine;
        this.self = settings.nodeId();
        this.service = service;
        this.port = port;
        this.source = new StreamSource(this, settings.heartbeatNanos(), fair(nowNanos));
        this.sink = new StreamSink(service, self);
    }

    /** Follows every input of the server's machine. */
    void afterInput(long nowNanos) {
        PeerWatch peer = machine.peer();
        sink.observe(machine.state(), peer.last());
        boolean active = machine.state() == StarState.ACTIVE;
        source.want(fair(nowNanos), active && peer.isReady(nowNanos), machine.newestEpoch());
        if (!active) {
            become(sink.isFollowing() ? ReplicationState.FOLLOWING : ReplicationState.ALONE, "passive");
        } else if (state == ReplicationState.FOLLOWING) {
            become(ReplicationState.ALONE, "active");
        }
    }

    /** Returns when {@link #afterInput} is due, if that is before {@code nanos}. */
    long earlier(long nanos) {
        return machine.peer().unfair(source.earlier(fair(nanos)));
    }

    ReplicationState state() {
        return state;
    }

    /** Takes what came on the state link. */
    void onMessage(Identity peer, StreamMessage message, byte @Nullable [] chunk) {
        StreamMessage answer =
                sink.onMessage(message, chunk, machine.state(), machine.peer().last());
        if (answer != null) {
            port.answerStream(peer, StreamCodec.encode(answer));
        } else if (message.kind() == Kind.CHUNK && !answerDue) {
            from = peer;
            answerDue = true;
            port.answerLater();
        }
    }

    /** Answers once for all chunks that have come in the turn. */
    void onTurnEnd() {
        answerDue = false;
        answer(sink.has());
    }

    private void answer(@Nullable StreamMessage answer) {
        if (answer != null && from != null) {
            port.answerStream(from, StreamCodec.encode(answer));
        }
    }

    /** The peer answers on the stream's own connection. */
    void onAnswer(long nowNanos, StreamMessage message) {
        source.onMessage(fair(nowNanos), message);
    }

    void onDisconnected(long nowNanos) {
        source.onDisconnected(fair(nowNanos));
    }

    /** The service sends its next chunk. */
    void send(long nowNanos, long session, byte[] chunk) {
        source.send(fair(nowNanos), session, chunk);
    }

    /** From here on the service does nothing that the peer does not know of. */
    void inStep(long session) {
        if (source.isOn(session)) {
            become(ReplicationState.IN_STEP, "copied");
        }
    }

    /** The service can make nothing of what the peer tells. */
    void refuse() {
        answer(sink.refuse());
    }

    @Override
    public boolean send(StreamMessage message) {
        return port.sendStream(StreamCodec.encode(message));
    }

    @Override
    public boolean send(StreamMessage message, byte[] chunk) {
        return port.sendStream(StreamCodec.encode(message), chunk);
    }

    @Override
    public void replicate(long session) {
        become(ReplicationState.COPYING, "the peer follows");
        service.replicate(session);
    }

    @Override
    public void followed(long session, long chunks) {
        service.followed(session, chunks);
    }

    @Override
    public void ended(long session, String why) {
        become(ReplicationState.ALONE, why);
        service.replicationEnded(session);
    }

    @Override
    public PeerId self() {
        return self;
    }

    private void become(ReplicationState next, String cause) {
        if (state != next) {
            ReplicationState before = state;
            state = next;
            port.replicationChanged(before, next, cause);
        }
    }

    private long fair(long nowNanos) {
        return machine.peer().fair(nowNanos);
    }
}
