package io.privateer.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.binarystar.BinaryStarAdmin;
import io.privateer.binarystar.EpochFile;
import io.privateer.binarystar.Role;
import io.privateer.chaos.FreeEndpoint;
import io.privateer.chaos.process.BrokerProcess.Pace;
import io.privateer.chaos.process.GuardedBrokerProcess.Place;
import io.privateer.chaos.process.HistoryChecker.Report;
import io.privateer.core.Message;
import io.privateer.core.RequestTimeoutException;
import io.privateer.peering.PeeringBroker;
import io.privateer.pirate.CallOptions;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.WorkerHandler;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that lends, whose broker is a pair of processes, of which the active one is killed while it serves loans. */
@Timeout(600)
class GuardedLenderTest {

    /** Each server of the pair is killed once. */
    private static final int KILLS = Boolean.getBoolean("chaos.nightly") ? 20 : 2;

    private static final String ANYWHERE = "tcp://127.0.0.1:*";
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration BEAT = Duration.ofMillis(200);
    private static final Pace PACE = new Pace(Duration.ofMillis(300), Duration.ofSeconds(2));
    private static final int IN_FLIGHT = 12;
    private static final long WORK_NANOS = 20_000_000L;

    /** The ids of what the pair's own client asks begin behind this. */
    private static final long OWN_IDS = 1_000_000_000L;

    @TempDir
    private Path directory;

    private final ChildJvm[] pair = new ChildJvm[2];
    private final Place[] places = new Place[2];
    private final List<long[]> outagesNanos = new ArrayList<>();
    private ExecutionLog executions;
    private FileChannel executionLog;
    private PirateWorker worker;
    private PeeringBroker east;

    @BeforeEach
    void start() throws IOException {
        executions = new ExecutionLog(directory.resolve("executions.log"));
        executionLog = executions.open();
        places[0] = place("primary", Role.PRIMARY);
        places[1] = place("backup", Role.BACKUP);
        launch(0);
        launch(1);
        worker = PirateWorker.builder(WorkerHandler.of(request -> Message.of(execute(request.text()))))
                .queues(places[0].backend(), places[1].backend())
                .concurrency(4)
                .start();
        east = PACE.of(PeeringBroker.builder("east"), queue -> queue)
                .localFrontend(ANYWHERE)
                .localBackend(ANYWHERE)
                .cloud(ANYWHERE)
                .state(ANYWHERE)
                .peers(places[0].state(), places[1].state())
                .start();
    }

    @AfterEach
    void stop() throws IOException {
        east.close();
        worker.close();
        for (ChildJvm server : pair) {
            server.close();
        }
        executionLog.close();
    }

    private Place place(String role, Role epochs) throws IOException {
        Path file = directory.resolve(role + ".epoch");
        EpochFile.create(file, epochs);
        return new Place(
                role,
                FreeEndpoint.get(),
                FreeEndpoint.get(),
                FreeEndpoint.get(),
                FreeEndpoint.get(),
                FreeEndpoint.get(),
                file);
    }

    private void launch(int server) throws IOException {
        pair[server] = GuardedBrokerProcess.launch("west", places[server], places[1 - server], PACE, BEAT);
    }

    private String execute(String request) throws IOException {
        ExecutionLog.append(executionLog, false, request);
        long endNanos = System.nanoTime() + WORK_NANOS;
        for (long leftNanos = WORK_NANOS; leftNanos > 0; leftNanos = endNanos - System.nanoTime()) {
            LockSupport.parkNanos(leftNanos);
        }
        ExecutionLog.append(executionLog, true, request);
        return HistoryChecker.replyTo(request);
    }

    @Test
    void whoseClientsAreAllAnotherClustersIsTakenOverAsWell() throws Exception {
        // given a cluster without workers, and a pair of brokers that lends it some, and has no clients
        try (PipelinedLoad lent = PipelinedLoad.start(
                PirateClient.builder().endpoints(east.localFrontend()), IN_FLIGHT, CallOptions.defaults())) {
            awaitAnswers(lent);
            for (int strike = 0; strike < KILLS; strike++) {
                int active = active();
                boolean kill = strike % 2 == 0;
                // when the server that serves is killed, or frozen
                long struckNanos = System.nanoTime();
                if (kill) {
                    pair[active].kill();
                } else {
                    pair[active].freeze();
                }
                // then the other one serves
                awaitAnswers(lent);
                if (kill) {
                    launch(active);
                } else {
                    pair[active].thaw();
                }
                await().atMost(SOON).until(() -> status(active).contains("state=PASSIVE"));
                outagesNanos.add(new long[] {struckNanos, System.nanoTime()});
            }
            lent.stop();
            Report report = HistoryChecker.checkAround(lent.operations(), executions.read(), outagesNanos);
            assertThat(report.violations()).isEmpty();
            assertThat(report.unanswered()).isZero();
        }
    }

    @Test
    void everyRequestOfAPeerIsAnsweredAlthoughTheServerThatServesIsKilled() throws Exception {
        // given a cluster without workers, and a pair of brokers that lends it some, and has a client of its own
        try (PipelinedLoad own = PipelinedLoad.start(
                        PirateClient.builder().endpoints(places[0].frontend(), places[1].frontend()),
                        1,
                        CallOptions.defaults(),
                        new History(OWN_IDS));
                PipelinedLoad lent = PipelinedLoad.start(
                        PirateClient.builder().endpoints(east.localFrontend()), IN_FLIGHT, CallOptions.defaults())) {
            awaitAnswers(lent);
            for (int kill = 0; kill < KILLS; kill++) {
                int active = active();
                long returnedBefore = east.stats().queue().returned();
                await().atMost(SOON).until(() -> east.stats().queue().inFlight() > 0);
                // when the server that serves is killed
                long killedNanos = System.nanoTime();
                pair[active].kill();
                // then what it had comes back, and the other one is west to its peers as to its clients
                await().atMost(SOON).until(() -> east.stats().queue().returned() > returnedBefore);
                awaitAnswers(own);
                awaitAnswers(lent);
                outagesNanos.add(new long[] {killedNanos, System.nanoTime()});
                launch(active);
                await().atMost(SOON).until(() -> status(active).contains("state=PASSIVE"));
            }
            lent.stop();
            own.stop();
            for (PipelinedLoad load : List.of(lent, own)) {
                Report report = HistoryChecker.checkAround(load.operations(), executions.read(), outagesNanos);
                assertThat(report.violations()).isEmpty();
                assertThat(report.unanswered()).isZero();
            }
            assertThat(east.stats().namesTaken()).isZero();
        }
    }

    private static void awaitAnswers(PipelinedLoad load) {
        long before = load.history().answered();
        await().atMost(SOON).until(() -> load.history().answered() > before + 2 * IN_FLIGHT);
    }

    private int active() {
        return await().atMost(SOON).until(() -> StarSetup.onlyOneOf(isActive(0), isActive(1)), server -> server >= 0);
    }

    private boolean isActive(int server) {
        return status(server).contains("serving=true");
    }

    private String status(int server) {
        try (BinaryStarAdmin admin = BinaryStarAdmin.of(places[server].star(), Duration.ofSeconds(2))) {
            return admin.status().status();
        } catch (RequestTimeoutException e) {
            return "";
        }
    }
}
