package io.privateer.binarystar;

import io.privateer.core.Replicated;
import io.privateer.core.transport.Identity;
import java.util.Objects;

/** The replication of one life, with the shell's part: which turn a message is answered in. */
final class StarStream implements ReplicationPort {

    private final StarLife.Port port;
    private final StarReplication replication;
    private boolean answerDue;

    StarStream(
            StarSettings settings,
            BinaryStarMachine machine,
            Replicated replicated,
            StarLife.Port port,
            long nowNanos) {
        this.port = port;
        this.replication = new StarReplication(settings, machine, replicated, this, nowNanos);
    }

    /** Returns false if the message is none of a stream. */
    boolean onMessage(Identity peer, byte[][] frames) {
        StreamMessage message = StreamCodec.decode(frames[0]);
        if (message != null) {
            replication.onMessage(peer, message, frames.length == 2 ? frames[1] : null);
        }
        return message != null;
    }

    void onAnswer(byte[] frame) {
        StreamMessage message = Objects.requireNonNull(StreamCodec.decode(frame), "a server speaks well of its stream");
        replication.onAnswer(port.now(), message);
    }

    void onLost() {
        replication.onDisconnected(port.now());
    }

    void send(long session, byte[] chunk) {
        replication.send(port.now(), session, chunk);
    }

    void inStep(long session) {
        replication.inStep(session);
    }

    void afterInput() {
        replication.afterInput(port.now());
    }

    void onTurnEnd() {
        if (answerDue) {
            answerDue = false;
            replication.onTurnEnd();
        }
    }

    ReplicationState state() {
        return replication.state();
    }

    long earlier(long dueNanos) {
        return replication.earlier(dueNanos);
    }

    @Override
    public boolean sendStream(byte[]... frames) {
        return port.sendStream(frames);
    }

    @Override
    public void answerStream(Identity peer, byte[] frame) {
        port.answerStream(peer, frame);
    }

    @Override
    public void answerLater() {
        answerDue = true;
    }

    @Override
    public void replicationChanged(ReplicationState from, ReplicationState to, String cause) {
        port.replicationChanged(from, to, cause);
    }
}
