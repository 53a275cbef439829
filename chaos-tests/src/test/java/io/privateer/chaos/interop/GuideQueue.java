package io.privateer.chaos.interop;

import io.privateer.chaos.BareSockets;
import io.privateer.chaos.GuideWorkers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZFrame;
import org.zeromq.ZMQ;
import org.zeromq.ZMsg;

/**
 * A Paranoid Pirate queue as one writes it with bare JeroMQ (RFC 6): any word from a worker makes it ready for work, and
 * idle workers get heartbeats. It knows nothing of beats while busy, so one would earn its sender a second job.
 */
final class GuideQueue implements AutoCloseable {

    private final ZContext context = new ZContext();
    private final ZMQ.Socket frontend = BareSockets.create(context, SocketType.ROUTER);
    private final ZMQ.Socket backend = BareSockets.create(context, SocketType.ROUTER);
    private final Duration heartbeat;
    private final Deque<ZFrame> ready = new ArrayDeque<>();
    private final List<String> conversation = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean stopping;

    /** Binds to both endpoints. */
    GuideQueue(String frontendEndpoint, String backendEndpoint, Duration heartbeat) {
        this.heartbeat = heartbeat;
        frontend.bind(frontendEndpoint);
        backend.bind(backendEndpoint);
        Thread thread = new Thread(this::run, "guide-queue");
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns what workers said and were given, in order: READY, BEAT, JOB and REPLY. */
    List<String> conversation() {
        return List.copyOf(conversation);
    }

    private void run() {
        ZMQ.Poller poller = context.createPoller(2);
        poller.register(backend, ZMQ.Poller.POLLIN);
        poller.register(frontend, ZMQ.Poller.POLLIN);
        long beatDueNanos = System.nanoTime() + heartbeat.toNanos();
        while (!stopping) {
            poller.poll(10);
            if (poller.pollin(0)) {
                onWorker(ZMsg.recvMsg(backend));
            }
            if (poller.pollin(1) && !ready.isEmpty()) {
                onClient(ZMsg.recvMsg(frontend));
            }
            if (System.nanoTime() - beatDueNanos >= 0) {
                beatDueNanos = System.nanoTime() + heartbeat.toNanos();
                for (ZFrame worker : new ArrayList<>(ready)) {
                    worker.send(backend, ZFrame.REUSE | ZFrame.MORE);
                    backend.send(new byte[] {2});
                }
            }
        }
        poller.close();
        context.close();
        ended.complete(null);
    }

    private void onWorker(ZMsg message) {
        ZFrame worker = message.unwrap();
        ready.remove(worker);
        ready.add(worker);
        if (message.size() > 1) {
            conversation.add("REPLY");
            message.send(frontend);
        } else {
            conversation.add(GuideWorkers.isHeartbeat(message.peekFirst().getData()) ? "BEAT" : "READY");
        }
    }

    private void onClient(ZMsg request) {
        conversation.add("JOB");
        request.push(ready.remove());
        request.send(backend);
    }

    @Override
    public void close() {
        stopping = true;
        ended.join();
    }
}
