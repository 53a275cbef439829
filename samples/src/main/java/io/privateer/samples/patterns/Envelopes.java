package io.privateer.samples.patterns;

import java.util.stream.Collectors;
import org.zeromq.SocketType;
import org.zeromq.ZFrame;
import org.zeromq.ZMQ;
import org.zeromq.ZMsg;

/**
 * What REQ and REP add and take away. The way back is an envelope before the message: addresses, then an empty frame. REQ writes
 * the empty frame and REP keeps the whole of it, so neither shows any; DEALER and ROUTER leave it to the program. The first request
 * goes by a wire that is tapped: a ROUTER and a DEALER that hand on what they see.
 */
final class Envelopes implements Sample {

    @Override
    public void run(Stage stage) {
        try (ZMQ.Socket rep = stage.socket(SocketType.REP);
                ZMQ.Socket router = stage.socket(SocketType.ROUTER);
                ZMQ.Socket tap = stage.socket(SocketType.ROUTER);
                ZMQ.Socket onward = stage.socket(SocketType.DEALER)) {
            String repAt = Stage.bind(rep);
            String routerAt = Stage.bind(router);
            String tapAt = Stage.bind(tap);
            onward.connect(repAt);
            stage.other("client", () -> ask(stage, repAt, routerAt, tapAt), repAt, routerAt, tapAt);
            handOn(stage, "REQ", tap, onward);
            answer(stage, "REP", rep);
            handOn(stage, "REP", onward, tap);
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

    private static void handOn(Stage stage, String sender, ZMQ.Socket from, ZMQ.Socket to) {
        ZMsg message = Stage.receive(from);
        ZFrame client = message.pop(); // The tap's own address for it.
        stage.say("wire", sender + " has sent " + frames(message));
        message.push(client);
        message.send(to);
    }

    private static void ask(Stage stage, String rep, String router, String tap) {
        exchange(stage, "Ann", SocketType.REQ, tap, "Hello");
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
