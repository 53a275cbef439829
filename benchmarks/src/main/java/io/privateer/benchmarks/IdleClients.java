package io.privateer.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** REQ sockets that ask once, to prove that they are connected, and then stay. */
@Command(name = "idle-clients")
final class IdleClients implements Callable<Integer> {

    private static final int REPLY_MILLIS_MAX = 30_000;

    @Option(names = "--frontend", required = true)
    private String frontend = "";

    @Option(names = "--count", required = true)
    private int count;

    @Override
    public Integer call() throws InterruptedException {
        Lifeline lifeline = Lifeline.hold();
        try (ZContext context = new ZContext()) {
            context.getContext().setMaxSockets(count + 1);
            List<ZMQ.Socket> sockets = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ZMQ.Socket socket = context.createSocket(SocketType.REQ);
                socket.setReceiveTimeOut(REPLY_MILLIS_MAX);
                socket.setHandshakeIvl(Roles.HANDSHAKE_MILLIS_MAX);
                socket.connect(frontend);
                sockets.add(socket);
            }
            for (ZMQ.Socket socket : sockets) {
                socket.send("ping");
                if (socket.recv() == null) {
                    throw new IllegalStateException("no reply within " + REPLY_MILLIS_MAX + " ms");
                }
            }
            Roles.say(Roles.READY, Integer.toString(count));
            lifeline.holdForever();
        }
        return 0;
    }
}
