package io.privateer.samples.patterns;

import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.LazyPirateListener;
import io.privateer.pirate.RequestOptions;
import io.privateer.samples.demo.FreeEndpoints;
import java.io.IOException;
import java.time.Duration;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * Lazy Pirate: any REP server, and a client that asks again on a new socket when no answer comes. The server crashes with the
 * second request in its hands; its successor is too slow with the third.
 */
final class LazyPirate implements Sample {

    private static final Duration TIMEOUT = Duration.ofMillis(300);

    @Override
    public void run(Stage stage) throws IOException {
        String endpoint = FreeEndpoints.take(1).get(0);
        stage.other("server", () -> crash(stage, endpoint), endpoint, "crash")
                .then(() -> stage.other("successor", () -> dawdle(stage, endpoint), endpoint, "dawdle"));
        LazyPirateListener listener = new LazyPirateListener() {
            @Override
            public void onRetry(Retry event) {
                stage.say("client", "no reply, makes attempt " + event.nextAttempt());
            }
        };
        RequestOptions options =
                RequestOptions.defaults().withAttemptTimeout(TIMEOUT).withAttemptsMax(30);
        try (LazyPirateClient client = LazyPirateClient.builder()
                .endpoints(endpoint)
                .options(options)
                .listener(listener)
                .circuitBreaker(100, TIMEOUT) // There is no other server, so wait for this one to come back.
                .open()) {
            for (int i = 1; i <= 4; i++) {
                stage.say("client", "received " + client.request("request " + i));
            }
        }
    }

    private static void crash(Stage stage, String endpoint) {
        try (ZContext process = new ZContext(); // Of its own, so that its port is free when it is gone.
                ZMQ.Socket server = process.createSocket(SocketType.REP)) {
            server.setReceiveTimeOut((int) Stage.PATIENCE.toMillis());
            server.bind(endpoint);
            serveUntil("request 2", server);
            stage.say("server", "crashes with request 2");
        }
    }

    private static void serveUntil(String last, ZMQ.Socket server) {
        for (String request = Stage.receiveText(server); !request.equals(last); request = Stage.receiveText(server)) {
            server.send("reply to " + request);
        }
    }

    private static void dawdle(Stage stage, String endpoint) {
        try (ZMQ.Socket server = stage.socket(SocketType.REP)) {
            server.bind(endpoint);
            serveUntil("request 3", server);
            stage.say("successor", "takes its time over request 3");
            stage.linger(TIMEOUT.multipliedBy(2));
            server.send("late reply to request 3");
            stage.serve(server, next -> server.send("reply to " + next.popString()));
        }
    }
}
