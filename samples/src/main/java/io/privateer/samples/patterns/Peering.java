package io.privateer.samples.patterns;

import io.privateer.core.Message;
import io.privateer.peering.Peer;
import io.privateer.peering.PeeringBroker;
import io.privateer.peering.PeeringListener;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.WorkerHandler;
import io.privateer.samples.demo.FreeEndpoints;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Peering: the west has clients but no workers, the east and the north have workers. The east's broker is a process,
 * {@code privateer broker}, that is killed while it works for the west; its work is done in the north.
 */
final class Peering implements Sample {
    private static final String EAST = "broker --name east --localfe ? --localbe ? --cloud ? --state ? --peer ?";

    @Override
    public void run(Stage stage) throws Exception {
        CountDownLatch entered = new CountDownLatch(2);
        PeeringListener listener = new PeeringListener() {
            @Override
            public void onEnter(Peer peer) {
                stage.say("west", "hears of the " + peer.name());
                entered.countDown();
            }
        };
        List<String> at = FreeEndpoints.take(4);
        try (PeeringBroker west = broker("west", listener);
                PeeringBroker north = broker("north", new PeeringListener() {}, west.state());
                PirateClient client = PirateClient.connect(west.localFrontend())) {
            Process east = stage.privateer(EAST, at.get(0), at.get(1), at.get(2), at.get(3), west.state());
            Stage.await(entered);
            WorkerHandler eastern = WorkerHandler.of(request -> {
                if (request.text().equals("request 3")) {
                    stage.say("east", "has request 3, and is killed");
                    east.destroyForcibly().waitFor();
                }
                return Message.of(request.text() + " was done in the east");
            });
            try (PirateWorker worker =
                    PirateWorker.builder(eastern).queue(at.get(1)).credit(8).start()) {
                for (int i = 1; i <= 2; i++) {
                    stage.say("client", "received: " + client.request("request " + i));
                }
                stage.other("north", () -> work(stage, north.localBackend()), north.localBackend());
                for (int i = 3; i <= 5; i++) {
                    stage.say("client", "received: " + client.request("request " + i));
                }
                stage.say("east", "had done " + worker.stats().handled());
            }
        }
    }

    private static PeeringBroker broker(String name, PeeringListener listener, String... peers) {
        return PeeringBroker.builder(name)
                .localFrontend(Stage.ANY)
                .localBackend(Stage.ANY)
                .cloud(Stage.ANY)
                .state(Stage.ANY)
                .peers(peers)
                .listener(listener)
                .start();
    }

    private static void work(Stage stage, String queue) {
        WorkerHandler handler = WorkerHandler.of(request -> Message.of(request.text() + " was done in the north"));
        try (PirateWorker worker =
                PirateWorker.builder(handler).queue(queue).credit(1).start()) {
            stage.linger(Stage.PATIENCE);
            stage.say("north", "has done " + worker.stats().handled());
        }
    }
}
