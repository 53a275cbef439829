package io.privateer.samples.patterns;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.zeromq.SocketType;
import org.zeromq.ZFrame;
import org.zeromq.ZMQ;
import org.zeromq.ZMsg;

/** ROUTER-ROUTER broker between REQ clients and REQ workers: a worker asks for work, and gets it when its turn has come. */
final class LoadBalanced implements Sample {

    private static final int WORKERS = 2;
    private static final int REQUESTS = 3;
    private static final List<String> CLIENTS = List.of("client-1", "client-2");

    @Override
    public void run(Stage stage) {
        try (ZMQ.Socket frontend = stage.socket(SocketType.ROUTER);
                ZMQ.Socket backend = stage.socket(SocketType.ROUTER);
                ZMQ.Poller poller = stage.poller(frontend, backend)) {
            String clientsAt = Stage.bind(frontend);
            String workersAt = Stage.bind(backend);
            stage.other("worker-1", () -> work(stage, "worker-1", workersAt), workersAt, "worker-1");
            stage.start("worker-2", () -> work(stage, "worker-2", workersAt));
            Deque<ZFrame> idle = new ArrayDeque<>();
            while (idle.size() < WORKERS) {
                idle.add(Stage.receive(backend).unwrap()); // All that a worker says at first is that it is ready.
            }
            CLIENTS.forEach(who -> stage.start(who, () -> ask(stage, who, clientsAt)));
            for (int answered = 0; answered < CLIENTS.size() * REQUESTS; ) {
                if (!idle.isEmpty()) {
                    Stage.poll(poller);
                }
                if (idle.isEmpty() || poller.pollin(1)) { // With nobody idle, requests may wait where they are.
                    ZMsg reply = Stage.receive(backend);
                    idle.add(reply.unwrap());
                    reply.send(frontend);
                    answered++;
                } else {
                    ZMsg request = Stage.receive(frontend);
                    request.wrap(idle.remove());
                    request.send(backend);
                }
            }
        }
    }

    private static void work(Stage stage, String who, String endpoint) {
        try (ZMQ.Socket worker = stage.socket(SocketType.REQ, who)) {
            worker.connect(endpoint);
            worker.send("READY");
            stage.serve(worker, request -> {
                ZFrame client = request.unwrap();
                stage.say(who, "has work of " + client);
                ZMsg.newStringMsg(who + " did " + request.popString())
                        .wrap(client)
                        .send(worker);
            });
        }
    }

    private static void ask(Stage stage, String who, String endpoint) {
        try (ZMQ.Socket client = stage.socket(SocketType.REQ, who)) {
            client.connect(endpoint);
            for (int i = 1; i <= REQUESTS; i++) {
                client.send("request " + i);
                stage.say(who, "received: " + Stage.receiveText(client));
            }
        }
    }
}
