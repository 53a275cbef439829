package io.privateer.binarystar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.privateer.core.EndpointException;
import io.privateer.core.Guard;
import io.privateer.core.Guarded;
import io.privateer.core.Replicated;
import io.privateer.core.Replicator;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Two servers with real sockets in one process. */
class BinaryStarServerTest {

    private static final Duration BEAT = Duration.ofMillis(50);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int PORT_MIN = 15_000;
    private static final int PORTS = 15_000;
    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 97 % PORTS));

    private final List<BinaryStarServer> servers = new ArrayList<>();
    private final String primaryState = freeEndpoint();
    private final String backupState = freeEndpoint();

    @TempDir
    Path folder;

    /** Says whether it serves. */
    private static class Service implements Guarded {
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

    /** Has one thing to say to its other copy. */
    private static final class Followed extends Service implements Replicated {
        private final CompletableFuture<Replicator> replicator = new CompletableFuture<>();

        @Override
        public void replicatedBy(Replicator by) {
            replicator.complete(by);
        }

        @Override
        public void replicate(long session) {
            replicator.join().send(session, new byte[] {1, 2, 3});
        }

        @Override
        public void followed(long session, long chunks) {
            if (chunks == 1) {
                replicator.join().inStep(session);
            }
        }

        @Override
        public void replicationEnded(long session) {
            told.add("not followed");
        }

        @Override
        public void follow() {
            told.add("follow");
        }

        @Override
        public void follow(byte[] chunk) {
            told.add("chunk of " + chunk.length);
        }

        @Override
        public void followingEnded() {
            told.add("following ended");
        }
    }

    /** What servers log as a warning. */
    private static final class Warnings implements AutoCloseable {
        private final Logger logger = (Logger) LoggerFactory.getLogger(BinaryStarServer.class);
        private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

        Warnings() {
            appender.start();
            logger.addAppender(appender);
        }

        List<String> of(String phrase) {
            return appender.list.stream()
                    .filter(event -> event.getLevel() == Level.WARN)
                    .map(ILoggingEvent::getFormattedMessage)
                    .filter(line -> line.startsWith(phrase))
                    .toList();
        }

        @Override
        public void close() {
            logger.detachAppender(appender);
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
    void aServiceHasOneServerAtATime() {
        Service service = new Service();
        BinaryStarServer first = primary(service);
        assertThatThrownBy(() -> backup(service))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("service is guarded by another server already")
                .hasMessageContaining("backup")
                .hasMessageContaining(service.toString());
        first.close();
        BinaryStarServer second = backup(service);
        first.close(); // Which is nothing to the second.
        assertThatThrownBy(() -> primary(service)).isInstanceOf(IllegalStateException.class);
        assertThat(second.stats().role()).isEqualTo(Role.BACKUP);
    }

    @Test
    void aHostThatIsNotKnownIsNamedWithItsSettingAndTheServiceIsFree() {
        Service service = new Service();
        BinaryStarConfig.Builder builder =
                BinaryStarServer.primary().state(primaryState).peerState("tcp://no-such-host.invalid:1");
        assertThatThrownBy(() -> builder.guard(service))
                .isInstanceOf(EndpointException.class)
                .hasMessageStartingWith("peerState cannot be connected: tcp://no-such-host.invalid:1");
        BinaryStarConfig.Builder witnessed = BinaryStarServer.primary()
                .state(primaryState)
                .peerState(backupState)
                .witness("tcp://no-such-host.invalid:2");
        assertThatThrownBy(() -> witnessed.guard(service))
                .isInstanceOf(EndpointException.class)
                .hasMessageStartingWith("witness cannot be connected: tcp://no-such-host.invalid:2");
        assertThat(primary(service).stats().role()).isEqualTo(Role.PRIMARY);
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
        await().atMost(SOON).until(() -> backup.failBack() == OperatorAnswer.DONE);
        await().atMost(SOON).until(() -> third.serving && !second.serving);
        assertThat(again.stats().epoch()).isEqualTo(4);
    }

    @Test
    void thePassiveServerIsToldWhatTheServiceDoesAndBothSayHowFarThatIs() {
        // given
        List<String> changes = new CopyOnWriteArrayList<>();
        Followed first = new Followed();
        Followed second = new Followed();
        BinaryStarServer primary = start(
                BinaryStarServer.primary()
                        .state(primaryState)
                        .peerState(backupState)
                        .replication(true)
                        .listener(new BinaryStarListener() {
                            @Override
                            public void onReplicationChanged(ReplicationState from, ReplicationState to) {
                                changes.add(from + " to " + to);
                            }
                        }),
                first);
        BinaryStarServer backup = start(
                BinaryStarServer.backup()
                        .state(backupState)
                        .peerState(primaryState)
                        .replication(true),
                second);
        // then
        await().atMost(SOON).until(() -> primary.stats().replication() == ReplicationState.IN_STEP);
        await().atMost(SOON).until(() -> backup.stats().replication() == ReplicationState.FOLLOWING);
        assertThat(second.told).contains("follow", "chunk of 3");
        try (BinaryStarAdmin admin = BinaryStarAdmin.of(primaryState, SOON)) {
            assertThat(admin.status().status()).contains("replication=IN_STEP");
        }
        // and when the one that follows is gone
        backup.close();
        await().atMost(SOON).until(() -> primary.stats().replication() == ReplicationState.ALONE);
        assertThat(changes).containsSubsequence("ALONE to COPYING", "COPYING to IN_STEP", "IN_STEP to ALONE");
        assertThat(first.told).contains("not followed");
    }

    @Test
    void whereOneServerReplicatesAndTheOtherDoesNotBothWarnAndNothingElseHappens() {
        // given
        Followed first = new Followed();
        Followed second = new Followed();
        try (Warnings warnings = new Warnings()) {
            BinaryStarServer primary = start(
                    BinaryStarServer.primary()
                            .state(primaryState)
                            .peerState(backupState)
                            .replication(true),
                    first);
            BinaryStarServer backup = backup(second);
            await().atMost(SOON).until(() -> first.serving && backup.stats().state() == StarState.PASSIVE);
            await().atMost(SOON).until(() -> backup.stats().statesReceived() > 20);
            // then
            assertThat(primary.stats().replication()).isEqualTo(ReplicationState.ALONE);
            assertThat(backup.stats().replication()).isEqualTo(ReplicationState.OFF);
            assertThat(backup.stats().malformed()).isZero();
            assertThat(second.told).doesNotContain("follow");
            assertThat(warnings.of("only one server replicates"))
                    .containsExactlyInAnyOrder(
                            "only one server replicates node=primary own=true peer=false",
                            "only one server replicates node=backup own=false peer=true");
            // and the pair fails over as any other
            primary.close();
            await().atMost(SOON).until(() -> second.serving);
        }
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
            await().atMost(SOON).until(() -> admin.stepDown().outcome() == OperatorAnswer.DONE);
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
                return second.serving && backup.stats().serving();
            });
        }
    }

    /** None twice, and below the ports that outgoing connections get. */
    private static String freeEndpoint() throws IOException {
        while (true) {
            int port = PORT_MIN + NEXT_PORT.getAndIncrement() % PORTS;
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return "tcp://127.0.0.1:" + probe.getLocalPort();
            } catch (BindException e) {
                // Somebody is there; the next one, then.
            }
        }
    }
}
