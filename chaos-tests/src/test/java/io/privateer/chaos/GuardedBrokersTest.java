package io.privateer.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.binarystar.BinaryStarConfig;
import io.privateer.binarystar.BinaryStarServer;
import io.privateer.binarystar.EpochFile;
import io.privateer.binarystar.Role;
import io.privateer.core.Message;
import io.privateer.peering.PeeringBroker;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.WorkerDialect;
import io.privateer.pirate.WorkerHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose broker is one of a pair, among clusters. */
class GuardedBrokersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String ANYWHERE = "tcp://127.0.0.1:*";

    @TempDir
    private Path directory;

    private final List<AutoCloseable> opened = new ArrayList<>();

    /** One server of the pair: where it is, its broker, and who guards it. */
    private final class Server {
        final String cloud = FreeEndpoint.get();
        final String state = FreeEndpoint.get();
        final String star = FreeEndpoint.get();

        Server() throws IOException {}

        PeeringBroker start(Role role, Server other) {
            PeeringBroker broker = PeeringBroker.builder("west")
                    .localFrontend(ANYWHERE)
                    .localBackend(ANYWHERE)
                    .cloud(cloud)
                    .state(state)
                    .partner(other.cloud, other.state)
                    .queue(queue -> queue.standby())
                    .start();
            Path epochs = directory.resolve(role.name());
            EpochFile.create(epochs, role);
            BinaryStarConfig.Builder guard =
                    role == Role.PRIMARY ? BinaryStarServer.primary() : BinaryStarServer.backup();
            open(broker);
            open(guard.state(star)
                    .peerState(other.star)
                    .epochFile(epochs)
                    .heartbeat(Duration.ofMillis(200))
                    .guard(broker.queue()));
            return broker;
        }
    }

    private <T extends AutoCloseable> T open(T part) {
        opened.add(0, part);
        return part;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable part : opened) {
            part.close();
        }
    }

    private static void awaitKnown(PeeringBroker broker, String peer) {
        await().atMost(PATIENCE).until(() -> broker.stats().peers().stream()
                .anyMatch(each -> each.peer().name().equals(peer)));
    }

    @Test
    void borrowsOnWhenTheOtherServerTakesOver() throws Exception {
        // given a pair without workers, and another cluster that has some and knows one server of the pair
        Server one = new Server();
        Server two = new Server();
        PeeringBroker primary = one.start(Role.PRIMARY, two);
        PeeringBroker backup = two.start(Role.BACKUP, one);
        PeeringBroker east = open(PeeringBroker.builder("east")
                .localFrontend(ANYWHERE)
                .localBackend(ANYWHERE)
                .cloud(ANYWHERE)
                .state(ANYWHERE)
                .start());
        east.addPeer(one.state, two.state);
        open(PirateWorker.builder(WorkerHandler.of(request -> Message.of(request.text() + " by east")))
                .dialect(WorkerDialect.PRV)
                .queue(east.localBackend())
                .start());
        PirateClient client = open(PirateClient.connect(primary.localFrontend(), backup.localFrontend()));
        assertThat(client.request("first")).isEqualTo("first by east");
        assertThat(primary.stats().queue().lent()).isPositive();
        // when the server that serves is gone
        primary.close();
        // then the other one is west, to its clients and to its peers
        assertThat(client.request("second")).isEqualTo("second by east");
        assertThat(backup.stats().queue().lent()).isPositive();
        awaitKnown(east, "west");
        assertThat(east.stats().namesTaken()).isZero();
        assertThat(backup.stats().namesTaken()).isZero();
    }
}
