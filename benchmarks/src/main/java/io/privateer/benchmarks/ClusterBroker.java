package io.privateer.benchmarks;

import io.privateer.peering.PeeringBroker;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A PeeringBroker with its defaults, which tells how it stands. */
@Command(name = "cluster-broker")
final class ClusterBroker implements Callable<Integer> {

    /** Answered with {@link ClusterStats}, as a result. */
    static final String STATS = "stats";

    @Option(names = "--name", required = true)
    private String name = "";

    @Option(names = "--frontend", defaultValue = Roles.ANY_PORT)
    private String frontend = "";

    @Option(names = "--backend", defaultValue = Roles.ANY_PORT)
    private String backend = "";

    @Option(names = "--cloud", defaultValue = Roles.ANY_PORT)
    private String cloud = "";

    @Option(names = "--state", defaultValue = Roles.ANY_PORT)
    private String state = "";

    @Option(names = "--peer")
    private List<String> peers = List.of();

    @Override
    public Integer call() throws InterruptedException {
        Lifeline lifeline = Lifeline.hold();
        try (PeeringBroker broker = PeeringBroker.builder(name)
                .localFrontend(frontend)
                .localBackend(backend)
                .cloud(cloud)
                .state(state)
                .peers(peers.toArray(String[]::new))
                .start()) {
            Roles.say(
                    Roles.READY,
                    String.join(" ", broker.localFrontend(), broker.localBackend(), broker.cloud(), broker.state()));
            while (true) {
                lifeline.awaitCommand(STATS);
                Roles.sayResult(ClusterStats.of(broker.stats()));
            }
        }
    }
}
