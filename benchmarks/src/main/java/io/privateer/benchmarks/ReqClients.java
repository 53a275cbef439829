package io.privateer.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Plain REQ sockets, each on a thread of its own that asks again as soon as it is answered. */
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

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        Lifeline lifeline = Lifeline.hold();
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try (ZContext context = new ZContext()) {
            List<ZMQ.Socket> sockets = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                ZMQ.Socket socket = context.createSocket(SocketType.REQ);
                socket.setReceiveTimeOut(REPLY_MILLIS_MAX);
                socket.setHandshakeIvl(Roles.HANDSHAKE_MILLIS_MAX);
                socket.connect(frontend);
                sockets.add(socket);
            }
            while (true) {
                long millis = lifeline.nextMeasureMillis();
                Roles.sayResult(measure(threads, sockets, TimeUnit.MILLISECONDS.toNanos(millis)));
            }
        }
    }

    private Latency measure(ExecutorService threads, List<ZMQ.Socket> sockets, long windowNanos)
            throws InterruptedException, ExecutionException {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Histogram>> parts = new ArrayList<>();
        for (ZMQ.Socket socket : sockets) {
            parts.add(threads.submit(() -> {
                start.await();
                return ask(socket, System.nanoTime() + windowNanos);
            }));
        }
        long startNanos = System.nanoTime();
        start.countDown();
        Histogram all = new Histogram(TRACKED_NANOS_MAX, 3);
        for (Future<Histogram> part : parts) {
            all.add(part.get());
        }
        return Latency.of(all, (System.nanoTime() - startNanos) / 1e9);
    }

    private Histogram ask(ZMQ.Socket socket, long endNanos) {
        Histogram nanos = new Histogram(TRACKED_NANOS_MAX, 3);
        byte[] body = new byte[size];
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
        return nanos;
    }
}
