package io.privateer.samples.patterns;

import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import org.zeromq.ZMsg;
import zmq.ZError;

/**
 * ROUTER-ROUTER: each end calls the other by its name. A name is known only once its owner is connected, so each end sends an
 * empty message as soon as it is (the probe), and is spoken to from then on.
 */
final class RouterRouter implements Sample {

    @Override
    public void run(Stage stage) {
        try (ZMQ.Socket ann = peer(stage, "Ann")) {
            String endpoint = Stage.bind(ann);
            stage.other("Bob", () -> bob(stage, endpoint), endpoint);
            converse(stage, "Ann", ann);
            try {
                ann.sendMore("Carol");
            } catch (ZMQException e) {
                boolean isUnknown = e.getErrorCode() == ZError.EHOSTUNREACH;
                stage.say("Ann", isUnknown ? "knows no Carol, and is told so" : "cannot send: " + e.getMessage());
            }
        }
    }

    private static void bob(Stage stage, String endpoint) {
        try (ZMQ.Socket bob = peer(stage, "Bob")) {
            bob.connect(endpoint);
            converse(stage, "Bob", bob);
        }
    }

    private static ZMQ.Socket peer(Stage stage, String name) {
        ZMQ.Socket socket = stage.socket(SocketType.ROUTER, name);
        socket.setProbeRouter(true);
        socket.setRouterMandatory(true); // A message to nobody is an error, not silence.
        return socket;
    }

    /** Either may speak first, so both do. */
    private static void converse(Stage stage, String self, ZMQ.Socket socket) {
        ZMsg probe = Stage.receive(socket);
        String other = probe.popString();
        stage.say(self, other + " is there");
        socket.sendMore(other);
        socket.send("Hello " + other);
        ZMsg message = Stage.receive(socket);
        stage.say(self, message.popString() + " says: " + message.popString());
    }
}
