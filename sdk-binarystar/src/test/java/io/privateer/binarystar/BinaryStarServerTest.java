package io.privateer.binarystar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.core.Guard;
import io.privateer.core.Guarded;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers with real sockets in one process. */
class BinaryStarServerTest {

    private static final Duration BEAT = Duration.ofMillis(50);
    private static final Duration SOON = Duration.ofSeconds(10);

    private final List<BinaryStarServer> servers = new ArrayList<>();
    private final String primaryState = freeEndpoint();
    private final String backupState = freeEndpoint();

    @TempDir
    Path folder;

    /** Says whether it serves. */
    private static final class Service implements Guarded {
        final List<String> told = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Guard> guard = new CompletableFuture<>();
        volatile boolean serving;

        void vote() {
            guard.join().voted();
        }

        @Override
        public void guardedBy(Guard by) {
            guard.complete(by);
        }

        @Override
        public void activate(long epoch) {
            serving = true;
            told.add("activate " + epoch);
        }

        @Override
        public void standBy(long newestEpoch, String activeAddress) {
            serving = false;
            told.add("stand by " + newestEpoch + " " + activeAddress);
        }

        @Override
        public void alone(boolean isAlone) {
            told.add(isAlone ? "alone" : "not alone");
        }
    }

    BinaryStarServerTest() throws IOException {}

    @AfterEach
    void close() {
        servers.forEach(BinaryStarServer::close);
    }

    private BinaryStarServer primary(Service service) {
        return start(BinaryStarServer.primary().state(primaryState).peerState(backupState), service);
    }

    private BinaryStarServer backup(Service service) {
        return start(BinaryStarServer.backup().state(backupState).peerState(primaryState), service);
    }

    private BinaryStarServer start(BinaryStarConfig.Builder builder, Service service) {
        BinaryStarServer server = builder.heartbeat(BEAT).guard(service);
        servers.add(server);
        return server;
    }

    @Test
    void theBackupTakesOverFromAPrimaryThatIsGoneWhenAClientAsksAndGivesBackOnCommand() {
        // given a pair, of which the primary serves
        Service first = new Service();
        Service second = new Service();
        BinaryStarServer primary = primary(first);
        BinaryStarServer backup = backup(second);
        await().atMost(SOON).until(() -> first.serving && backup.stats().state() == StarState.PASSIVE);
        assertThat(primary.stats().epoch()).isEqualTo(2);
        // when it leaves in good order, then the other serves at once, under a newer epoch
        primary.close();
        await().atMost(SOON).until(() -> second.serving);
        assertThat(backup.stats().epoch()).isEqualTo(3);
        assertThat(second.told).contains("activate 3");
        // and when the primary is back, it stands by until the operator says so
        Service third = new Service();
        BinaryStarServer again = primary(third);
        await().atMost(SOON).until(() -> again.stats().state() == StarState.PASSIVE);
        assertThat(third.serving).isFalse();
        assertThat(backup.failBack()).isEqualTo(OperatorAnswer.DONE);
        await().atMost(SOON).until(() -> third.serving && !second.serving);
        assertThat(again.stats().epoch()).isEqualTo(4);
    }

    @Test
    void anOperatorCommandsFromAnotherProcess() {
        Service first = new Service();
        Service second = new Service();
        primary(first);
        BinaryStarServer backup = backup(second);
        await().atMost(SOON).until(() -> first.serving && backup.stats().state() == StarState.PASSIVE);
        try (BinaryStarAdmin admin = BinaryStarAdmin.of(primaryState, SOON)) {
            assertThat(admin.status().status()).contains("role=PRIMARY", "state=ACTIVE", "epoch=2", "peer=PASSIVE");
            assertThat(admin.failBack().outcome()).isEqualTo(OperatorAnswer.ALREADY_ACTIVE);
            assertThat(admin.stepDown().outcome()).isEqualTo(OperatorAnswer.DONE);
        }
        await().atMost(SOON).until(() -> second.serving && !first.serving);
    }

    @Test
    void aServerWithoutItsEpochFileStaysPassiveAndSaysWhy() {
        // given a backup whose file is missing
        List<String> problems = new CopyOnWriteArrayList<>();
        Service service = new Service();
        BinaryStarServer backup = start(
                BinaryStarServer.backup()
                        .state(backupState)
                        .peerState(primaryState)
                        .soloAfter(Duration.ZERO)
                        .epochFile(folder.resolve("epoch"))
                        .listener(new BinaryStarListener() {
                            @Override
                            public void onEpochProblem(String problem) {
                                problems.add(problem);
                            }
                        }),
                service);
        // when everything else asks it to serve
        await().atMost(SOON).until(() -> !problems.isEmpty() && backup.stats().peerGone());
        service.vote();
        await().atMost(SOON).until(() -> backup.stats().votes() == 1);
        // then it does not, nor on command
        assertThat(backup.promote()).isEqualTo(OperatorAnswer.CANNOT_SERVE);
        assertThat(service.serving).isFalse();
        assertThat(problems).singleElement().asString().contains("epoch");
    }

    @Test
    void aWitnessLetsThePairGoOnWithOneServer() {
        Service first = new Service();
        Service second = new Service();
        try (Witness witness = Witness.start("tcp://127.0.0.1:*", Duration.ofMillis(200))) {
            BinaryStarServer primary = start(
                    BinaryStarServer.primary()
                            .state(primaryState)
                            .peerState(backupState)
                            .witness(witness.endpoint()),
                    first);
            BinaryStarServer backup = start(
                    BinaryStarServer.backup()
                            .state(backupState)
                            .peerState(primaryState)
                            .witness(witness.endpoint()),
                    second);
            await().atMost(SOON).until(() -> first.serving && backup.stats().state() == StarState.PASSIVE);
            primary.close();
            await().atMost(SOON).until(() -> {
                second.vote();
                return second.serving;
            });
            assertThat(backup.stats().serving()).isTrue();
        }
    }

    private static String freeEndpoint() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "tcp://127.0.0.1:" + probe.getLocalPort();
        }
    }
}
