package io.privateer.core.transport;

import io.privateer.core.FrameBytes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.zeromq.SocketType;
import zmq.ZError;

/**
 * A ROUTER bound to one endpoint. It tells when a peer's connection is gone, keeps a bounded number of messages for a
 * peer that reads slowly, and lets a restarted peer take over its identity. Not thread-safe: confine to the loop's
 * thread, except {@link #stats()}.
 */
public final class RouterSocket extends ZmqSocket {

    /** For all peers together: who does not read must not fill the heap of everybody else. */
    private static final long PARKED_BYTES_MAX = 64L << 20;

    /**
     * For each peer that waits for messages JeroMQ writes a byte to a pipe that this very thread reads between its turns,
     * and that takes 65,536: whoever has more to say in one turn, heartbeats to everybody for example, says it in several.
     */
    static final int SENDS_PER_TURN_MAX = 16_384;

    private final Handler handler;
    /** Unguessable, so that no peer can announce its own or anybody's end. */
    private final byte[] disconnect = newNotice();

    private final String endpoint;
    private final Map<Identity, Parked> parked = new HashMap<>();
    private long parkedBytes;
    private int sendsInTurn;

    /** Receives what happens on a {@link RouterSocket}, on the loop's thread. */
    public interface Handler {

        /** Takes one message without its identity frame; the frames are the handler's to keep, not to change. */
        void onMessage(Identity peer, byte[][] frames);

        /** The peer's connection is gone; everything it had sent has been handed over before. */
        void onPeerGone(Identity peer);
    }

    /** What became of a message handed to {@link #send}. */
    public enum SendResult {
        /** JeroMQ took it. */
        SENT,
        /** The peer reads slowly; the message is kept and sent later. */
        PARKED,
        /** The peer is not connected; the message was dropped and counted. */
        UNROUTABLE,
        /** Too many messages, or bytes, are parked for the peer; the message was dropped and counted. */
        DROPPED
    }

    RouterSocket(EventLoop loop, String setting, String endpoint, SocketSettings settings, Handler handler) {
        super(loop, SocketType.ROUTER, settings);
        this.handler = handler;
        socket().setRouterMandatory(true);
        socket().setRouterHandover(true);
        option(zmq.ZMQ.ZMQ_DISCONNECT_MSG, disconnect);
        try {
            this.endpoint = bindTo(setting, endpoint);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Returns the bound endpoint with its real port. */
    public String endpoint() {
        return endpoint;
    }

    /** Sends one message to {@code peer}, behind everything parked for it. */
    public SendResult send(Identity peer, byte[]... frames) {
        if (closed) {
            return SendResult.UNROUTABLE;
        }
        touch();
        Parked waiting = parked.get(peer);
        return waiting == null ? sendNow(peer, frames) : park(waiting, frames);
    }

    private SendResult sendNow(Identity peer, byte[][] frames) {
        boolean tried = sendsInTurn < SENDS_PER_TURN_MAX;
        if (tried && trySend(peer, frames)) {
            return SendResult.SENT;
        }
        if (tried && lastError() == ZError.EHOSTUNREACH) {
            unroutable.incrementAndGet();
            return SendResult.UNROUTABLE;
        }
        return park(parked.computeIfAbsent(peer, absent -> new Parked()), frames);
    }

    private boolean trySend(Identity peer, byte[][] frames) {
        if (!sendFrame(peer.bytes(), true)) {
            return false;
        }
        sendsInTurn++;
        sendRest(frames, 0); // For a peer that vanishes meanwhile JeroMQ drops the rest.
        return true;
    }

    private SendResult park(Parked waiting, byte[][] frames) {
        long bytes = FrameBytes.sum(frames);
        if (!waiting.hasRoomFor(frames, settings.parkedMax()) || parkedBytes + bytes > PARKED_BYTES_MAX) {
            parkedDrops.incrementAndGet();
            return SendResult.DROPPED;
        }
        parkedBytes += bytes;
        waiting.add(frames);
        return SendResult.PARKED;
    }

    @Override
    int drain() {
        sendsInTurn = 0;
        int handled = 0;
        while (handled < BURST_MESSAGES_MAX && !closed) {
            byte[][] message = receive();
            if (message == null) {
                break;
            }
            handled++;
            if (message != DROPPED) {
                deliver(message);
            }
        }
        if (!parked.isEmpty() && !closed) {
            sendParked();
        }
        return handled;
    }

    private void deliver(byte[][] message) {
        Identity peer = Identity.wrap(message[0]);
        if (message.length == 2 && Arrays.equals(message[1], disconnect)) {
            Parked lost = parked.remove(peer);
            if (lost != null) {
                giveUp(lost);
            }
            handler.onPeerGone(peer);
        } else {
            received.incrementAndGet();
            handler.onMessage(peer, Arrays.copyOfRange(message, 1, message.length));
        }
    }

    /** Runs after each drain: the command that says "writable again" arrives on the descriptor like any other. */
    private void sendParked() {
        Iterator<Map.Entry<Identity, Parked>> peers = parked.entrySet().iterator();
        while (peers.hasNext()) {
            Map.Entry<Identity, Parked> entry = peers.next();
            Parked waiting = entry.getValue();
            byte[][] next = waiting.first();
            while (next != null && sendsInTurn < SENDS_PER_TURN_MAX && trySend(entry.getKey(), next)) {
                parkedBytes -= FrameBytes.sum(next);
                waiting.removeFirst();
                next = waiting.first();
            }
            if (next == null) {
                peers.remove();
            } else if (sendsInTurn >= SENDS_PER_TURN_MAX) {
                touch();
                return;
            } else if (lastError() == ZError.EHOSTUNREACH) {
                giveUp(waiting);
                peers.remove();
            }
        }
    }

    private void giveUp(Parked waiting) {
        unroutable.addAndGet(waiting.count());
        parkedBytes -= waiting.bytes();
    }
}
