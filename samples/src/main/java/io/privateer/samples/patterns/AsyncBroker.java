package io.privateer.samples.patterns;

import java.util.List;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMsg;

/**
 * ROUTER-DEALER: a broker that passes messages both ways, unread, and waits for nobody. REQ, REP and DEALER take part unchanged:
 * the envelope that ROUTER writes brings each reply home.
 */
final class AsyncBroker implements Sample {

    private static final int CLIENTS = 2;
    private static final int REQUESTS = 3;

    @Override
    public void run(Stage stage) {
        try (ZMQ.Socket frontend = stage.socket(SocketType.ROUTER);
                ZMQ.Socket backend = stage.socket(SocketType.DEALER);
                ZMQ.Poller poller = stage.poller(frontend, backend)) {
            String clientsAt = Stage.bind(frontend);
            String servicesAt = Stage.bind(backend);
            for (String who : List.of("service-1", "service-2")) {
                stage.start(who, () -> serve(stage, who, servicesAt));
            }
            stage.other("client-1", () -> ask(stage, "client-1", clientsAt), clientsAt, "client-1");
            stage.start("client-2", () -> ask(stage, "client-2", clientsAt));
            int underWay = 0;
            for (int answered = 0; answered < CLIENTS * REQUESTS; ) {
                Stage.poll(poller);
                if (poller.pollin(0)) {
                    Stage.receive(frontend).send(backend);
                    stage.say("broker", ++underWay + " under way");
                }
                if (poller.pollin(1)) {
                    Stage.receive(backend).send(frontend);
                    answered++;
                    underWay--;
                }
            }
        }
    }

    private static void serve(Stage stage, String who, String endpoint) {
        try (ZMQ.Socket service = stage.socket(SocketType.REP)) {
            service.connect(endpoint);
            stage.serve(service, request -> service.send(who + " did " + request.popString()));
        }
    }

    private static void ask(Stage stage, String who, String endpoint) {
        try (ZMQ.Socket client = stage.socket(SocketType.DEALER)) {
            client.connect(endpoint);
            for (int i = 1; i <= REQUESTS; i++) {
                client.sendMore(""); // What REQ would write, had it not to wait for the reply.
                client.send("request " + i + " of " + who);
            }
            for (int i = 1; i <= REQUESTS; i++) {
                ZMsg reply = Stage.receive(client);
                stage.say(who, "received: " + reply.getLast());
            }
        }
    }
}
