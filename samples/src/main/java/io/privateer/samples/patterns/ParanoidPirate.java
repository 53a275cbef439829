package io.privateer.samples.patterns;

import io.privateer.core.Message;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateListener;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.WorkerHandler;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMsg;

/** Paranoid Pirate: queue and workers beat. A DEALER worker freezes, and its beats end, so it is given no more work. */
final class ParanoidPirate implements Sample {

    private static final Duration BEAT = Duration.ofMillis(200);

    @Override
    public void run(Stage stage) {
        CountDownLatch joined = new CountDownLatch(2);
        CountDownLatch lost = new CountDownLatch(1);
        PirateListener listener = new PirateListener() {
            @Override
            public void onWorkerJoined(WorkerJoined event) {
                joined.countDown();
            }

            @Override
            public void onWorkerLost(WorkerLost event) {
                stage.say("queue", "has lost a worker: " + event.cause());
                lost.countDown();
            }
        };
        WorkerHandler handler = WorkerHandler.of(request -> Message.of("worker-2 did " + request.text()));
        try (PirateQueue queue = PirateQueue.paranoid()
                        .frontend(Stage.ANY)
                        .backend(Stage.ANY)
                        .heartbeat(BEAT)
                        .listener(listener)
                        .start();
                PirateClient client = PirateClient.connect(queue.frontend())) {
            stage.other("worker-1", () -> work(stage, queue.backend()), queue.backend());
            try (PirateWorker worker =
                    PirateWorker.builder(handler).queue(queue.backend()).start()) {
                Stage.await(joined);
                for (int i = 1; i <= 5; i++) {
                    stage.say("client", "received: " + client.request("request " + i));
                    if (i == 2) {
                        Stage.await(lost);
                    }
                }
                stage.say("worker-2", "has done " + worker.stats().handled());
            }
        }
    }

    private static void work(Stage stage, String endpoint) {
        try (ZMQ.Socket worker = stage.socket(SocketType.DEALER)) {
            worker.connect(endpoint);
            worker.setReceiveTimeOut((int) BEAT.toMillis());
            worker.send(new byte[] {1}); // Ready.
            ZMsg request = ZMsg.recvMsg(worker);
            while (!stage.isOver() && (request == null || request.size() == 1)) { // Nothing, or a beat of the queue's.
                worker.send(new byte[] {2}); // A beat.
                request = ZMsg.recvMsg(worker);
            }
            if (request != null) {
                request.add("worker-1 did " + request.pollLast());
                request.send(worker);
                stage.say("worker-1", "freezes");
            }
            stage.linger(Stage.PATIENCE);
        }
    }
}
