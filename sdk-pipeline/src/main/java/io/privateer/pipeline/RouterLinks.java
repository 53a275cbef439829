package io.privateer.pipeline;

import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.Identity;
import io.privateer.core.transport.RouterSocket;
import io.privateer.core.transport.RouterSocket.SendResult;
import io.privateer.core.transport.SocketSettings;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ROUTER under a ventilator or sink: a {@link PipeLink} for each connection, and the reading of what comes. Not
 * thread-safe: confine to the loop's thread.
 */
final class RouterLinks implements RouterSocket.Handler {

    private static final Logger log = LoggerFactory.getLogger(RouterLinks.class);

    /** The machine's side. */
    interface Handler {

        void onRecord(long nowNanos, PipeLink link, PlnReader reader);

        /** Nothing comes any more from that connection, or nothing can be said to it. */
        void onGone(PipeLink link);
    }

    private final EventLoop loop;
    private final String name;
    private final Turn turn;
    private final Handler handler;
    private final PlnReader reader = new PlnReader();
    private final Map<Identity, PipeLink> links = new HashMap<>();
    private final RouterSocket socket;
    private long malformed;

    RouterLinks(EventLoop loop, String name, String endpoint, SocketSettings settings, Turn turn, Handler handler) {
        this.loop = loop;
        this.name = name;
        this.turn = turn;
        this.handler = handler;
        this.socket = loop.bindRouter("endpoint", endpoint, settings, this);
    }

    String endpoint() {
        return socket.endpoint();
    }

    long malformed() {
        return malformed;
    }

    void close() {
        socket.close();
    }

    @Override
    public void onMessage(Identity peer, byte[][] frames) {
        PipeLink link = links.get(peer);
        if (reader.open(frames)) {
            if (link == null) {
                link = connect(peer);
            }
            turn.happened();
            long nowNanos = loop.clock().nanoTime();
            while (reader.next()) {
                handler.onRecord(nowNanos, link, reader);
            }
        }
        if (reader.problem() != null) {
            if (malformed++ == 0) {
                log.warn(
                        "malformed message dropped at={} peer={} problem=\"{}\" (counted, not logged again)",
                        name,
                        peer,
                        reader.problem());
            }
        }
    }

    private PipeLink connect(Identity peer) {
        PipeLink link = new PipeLink(peer.toString(), turn.writer(frame -> transmit(peer, frame)));
        links.put(peer, link);
        return link;
    }

    /** A peer that has missed something must not be told what comes behind it: it shall find a silent connection. */
    private void transmit(Identity peer, byte[] frame) {
        PipeLink link = links.get(peer);
        if (link == null) {
            return;
        }
        SendResult result = socket.send(peer, frame);
        if (result == SendResult.DROPPED || result == SendResult.UNROUTABLE) {
            links.remove(peer);
            loop.execute(() -> gone(link));
        }
    }

    private void gone(PipeLink link) {
        turn.happened();
        handler.onGone(link);
    }

    @Override
    public void onPeerGone(Identity peer) {
        PipeLink link = links.remove(peer);
        if (link != null) {
            gone(link);
        }
    }
}
