package io.privateer.pirate;

import io.privateer.core.transport.DealerSocket;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.wire.EpochFence.Verdict;
import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket of a {@link PirateClient} and what passes through it. Not thread-safe: confine to the loop's thread.
 *
 * <p>What JeroMQ does not take now, because the server reads slowly or is not there yet, is kept here and tried again.
 * That holds frames of calls that have ended meanwhile, which only a new connection gets rid of: one that keeps more than
 * the open calls can need is given up as if it were lost, with what is kept here.
 */
final class ClientConnection implements DealerSocket.Handler {

    private static final Logger log = LoggerFactory.getLogger(PirateClient.class);

    /** A server whose limit is not known takes at least frames of this length, in bytes. */
    private static final int FIRST_BATCH_BYTES = 8 * 1024;

    private final PirateClientConfig config;
    private final int endpoint;
    private final ClientMachine machine;
    private final ClientShell shell;
    private final RecordReader reader = new RecordReader();
    private final ArrayDeque<byte[][]> backlog = new ArrayDeque<>();
    private final DealerSocket socket;
    private final int messageBytesMax;
    private final long backlogBytesMax;
    private long backlogBytes;
    private boolean closed;

    /** What the next message will hold. */
    final Outbox outbox;

    ClientConnection(
            EventLoop loop, PirateClientConfig config, int endpoint, ClientMachine machine, ClientShell shell) {
        this.config = config;
        this.endpoint = endpoint;
        this.machine = machine;
        this.shell = shell;
        this.messageBytesMax = config.socketSettings().messageBytesMax();
        this.backlogBytesMax = backlogBytesMax(config);
        this.outbox = new Outbox(this::send, shell.epochs());
        this.outbox.limit(Math.min(messageBytesMax, FIRST_BATCH_BYTES));
        this.socket = loop.connectDealer(config.endpoints().get(endpoint), null, config.socketSettings(), this);
    }

    /** Lets messages be as long as both sides take. */
    void limit(int serverBytesMax) {
        outbox.limit(Math.min(messageBytesMax, serverBytesMax));
    }

    /**
     * Returns how long all open calls are when each is sent once, and one message. Services and headers, which the bounds
     * of the client do not count, are not in it.
     */
    private static long backlogBytesMax(PirateClientConfig config) {
        return config.inFlightBytesMax()
                + (long) config.inFlightMax() * PirateClientConfig.RECORD_BYTES
                + config.socketSettings().messageBytesMax();
    }

    private void send(byte[][] frames) {
        if (!backlog.isEmpty() || !socket.send(frames)) {
            backlog.add(frames);
            backlogBytes += length(frames);
        }
    }

    /**
     * Sends what JeroMQ did not take, and gives the connection up if too much is left.
     *
     * @return false if it is to be called again soon
     */
    boolean sendBacklog() {
        while (!backlog.isEmpty() && socket.send(backlog.element())) {
            backlogBytes -= length(backlog.remove());
        }
        if (backlogBytes > backlogBytesMax) {
            log.warn(
                    "connection given up, server reads too slowly client={} endpoint={} unsentBytes={} max={}",
                    config.name(),
                    config.endpoints().get(endpoint),
                    backlogBytes,
                    backlogBytesMax);
            onDisconnected();
            return true;
        }
        return backlog.isEmpty();
    }

    private static long length(byte[][] frames) {
        long length = 0;
        for (byte[] frame : frames) {
            length += frame.length;
        }
        return length;
    }

    void close() {
        closed = true;
        socket.close();
    }

    @Override
    public void onMessage(byte[][] frames) {
        if (!reader.open(frames)) {
            shell.malformed(endpoint, reader.problem());
            return;
        }
        long nowNanos = shell.now();
        Verdict verdict = shell.epochs().judge(reader.epoch());
        if (verdict == Verdict.ABSURD) {
            shell.malformed(endpoint, "epoch " + Long.toUnsignedString(reader.epoch()) + " leaps ahead");
            return;
        }
        machine.links().onHeard(nowNanos, endpoint);
        if (verdict == Verdict.NEWER) {
            machine.links().onNewerEpoch(nowNanos, endpoint);
        }
        boolean stale = verdict == Verdict.STALE;
        while (!closed && reader.next()) {
            take(nowNanos, stale);
        }
        if (stale && !closed) {
            machine.links().onStale(nowNanos, endpoint);
        }
        if (reader.problem() != null) {
            shell.malformed(endpoint, reader.problem());
        }
        shell.settle();
    }

    /** A server that has been replaced and does not know it is heard like one that stands by. */
    private void take(long nowNanos, boolean stale) {
        switch (reader.type()) {
            case Prv.REPLY -> {
                if (stale) {
                    machine.counters().staleReplies++;
                } else {
                    machine.onReply(
                            nowNanos,
                            endpoint,
                            reader.id(),
                            reader.status(),
                            reader.attempts(),
                            reader.retryAfterMillis(),
                            reader.body());
                }
            }
            case Prv.WELCOME ->
                machine.links()
                        .onWelcome(
                                nowNanos,
                                endpoint,
                                reader.peer(),
                                reader.heartbeatMillis(),
                                reader.messageBytesMax(),
                                stale || reader.isStandby());
            case Prv.DRAIN -> machine.links().onInactive(nowNanos, endpoint);
            case Prv.GOODBYE -> machine.links().onGoodbye(nowNanos, endpoint, reader.status());
            case Prv.HEARTBEAT -> {
                // That it came is all there is to it.
            }
            default -> shell.malformed(endpoint, "record type " + reader.type() + " is not for clients");
        }
    }

    @Override
    public void onDisconnected() {
        machine.links().onDisconnected(shell.now(), endpoint);
        shell.settle();
    }
}
