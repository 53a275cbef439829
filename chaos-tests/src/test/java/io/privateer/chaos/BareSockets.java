package io.privateer.chaos;

import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** Sockets of bare JeroMQ, for the peers of a test that are not ours. */
public final class BareSockets {

    /**
     * JeroMQ forgets some per cent of the first connections of a context until the handshake times out, 30 s by default:
     * longer than any test waits. (Our own sockets are nudged instead.)
     */
    private static final int HANDSHAKE_MILLIS_MAX = 500;

    private BareSockets() {}

    /** Returns a new socket, whose owner closes it with {@code context}. */
    public static ZMQ.Socket create(ZContext context, SocketType type) {
        ZMQ.Socket socket = context.createSocket(type);
        socket.setHandshakeIvl(HANDSHAKE_MILLIS_MAX);
        return socket;
    }
}
