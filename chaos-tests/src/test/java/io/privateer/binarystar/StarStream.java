package io.privateer.binarystar;

import io.privateer.binarystar.StreamMessage.Kind;
import io.privateer.core.Replicated;
import io.privateer.core.transport.Identity;
import io.privateer.core.wire.PeerId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one life of a server of a pair sends of its service to the other, and takes of the other's: the production machines
 * and codec, joined as {@link StarReplication} joins them to the state links and to the service.
 */
final class StarStream implements StreamPort {

    private final BinaryStarMachine machine;
    private final PeerId self;
    private final Replicated service;
    private final StarLife.Port port;
    private final StreamSource source;
    private final StreamSink sink;
    private @Nullable Identity from;
    private boolean answerDue;
    private ReplicationState state = ReplicationState.ALONE;

    StarStream(StarSettings settings, BinaryStarMachine machine, Replicated service, StarLife.Port port) {
        this.machine = machine;
        this.self = settings.nodeId();
        this.service = service;
        this.port = port;
        this.source = new StreamSource(this, settings.heartbeatNanos(), fairNanos());
        this.sink = new StreamSink(service, self);
    }

    void afterInput() {
        PeerWatch peer = machine.peer();
        sink.observe(machine.state(), peer.last());
        boolean active = machine.state() == StarState.ACTIVE;
        source.want(fairNanos(), active && peer.isReady(port.now()), machine.newestEpoch());
        if (!active) {
            become(sink.isFollowing() ? ReplicationState.FOLLOWING : ReplicationState.ALONE, "passive");
        } else if (state == ReplicationState.FOLLOWING) {
            become(ReplicationState.ALONE, "active");
        }
    }

    long earlier(long nanos) {
        return machine.peer().unfair(source.earlier(machine.peer().fair(nanos)));
    }

    ReplicationState state() {
        return state;
    }

    /** Takes the frames of a message that came on the state link; returns false if it belongs to no stream. */
    boolean onMessage(Identity peer, byte[][] frames) {
        StreamMessage message = StreamCodec.decode(frames[0]);
        if (message == null) {
            return false;
        }
        byte[] chunk = frames.length == 2 ? frames[1] : null;
        StreamMessage answer =
                sink.onMessage(message, chunk, machine.state(), machine.peer().last());
        if (answer != null) {
            port.answerStream(peer, StreamCodec.encode(answer));
        } else if (message.kind() == Kind.CHUNK) {
            from = peer;
            answerDue = true;
        }
        return true;
    }

    /** Once in a turn, for all chunks that have come in it. */
    void onTurnEnd() {
        StreamMessage has = answerDue ? sink.has() : null;
        answerDue = false;
        if (has != null) {
            port.answerStream(Objects.requireNonNull(from), StreamCodec.encode(has));
        }
    }

    void onAnswer(byte[] frame) {
        source.onMessage(
                fairNanos(), Objects.requireNonNull(StreamCodec.decode(frame), "a server speaks well of its stream"));
    }

    void onDisconnected() {
        source.onDisconnected(fairNanos());
    }

    void send(long session, byte[] chunk) {
        source.send(fairNanos(), session, chunk);
    }

    void inStep(long session) {
        if (source.isOn(session)) {
            become(ReplicationState.IN_STEP, "copied");
        }
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

    private long fairNanos() {
        return machine.peer().fair(port.now());
    }
}
