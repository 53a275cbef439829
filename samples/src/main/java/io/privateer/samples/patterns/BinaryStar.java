package io.privateer.samples.patterns;

import io.privateer.binarystar.BinaryStarListener;
import io.privateer.binarystar.BinaryStarServer;
import io.privateer.binarystar.StarState;
import io.privateer.core.Message;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.WorkerHandler;
import io.privateer.samples.demo.FreeEndpoints;
import java.time.Duration;
import java.util.List;

/**
 * Binary Star: two queues of which one serves. The primary is a process, {@code privateer star}, that is killed while a worker
 * has the third request; the backup, here, takes over, and the client goes there by itself.
 */
final class BinaryStar implements Sample {

    private static final Duration BEAT = Duration.ofMillis(200);
    private static final String PRIMARY =
            "star --role primary --star-heartbeat 200ms --state ? --peer-state ? --frontend ? --backend ?";

    /** Where one of the two is found. */
    private record Place(String state, String frontend, String backend) {}

    @Override
    public void run(Stage stage) throws Exception {
        List<String> free = FreeEndpoints.take(6);
        Place one = new Place(free.get(0), free.get(1), free.get(2));
        Place two = new Place(free.get(3), free.get(4), free.get(5));
        Process primary = stage.privateer(PRIMARY, one.state, two.state, one.frontend, one.backend);
        BinaryStarListener listener = new BinaryStarListener() {
            @Override
            public void onStateChanged(StateChanged event) {
                if (event.to() == StarState.ACTIVE) {
                    stage.say("backup", "serves from now on");
                }
            }
        };
        WorkerHandler handler = WorkerHandler.of(request -> {
            if (primary.isAlive() && request.text().equals("request 3")) {
                stage.say("worker", "has request 3, and the primary is killed");
                primary.destroyForcibly().waitFor();
            }
            return Message.of("reply to " + request.text());
        });
        try (PirateQueue queue = PirateQueue.paranoid()
                        .standby()
                        .frontend(two.frontend)
                        .backend(two.backend)
                        .start();
                BinaryStarServer backup = BinaryStarServer.backup()
                        .state(two.state)
                        .peerState(one.state)
                        .heartbeat(BEAT)
                        .listener(listener)
                        .guard(queue);
                PirateWorker worker = PirateWorker.builder(handler)
                        .queues(one.backend, two.backend)
                        .start()) {
            stage.other("client", () -> ask(stage, one.frontend, two.frontend), one.frontend, two.frontend)
                    .join();
            stage.say("backup", "is " + backup.stats().state() + " in the end");
            stage.say("worker", "has run " + worker.stats().handled() + " requests for 5 replies");
        }
    }

    private static void ask(Stage stage, String... queues) {
        try (PirateClient client = PirateClient.connect(queues)) {
            for (int i = 1; i <= 5; i++) {
                stage.say("client", "received " + client.request("request " + i));
            }
        }
    }
}
