package io.privateer.chaos.process;

import io.privateer.binarystar.BinaryStarConfig;
import io.privateer.binarystar.BinaryStarServer;
import io.privateer.chaos.process.BrokerProcess.Pace;
import io.privateer.peering.PeeringBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** The main class of processes that are the broker of a cluster, and one server of a pair. */
final class GuardedBrokerProcess {

    private GuardedBrokerProcess() {}

    /** Where one server of a pair is found, in all its lives. */
    record Place(
            String role, String frontend, String backend, String cloud, String state, String star, Path epochFile) {}

    static ChildJvm launch(String name, Place own, Place partner, Pace pace, Duration beat) throws IOException {
        return ChildJvm.start(
                GuardedBrokerProcess.class,
                name,
                own.role(),
                own.frontend(),
                own.backend(),
                own.cloud(),
                own.state(),
                own.star(),
                own.epochFile().toString(),
                partner.cloud(),
                partner.state(),
                partner.star(),
                Long.toString(pace.heartbeat().toMillis()),
                Long.toString(pace.silent().toMillis()),
                Long.toString(beat.toMillis()));
    }

    /** Runs until it is killed, or terminated. */
    public static void main(String[] arguments) {
        ChildJvm.dieWithParent();
        Pace pace = new Pace(
                Duration.ofMillis(Long.parseLong(arguments[11])), Duration.ofMillis(Long.parseLong(arguments[12])));
        PeeringBroker broker = pace.of(PeeringBroker.builder(arguments[0]), queue -> queue.standby())
                .localFrontend(arguments[2])
                .localBackend(arguments[3])
                .cloud(arguments[4])
                .state(arguments[5])
                .partner(arguments[8], arguments[9])
                .start();
        BinaryStarConfig.Builder star =
                arguments[1].equals("primary") ? BinaryStarServer.primary() : BinaryStarServer.backup();
        star.state(arguments[6])
                .peerState(arguments[10])
                .epochFile(Path.of(arguments[7]))
                .heartbeat(Duration.ofMillis(Long.parseLong(arguments[13])))
                .guard(broker.queue());
        broker.run();
    }
}
