package io.privateer.binarystar;

import io.privateer.core.Replicated;
import io.privateer.core.transport.DealerSocket;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.ListenProbe;
import io.privateer.core.transport.PubSocket;
import io.privateer.core.transport.RouterSocket;
import io.privateer.core.transport.SocketSettings;
import io.privateer.core.transport.SubSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of a server of a pair. A state link is a ROUTER here and a DEALER there, one pair each way: what the peer says
 * comes in on the ROUTER, and that its process is gone shows on the DEALER. With a peer that runs the Guide's program it is a
 * PUB here and a SUB there. Not thread-safe: confine to the loop's thread.
 */
final class StarLinks {

    /** The longest frame that belongs here. */
    private static final int MESSAGE_BYTES_MAX = Replicated.CHUNK_BYTES_MAX;

    /** The queue that a stream comes from bounds what waits, and a passive server that does not read is given up. */
    private static final int STREAM_HIGH_WATER_MARK = 100_000;

    /** What waits for a peer that is away is old when it comes, so little of it is kept. */
    private static final int HIGH_WATER_MARK = 4;

    /** So long the last words may take to leave. */
    private static final Duration LINGER = Duration.ofMillis(200);

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

    private final EventLoop loop;
    private final BinaryStarConfig config;
    private final List<RouterSocket> inbound = new ArrayList<>();
    private final List<DealerSocket> outbound = new ArrayList<>();
    private final boolean[] probing;
    private @Nullable PubSocket guideOut;
    private @Nullable SubSocket guideIn;
    private @Nullable DealerSocket witness;

    /** What comes from where the peer is: that it is gone, and from one that runs the Guide's program all that it says. */
    interface AtPeer extends DealerSocket.Handler, SubSocket.Handler {}

    StarLinks(
            EventLoop loop,
            BinaryStarConfig config,
            IntFunction<RouterSocket.Handler> fromPeer,
            IntFunction<AtPeer> toPeer,
            DealerSocket.Handler fromWitness) {
        this.loop = loop;
        this.config = config;
        this.probing = new boolean[config.states().size()];
        try {
            open(fromPeer, toPeer, fromWitness);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void open(
            IntFunction<RouterSocket.Handler> fromPeer, IntFunction<AtPeer> toPeer, DealerSocket.Handler fromWitness) {
        SocketSettings settings = SocketSettings.defaults()
                .withMessageBytesMax(MESSAGE_BYTES_MAX)
                .withHighWaterMark(HIGH_WATER_MARK)
                .withLinger(LINGER);
        if (config.hasGuidePeer()) {
            openToGuide(settings, toPeer.apply(0));
            return;
        }
        for (int link = 0; link < probing.length; link++) {
            inbound.add(loop.bindRouter("state", config.states().get(link), settings, fromPeer.apply(link)));
        }
        for (int link = 0; link < probing.length; link++) {
            String peer = config.peerStates().get(link);
            outbound.add(DealerSocket.connect(loop, "peerState", peer, null, settings, toPeer.apply(link)));
        }
        if (config.witness() != null) {
            witness = DealerSocket.connect(loop, "witness", config.witness(), null, settings, fromWitness);
        }
    }

    private void openToGuide(SocketSettings settings, AtPeer handler) {
        guideOut = loop.bindPub("state", config.states().get(0), settings);
        guideIn = loop.connectSub(config.peerStates().get(0), settings, handler);
        guideIn.subscribe(new byte[0]);
    }

    /** Connects to where the first state link goes, for a stream. */
    DealerSocket connectStream(DealerSocket.Handler handler) {
        SocketSettings settings = SocketSettings.defaults()
                .withMessageBytesMax(MESSAGE_BYTES_MAX)
                .withHighWaterMark(STREAM_HIGH_WATER_MARK)
                .withLinger(Duration.ZERO);
        return loop.connectDealer(config.peerStates().get(0), null, settings, handler);
    }

    /** Thread-safe. */
    List<String> endpoints() {
        PubSocket guide = guideOut;
        if (guide != null) {
            return List.of(guide.endpoint());
        }
        return inbound.stream().map(RouterSocket::endpoint).toList();
    }

    RouterSocket inbound(int link) {
        return inbound.get(link);
    }

    /** Returns on how many links the frame was taken. */
    int sendToPeer(byte[] frame) {
        int taken = guideOut != null && guideOut.send(frame) ? 1 : 0;
        for (DealerSocket socket : outbound) {
            taken += socket.send(frame) ? 1 : 0;
        }
        return taken;
    }

    void sendToWitness(byte[] frame) {
        if (witness != null) {
            witness.send(frame);
        }
    }

    /** Finds out whether a new connection on {@code link} is refused, unless that is under way; {@code told} runs on the loop. */
    void probe(int link, Runnable refused) {
        if (!probing[link]) {
            probing[link] = true;
            ListenProbe.ask(loop, config.peerStates().get(link), PROBE_TIMEOUT, result -> {
                probing[link] = false;
                if (result == ListenProbe.Result.REFUSED) {
                    refused.run();
                }
            });
        }
    }

    void close() {
        inbound.forEach(RouterSocket::close);
        outbound.forEach(DealerSocket::close);
        if (guideOut != null) {
            guideOut.close();
        }
        if (guideIn != null) {
            guideIn.close();
        }
        if (witness != null) {
            witness.close();
        }
    }
}
