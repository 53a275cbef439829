package io.privateer.samples.patterns;

import java.util.stream.Collectors;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMsg;

/**
 * What REQ and REP add and take away. The way back is an envelope before the message: addresses, then an empty frame. REQ writes
 * the empty frame and REP keeps the whole of it, so neither shows any; DEALER and ROUTER leave it to the program.
 */
final class Envelopes implements Sample {

    @Override
    public void run(Stage stage) {
        try (ZMQ.Socket rep = stage.socket(SocketType.REP);
                ZMQ.Socket router = stage.socket(SocketType.ROUTER)) {
            String repAt = Stage.bind(rep);
            String routerAt = Stage.bind(router);
            stage.other("client", () -> ask(stage, repAt, routerAt), repAt, routerAt);
            answer(stage, "REP", rep);
            answer(stage, "ROUTER", router);
            answer(stage, "REP", rep);
            answer(stage, "REP", rep);
        }
    }

    private static void answer(Stage stage, String type, ZMQ.Socket server) {
        ZMsg message = Stage.receive(server);
        stage.say("server", type + " receives " + frames(message));
        message.removeLast();
        message.add("World");
        stage.say("server", type + " sends " + frames(message));
        message.send(server);
    }

    private static void ask(Stage stage, String rep, String router) {
        exchange(stage, "Ann", SocketType.REQ, rep, "Hello");
        exchange(stage, "Bob", SocketType.REQ, router, "Hello");
        exchange(stage, "Cyd", SocketType.DEALER, rep, "", "Hello");
        exchange(stage, "Dan", SocketType.DEALER, rep, "from", "afar", "", "Hello"); // As a proxy of proxies would.
    }

    private static void exchange(Stage stage, String name, SocketType type, String endpoint, String... frames) {
        try (ZMQ.Socket client = stage.socket(type, name)) {
            client.connect(endpoint);
            ZMsg message = ZMsg.newStringMsg(frames);
            stage.say("client", type + " sends " + frames(message));
            message.send(client);
            stage.say("client", type + " receives " + frames(Stage.receive(client)));
        }
    }

    private static String frames(ZMsg message) {
        return message.stream()
                .map(frame -> "[" + frame.getString(ZMQ.CHARSET) + "]")
                .collect(Collectors.joining());
    }
}
