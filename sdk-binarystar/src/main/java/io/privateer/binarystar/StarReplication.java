package io.privateer.binarystar;

import io.privateer.binarystar.StreamMessage.Kind;
import io.privateer.core.ClosedException;
import io.privateer.core.Replicated;
import io.privateer.core.Replicator;
import io.privateer.core.TransportFailedException;
import io.privateer.core.transport.DealerSocket;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.Identity;
import io.privateer.core.wire.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Carries what the active server's service does to the passive one's, on a connection of its own beside the first state
 * link: whatever waits there keeps no beat from coming. Not thread-safe: confine to the loop's thread, except what
 * {@link Replicator} says.
 */
final class StarReplication implements Replicator, StreamPort, DealerSocket.Handler {

    private final EventLoop loop;
    private final BinaryStarMachine machine;
    private final PeerId self;
    private final Replicated service;
    private final StarLinks links;
    private final StarObserver observer;
    private final StreamSource source;
    private final StreamSink sink;
    private final DealerSocket toPeer;
    private @Nullable Identity from;
    private boolean answerDue;
    private ReplicationState state = ReplicationState.ALONE;
    private boolean closed;

    StarReplication(
            EventLoop loop,
            StarSettings settings,
            BinaryStarMachine machine,
            Replicated service,
            StarLinks links,
            StarObserver observer) {
        this.loop = loop;
        this.machine = machine;
        this.self = settings.nodeId();
        this.service = service;
        this.links = links;
        this.observer = observer;
        this.source = new StreamSource(this, settings.heartbeatNanos(), fairNanos());
        this.sink = new StreamSink(service, self);
        this.toPeer = links.connectStream(this);
    }

    /** Follows every input of the server's machine. */
    void afterInput() {
        PeerWatch peer = machine.peer();
        sink.observe(machine.state(), peer.last());
        boolean active = machine.state() == StarState.ACTIVE;
        source.want(fairNanos(), active && peer.isReady(now()), machine.newestEpoch());
        if (!active) {
            become(sink.isFollowing() ? ReplicationState.FOLLOWING : ReplicationState.ALONE, "passive");
        } else if (state == ReplicationState.FOLLOWING) {
            become(ReplicationState.ALONE, "active");
        }
    }

    /** Returns when {@link #afterInput} is due, if that is before {@code nanos}. */
    long earlier(long nanos) {
        return machine.peer().unfair(source.earlier(machine.peer().fair(nanos)));
    }

    ReplicationState state() {
        return state;
    }

    /** Takes what came on the state link. */
    void onMessage(Identity peer, StreamMessage message, byte @Nullable [] chunk) {
        StreamMessage answer =
                sink.onMessage(message, chunk, machine.state(), machine.peer().last());
        if (answer != null) {
            links.inbound(0).send(peer, StreamCodec.encode(answer));
        } else if (message.kind() == Kind.CHUNK && !answerDue) {
            from = peer;
            answerDue = true;
            loop.atEndOfTurn(this::answer);
        }
    }

    /** Once in a turn, for all chunks that have come in it. */
    private void answer() {
        answerDue = false;
        StreamMessage has = sink.has();
        if (has != null && from != null && !closed) {
            links.inbound(0).send(from, StreamCodec.encode(has));
        }
    }

    /** The peer answers on the stream's own connection. */
    @Override
    public void onMessage(byte[][] frames) {
        StreamMessage message = frames.length == 1 ? StreamCodec.decode(frames[0]) : null;
        if (message == null) {
            observer.malformed("stream", "the peer's answer");
        } else {
            source.onMessage(fairNanos(), message);
        }
    }

    @Override
    public void onDisconnected() {
        source.onDisconnected(fairNanos());
    }

    void close() {
        closed = true;
        toPeer.close();
    }

    @Override
    public void send(long session, byte[] chunk) {
        inLoop(() -> source.send(fairNanos(), session, chunk));
    }

    @Override
    public void inStep(long session) {
        inLoop(() -> {
            if (source.isOn(session)) {
                become(ReplicationState.IN_STEP, "copied");
            }
        });
    }

    @Override
    public void notUnderstood(String problem) {
        inLoop(() -> {
            observer.notUnderstood(problem);
            StreamMessage refusal = sink.refuse();
            if (refusal != null && from != null) {
                links.inbound(0).send(from, StreamCodec.encode(refusal));
            }
        });
    }

    @Override
    public boolean send(StreamMessage message) {
        return toPeer.send(StreamCodec.encode(message));
    }

    @Override
    public boolean send(StreamMessage message, byte[] chunk) {
        return toPeer.send(StreamCodec.encode(message), chunk);
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
            observer.replicationChanged(state, next, cause);
            state = next;
        }
    }

    /** From any thread; what comes after the end is of no use. */
    private void inLoop(Runnable task) {
        if (loop.isLoopThread()) {
            runOpen(task);
            return;
        }
        try {
            loop.execute(() -> runOpen(task));
        } catch (ClosedException | TransportFailedException e) {
            observer.tooLate();
        }
    }

    private void runOpen(Runnable task) {
        if (!closed) {
            task.run();
        }
    }

    private long now() {
        return loop.clock().nanoTime();
    }

    private long fairNanos() {
        return machine.peer().fair(now());
    }
}
