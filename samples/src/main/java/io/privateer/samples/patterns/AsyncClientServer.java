package io.privateer.samples.patterns;

import java.util.List;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMsg;

/** DEALER-ROUTER: clients that do not wait, and a server that answers a request never, once or often. */
final class AsyncClientServer implements Sample {

    /** How many replies each request of a client asks for. */
    private static final List<Integer> WANTED = List.of(0, 1, 3);

    private static final int CLIENTS = 2;

    @Override
    public void run(Stage stage) {
        try (ZMQ.Socket server = stage.socket(SocketType.ROUTER)) {
            String endpoint = Stage.bind(server);
            stage.other("client-1", () -> ask(stage, "client-1", endpoint), endpoint, "client-1");
            stage.start("client-2", () -> ask(stage, "client-2", endpoint));
            for (int i = 0; i < CLIENTS * WANTED.size(); i++) {
                answer(stage, server);
            }
        }
    }

    private static void answer(Stage stage, ZMQ.Socket server) {
        ZMsg request = Stage.receive(server);
        String client = request.popString(); // ROUTER says who sent it, and wants to hear whom to send to.
        int wanted = Integer.parseInt(request.popString());
        stage.say("server", client + " gets " + wanted);
        for (int i = 1; i <= wanted; i++) {
            server.sendMore(client);
            server.send(i + " of " + wanted);
        }
    }

    private static void ask(Stage stage, String who, String endpoint) {
        try (ZMQ.Socket client = stage.socket(SocketType.DEALER, who)) {
            client.connect(endpoint);
            WANTED.forEach(replies -> client.send(replies.toString()));
            stage.say(who, "has asked for " + WANTED + " replies");
            for (int i = WANTED.stream().mapToInt(Integer::intValue).sum(); i > 0; i--) {
                stage.say(who, "received " + Stage.receiveText(client));
            }
        }
    }
}
