package io.privateer.samples.patterns;

import io.privateer.core.Message;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateListener;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.WorkerHandler;
import java.util.concurrent.CountDownLatch;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * Simple Pirate: a queue between clients and workers. A REQ worker, as the Guide has them, dies with a request in its hands; the
 * queue has kept that, and gives it to another worker. The client notices nothing.
 */
final class SimplePirate implements Sample {

    private static final byte[] READY = {1};

    @Override
    public void run(Stage stage) {
        CountDownLatch joined = new CountDownLatch(2);
        PirateListener listener = new PirateListener() {
            @Override
            public void onWorkerJoined(WorkerJoined event) {
                joined.countDown();
            }

            @Override
            public void onDeliveryReturned(DeliveryReturned event) {
                stage.say("queue", "has a request back: " + event.cause());
            }
        };
        WorkerHandler handler = WorkerHandler.of(request -> Message.of("worker-2 did " + request.text()));
        try (PirateQueue queue = PirateQueue.simple()
                        .frontend(Stage.ANY)
                        .backend(Stage.ANY)
                        .listener(listener)
                        .start();
                PirateClient client = PirateClient.connect(queue.frontend())) {
            stage.other("worker-1", () -> work(stage, queue.backend()), queue.backend());
            try (PirateWorker worker =
                    PirateWorker.builder(handler).queue(queue.backend()).start()) {
                Stage.await(joined);
                for (int i = 1; i <= 4; i++) {
                    stage.say("client", "received: " + client.request("request " + i));
                }
                stage.say("worker-2", "has done " + worker.stats().handled());
            }
            stage.say(
                    "queue",
                    "answered " + queue.stats().answered() + " of "
                            + queue.stats().accepted());
        }
    }

    private static void work(Stage stage, String endpoint) {
        try (ZMQ.Socket worker = stage.socket(SocketType.REQ)) {
            worker.connect(endpoint);
            worker.send(READY);
            stage.say("worker-1", "dies with " + Stage.receive(worker).getLast() + " in its hands");
        }
    }
}
