package io.privateer.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMsg;

/** Workers as people write them with nothing but JeroMQ, after the Guide's descriptions of the two pirate patterns. */
public final class GuideWorkers {

    private static final byte[] READY = {1};
    private static final byte[] HEARTBEAT = {2};
    private static final int LIVENESS = 3;
    private static final int LOOK_UP_MILLIS = 100;

    private GuideWorkers() {}

    /** What a worker does with a request of one frame. */
    @FunctionalInterface
    public interface Service {

        /** Returns the reply. */
        String reply(String request) throws IOException;
    }

    /**
     * Serves as a Simple Pirate while {@code running}: a REQ socket that says READY once and then takes one request after
     * the other.
     */
    public static void serveSimple(String queue, Service service, BooleanSupplier running) throws IOException {
        try (ZContext context = new ZContext()) {
            ZMQ.Socket socket = BareSockets.create(context, SocketType.REQ);
            socket.setReceiveTimeOut(LOOK_UP_MILLIS);
            socket.connect(queue);
            socket.send(READY);
            while (running.getAsBoolean()) {
                ZMsg message = ZMsg.recvMsg(socket);
                if (message != null) {
                    answer(message, service);
                    message.send(socket);
                }
            }
        }
    }

    /**
     * Serves as a Paranoid Pirate (RFC 6) while {@code running}: beats while it is idle, connects again when the queue
     * falls silent.
     */
    public static void serveParanoid(String queue, Duration heartbeat, Service service, BooleanSupplier running)
            throws IOException {
        try (ZContext context = new ZContext()) {
            while (running.getAsBoolean()) {
                ZMQ.Socket socket = BareSockets.create(context, SocketType.DEALER);
                socket.connect(queue);
                socket.send(READY);
                serveUntilSilent(context, socket, heartbeat, service, running);
                socket.close();
            }
        }
    }

    private static void serveUntilSilent(
            ZContext context, ZMQ.Socket socket, Duration heartbeat, Service service, BooleanSupplier running)
            throws IOException {
        ZMQ.Poller poller = context.createPoller(1);
        poller.register(socket, ZMQ.Poller.POLLIN);
        int liveness = LIVENESS;
        long beatDueNanos = System.nanoTime() + heartbeat.toNanos();
        while (running.getAsBoolean() && liveness > 0 && poller.poll(heartbeat.toMillis()) >= 0) {
            ZMsg message = poller.pollin(0) ? ZMsg.recvMsg(socket) : null;
            if (message == null) {
                liveness--;
            } else {
                liveness = LIVENESS;
                if (message.size() >= 3) {
                    answer(message, service);
                    message.send(socket);
                }
            }
            if (System.nanoTime() - beatDueNanos >= 0) {
                socket.send(HEARTBEAT);
                beatDueNanos = System.nanoTime() + heartbeat.toNanos();
            }
        }
        poller.close();
    }

    private static void answer(ZMsg message, Service service) throws IOException {
        String request = new String(message.peekLast().getData(), ZMQ.CHARSET);
        message.peekLast().reset(service.reply(request).getBytes(ZMQ.CHARSET));
    }

    /** Returns whether these bytes are a heartbeat. */
    public static boolean isHeartbeat(byte[] frame) {
        return Arrays.equals(frame, HEARTBEAT);
    }
}
