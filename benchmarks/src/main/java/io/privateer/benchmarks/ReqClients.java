package io.privateer.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Plain REQ sockets, each asking again as soon as it is answered: one waits in its receive, several in a poller. */
@Command(name = "req-clients")
final class ReqClients implements Callable<Integer> {

    private static final int REPLY_MILLIS_MAX = 10_000;
    private static final long TRACKED_NANOS_MAX = TimeUnit.MINUTES.toNanos(1);

    @Option(names = "--frontend", required = true)
    private String frontend = "";

    @Option(names = "--size", defaultValue = "64")
    private int size;

    @Option(names = "--clients", defaultValue = "1")
    private int clients;

    private final Histogram nanos = new Histogram(TRACKED_NANOS_MAX, 3);

    @Override
    public Integer call() throws InterruptedException {
        Lifeline lifeline = Lifeline.hold();
        byte[] body = new byte[size];
        try (ZContext context = new ZContext();
                ZMQ.Poller poller = context.createPoller(clients)) {
            List<ZMQ.Socket> sockets = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                ZMQ.Socket socket = context.createSocket(SocketType.REQ);
                socket.setReceiveTimeOut(REPLY_MILLIS_MAX);
                socket.connect(frontend);
                poller.register(socket, ZMQ.Poller.POLLIN);
                sockets.add(socket);
            }
            while (true) {
                long millis = lifeline.nextMeasureMillis();
                nanos.reset();
                long startNanos = System.nanoTime();
                long endNanos = startNanos + TimeUnit.MILLISECONDS.toNanos(millis);
                if (clients == 1) {
                    askOne(sockets.get(0), body, endNanos);
                } else {
                    askAll(poller, body, endNanos);
                }
                Roles.sayResult(Latency.of(nanos, (System.nanoTime() - startNanos) / 1e9));
            }
        }
    }

    private void askOne(ZMQ.Socket socket, byte[] body, long endNanos) {
        long sentNanos = System.nanoTime();
        while (sentNanos - endNanos < 0) {
            socket.send(body);
            if (socket.recv() == null) {
                throw new IllegalStateException("no reply within " + REPLY_MILLIS_MAX + " ms");
            }
            long receivedNanos = System.nanoTime();
            nanos.recordValue(receivedNanos - sentNanos);
            sentNanos = receivedNanos;
        }
    }

    private void askAll(ZMQ.Poller poller, byte[] body, long endNanos) {
        long[] sentNanos = new long[clients];
        for (int i = 0; i < clients; i++) {
            sentNanos[i] = System.nanoTime();
            poller.getSocket(i).send(body);
        }
        int outstanding = clients;
        while (outstanding > 0) {
            if (poller.poll(REPLY_MILLIS_MAX) <= 0) {
                throw new IllegalStateException("no reply within " + REPLY_MILLIS_MAX + " ms");
            }
            for (int i = 0; i < clients; i++) {
                if (!poller.pollin(i)) {
                    continue;
                }
                poller.getSocket(i).recv();
                long receivedNanos = System.nanoTime();
                nanos.recordValue(receivedNanos - sentNanos[i]);
                if (receivedNanos - endNanos < 0) {
                    sentNanos[i] = receivedNanos;
                    poller.getSocket(i).send(body);
                } else {
                    outstanding--;
                }
            }
        }
    }
}
