package io.privateer.benchmarks;

import java.nio.ByteBuffer;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** Plain JeroMQ: DEALER, {@code ZMQ.proxy}, DEALER, one thread each. Nothing is retried, bounded or watched. */
final class RawPeer implements Asker {

    /** Above what is ever under way, because a ROUTER drops what is above. */
    static final int HIGH_WATER_MARK = 2 * PeerBench.IN_FLIGHT_MAX;

    private static final int REPLY_MILLIS_MAX = 10_000;

    private final ZContext context = new ZContext();
    private final ZMQ.Socket socket = dealer(context);
    private final int sizeBytes;

    RawPeer(String frontend, int sizeBytes) {
        this.sizeBytes = sizeBytes;
        socket.setReceiveTimeOut(REPLY_MILLIS_MAX);
        socket.connect(frontend);
    }

    private static ZMQ.Socket dealer(ZContext context) {
        ZMQ.Socket socket = context.createSocket(SocketType.DEALER);
        socket.setHWM(HIGH_WATER_MARK);
        socket.setHandshakeIvl(Roles.HANDSHAKE_MILLIS_MAX);
        return socket;
    }

    @Override
    public void run(ClosedLoop loop) {
        byte[][] bodies = new byte[loop.slots()][sizeBytes];
        for (int slot = 0; slot < bodies.length; slot++) {
            ByteBuffer.wrap(bodies[slot]).putInt(slot);
            loop.asks(slot);
            socket.send(bodies[slot]);
        }
        while (loop.isOpen()) {
            byte[] reply = socket.recv();
            if (reply == null) {
                throw new IllegalStateException("no reply within " + REPLY_MILLIS_MAX + " ms");
            }
            int slot = ByteBuffer.wrap(reply).getInt();
            if (loop.answered(slot, reply.length)) {
                socket.send(bodies[slot]);
            }
        }
    }

    @Override
    public void close() {
        context.close();
    }

    /** Echoes until the process ends. */
    static void work(String backend) {
        try (ZContext context = new ZContext();
                ZMQ.Socket socket = dealer(context)) {
            socket.connect(backend);
            Roles.say(Roles.READY, "");
            while (true) {
                Roles.echo(socket, socket.recv());
            }
        }
    }
}
