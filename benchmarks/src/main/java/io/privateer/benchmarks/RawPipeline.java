package io.privateer.benchmarks;

import java.util.concurrent.CompletableFuture;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ.Socket;

/** Plain PUSH-PULL-PUSH: a thread each for ventilator, worker and sink. */
final class RawPipeline implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 10_000;

    private final ZContext context = new ZContext();
    private final Socket ventilator = socket(SocketType.PUSH);
    private final Socket fromVentilator = socket(SocketType.PULL);
    private final Socket toSink = socket(SocketType.PUSH);
    private final Socket sink = socket(SocketType.PULL);

    RawPipeline() {
        String host = "tcp://127.0.0.1";
        fromVentilator.connect(host + ":" + ventilator.bindToRandomPort(host));
        toSink.connect(host + ":" + sink.bindToRandomPort(host));
    }

    private Socket socket(SocketType type) {
        Socket socket = context.createSocket(type);
        socket.setReceiveTimeOut(TIMEOUT_MILLIS);
        socket.setSendTimeOut(TIMEOUT_MILLIS);
        return socket;
    }

    /** Returns how many of {@code tasks} have come back. */
    long run(int tasks, int size) {
        CompletableFuture<Long> came = CompletableFuture.supplyAsync(() -> receive(tasks), PipelineBench::onThread);
        CompletableFuture<Void> worked = CompletableFuture.runAsync(() -> work(tasks), PipelineBench::onThread);
        byte[] task = new byte[size];
        for (int i = 0; i < tasks; i++) {
            ventilator.send(task);
        }
        worked.join();
        return came.join();
    }

    private long receive(int tasks) {
        long count = 0;
        while (count < tasks && sink.recv() != null) {
            count++;
        }
        return count;
    }

    private void work(int tasks) {
        for (int i = 0; i < tasks; i++) {
            byte[] task = fromVentilator.recv();
            if (task == null) {
                return;
            }
            toSink.send(task);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
