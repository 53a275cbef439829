package io.privateer.samples.patterns;

import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** REQ-REP: a client asks, a server answers, and neither may speak twice in a row. */
final class RequestReply implements Sample {

    private static final int REQUESTS = 3;

    @Override
    public void run(Stage stage) {
        try (ZMQ.Socket server = stage.socket(SocketType.REP)) {
            String endpoint = Stage.bind(server);
            stage.other("client", () -> ask(stage, endpoint), endpoint);
            for (int i = 1; i <= REQUESTS; i++) {
                stage.say("server", "received " + Stage.receiveText(server));
                server.send("World " + i);
            }
        }
    }

    private static void ask(Stage stage, String endpoint) {
        try (ZMQ.Socket client = stage.socket(SocketType.REQ)) {
            client.connect(endpoint);
            for (int i = 1; i <= REQUESTS; i++) {
                client.send("Hello " + i);
                stage.say("client", "received " + Stage.receiveText(client));
            }
        }
    }
}
