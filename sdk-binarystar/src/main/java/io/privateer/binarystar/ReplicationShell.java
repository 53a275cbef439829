package io.privateer.binarystar;

import io.privateer.core.ClosedException;
import io.privateer.core.Replicated;
import io.privateer.core.Replicator;
import io.privateer.core.TransportFailedException;
import io.privateer.core.transport.DealerSocket;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Joins one {@link StarReplication} to the state links, to a connection of the stream's own beside the first of them, and to
 * the service. Not thread-safe: confine it to the loop's thread, except for what the service calls.
 */
final class ReplicationShell implements Replicator, ReplicationPort, DealerSocket.Handler {

    private final EventLoop loop;
    private final StarLinks links;
    private final StarObserver observer;
    private final StarReplication replication;
    private final DealerSocket toPeer;
    private boolean closed;

    ReplicationShell(
            EventLoop loop,
            StarSettings settings,
            BinaryStarMachine machine,
            Replicated service,
            StarLinks links,
            StarObserver observer) {
        this.loop = loop;
        this.links = links;
        this.observer = observer;
        this.replication = new StarReplication(settings, machine, service, this, now());
        this.toPeer = links.connectStream(this);
    }

    /** Follows every input of the server's machine. */
    void afterInput() {
        replication.afterInput(now());
    }

    /** Returns when {@link #afterInput} is due, if that is before {@code nanos}. */
    long earlier(long nanos) {
        return replication.earlier(nanos);
    }

    ReplicationState state() {
        return replication.state();
    }

    /** Takes what came on the state link. */
    void onMessage(Identity peer, StreamMessage message, byte @Nullable [] chunk) {
        replication.onMessage(peer, message, chunk);
    }

    /** The peer answers on the stream's own connection. */
    @Override
    public void onMessage(byte[][] frames) {
        StreamMessage message = frames.length == 1 ? StreamCodec.decode(frames[0]) : null;
        if (message == null) {
            observer.malformed("stream", "the peer's answer");
        } else {
            replication.onAnswer(now(), message);
        }
    }

    @Override
    public void onDisconnected() {
        replication.onDisconnected(now());
    }

    void close() {
        closed = true;
        toPeer.close();
    }

    @Override
    public void send(long session, byte[] chunk) {
        inLoop(() -> replication.send(now(), session, chunk));
    }

    @Override
    public void inStep(long session) {
        inLoop(() -> replication.inStep(session));
    }

    @Override
    public void notUnderstood(String problem) {
        inLoop(() -> {
            observer.notUnderstood(problem);
            replication.refuse();
        });
    }

    @Override
    public boolean sendStream(byte[]... frames) {
        return toPeer.send(frames);
    }

    @Override
    public void answerStream(Identity peer, byte[] frame) {
        links.inbound(0).send(peer, frame);
    }

    @Override
    public void answerLater() {
        loop.atEndOfTurn(() -> runOpen(replication::onTurnEnd));
    }

    @Override
    public void replicationChanged(ReplicationState from, ReplicationState to, String cause) {
        observer.replicationChanged(from, to, cause);
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
}
