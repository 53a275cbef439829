package io.privateer.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.binarystar.BinaryStarAdmin;
import io.privateer.binarystar.EpochFile;
import io.privateer.binarystar.Role;
import io.privateer.chaos.FreeEndpoint;
import io.privateer.chaos.process.HistoryChecker.Report;
import io.privateer.chaos.process.StarProcess.Place;
import io.privateer.core.Message;
import io.privateer.core.RequestTimeoutException;
import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.CallOptions;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.WorkerHandler;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
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

/** Two queues in processes of their own, of which one serves: killed, frozen, restarted in every order, under load. */
class StarFailuresTest {

    private static final Duration BEAT = Duration.ofMillis(200);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int KILLS = Boolean.getBoolean("chaos.nightly") ? 50 : 6;
    private static final int WORKERS = 3;
    private static final int IN_FLIGHT = 16;
    private static final long WORK_NANOS = 5_000_000L;

    @TempDir
    private Path directory;

    private final List<PirateWorker> workers = new ArrayList<>();
    private final ChildJvm[] servers = new ChildJvm[2];
    private Place[] places;
    private final List<long[]> outagesNanos = new ArrayList<>();
    private ExecutionLog executions;
    private FileChannel log;
    private EventLoop loop;

    @BeforeEach
    void start() throws IOException {
        places = new Place[] {place("primary", Role.PRIMARY), place("backup", Role.BACKUP)};
        executions = new ExecutionLog(directory.resolve("executions.log"));
        log = executions.open();
        loop = EventLoop.open("workers");
        launch(0);
        launch(1);
        for (int i = 0; i < WORKERS; i++) {
            workers.add(PirateWorker.builder(WorkerHandler.of(request -> Message.of(execute(request.text()))))
                    .queues(places[0].backend(), places[1].backend())
                    .concurrency(2)
                    .loop(loop)
                    .start());
        }
    }

    @AfterEach
    void stop() throws IOException {
        workers.forEach(PirateWorker::close);
        loop.close();
        for (ChildJvm server : servers) {
            server.close();
        }
        log.close();
    }

    private Place place(String name, Role role) throws IOException {
        Path file = directory.resolve(name + ".epoch");
        EpochFile.create(file, role);
        return new Place(name, FreeEndpoint.get(), FreeEndpoint.get(), FreeEndpoint.get(), file);
    }

    private void launch(int server) throws IOException {
        servers[server] = StarProcess.launch(places[server], places[1 - server], BEAT, "");
    }

    private String execute(String request) throws IOException {
        ExecutionLog.append(log, false, request);
        LockSupport.parkNanos(WORK_NANOS);
        ExecutionLog.append(log, true, request);
        return HistoryChecker.replyTo(request);
    }

    private String status(int server) {
        try (BinaryStarAdmin admin = BinaryStarAdmin.of(places[server].state(), Duration.ofSeconds(2))) {
            return admin.status().status();
        } catch (RequestTimeoutException e) {
            return "";
        }
    }

    private int active() {
        await().atMost(SOON).until(() -> isActive(0) != isActive(1));
        return isActive(0) ? 0 : 1;
    }

    private boolean isActive(int server) {
        return status(server).contains("serving=true");
    }

    private void awaitPassive(int server) {
        await().atMost(SOON).until(() -> status(server).contains("state=PASSIVE"));
    }

    /** Until answers flow as before; what runs since {@code sinceNanos} may run twice. */
    private void awaitAnswers(PipelinedLoad load, long sinceNanos) {
        long answeredBefore = load.history().answered();
        await().atMost(SOON).until(() -> load.history().answered() > answeredBefore + 2 * IN_FLIGHT);
        outagesNanos.add(new long[] {sinceNanos, System.nanoTime()});
    }

    private PipelinedLoad load() {
        return PipelinedLoad.start(
                PirateClient.builder().endpoints(places[0].frontend(), places[1].frontend()),
                IN_FLIGHT,
                CallOptions.defaults());
    }

    /** Nothing runs again but around a takeover. */
    private Report report(PipelinedLoad load) {
        return HistoryChecker.checkAround(load.operations(), executions.read(), outagesNanos);
    }

    @Test
    @Timeout(600)
    void everyCallIsAnsweredAlthoughTheActiveServerIsKilledAgainAndAgain() throws Exception {
        try (PipelinedLoad load = load()) {
            await().atMost(SOON).until(() -> load.history().answered() > 50);
            for (int kill = 0; kill < KILLS; kill++) {
                // when the one that serves is killed, while the other is there
                int active = active();
                awaitPassive(1 - active);
                long killedAtNanos = System.nanoTime();
                servers[active].kill();
                // then the other serves, and the killed one comes back to stand by
                awaitAnswers(load, killedAtNanos);
                launch(active);
                awaitPassive(active);
            }
            load.stop();
            Report report = report(load);
            assertThat(report.violations()).isEmpty();
            assertThat(report.unanswered()).isZero();
        }
    }

    @Test
    @Timeout(300)
    void aServerThatWasFrozenStandsDownWhenItWakesAndNobodyBelievesIt() throws Exception {
        try (PipelinedLoad load = load()) {
            await().atMost(SOON).until(() -> load.history().answered() > 50);
            int active = active();
            awaitPassive(1 - active);
            // when the active server stands still for three times the failover time
            long frozenAtNanos = System.nanoTime();
            servers[active].freeze();
            awaitAnswers(load, frozenAtNanos);
            await().pollDelay(BEAT.multipliedBy(6)).until(() -> true);
            servers[active].thaw();
            // then it gives way to the one that took over
            awaitPassive(active);
            assertThat(active()).isEqualTo(1 - active);
            awaitAnswers(load, frozenAtNanos);
            load.stop();
            Report report = report(load);
            assertThat(report.violations()).isEmpty();
            assertThat(report.unanswered()).isZero();
            assertThat(Files.readString(servers[active].output().toPath())).contains("cause=NEWER_EPOCH");
        }
    }

    @Test
    @Timeout(300)
    void bothMayBeKilledAndStartedInAnyOrder() throws Exception {
        try (PipelinedLoad load = load()) {
            for (int first = 0; first < 2; first++) {
                await().atMost(SOON).until(() -> load.history().answered() > 50);
                long killedAtNanos = System.nanoTime();
                servers[0].kill();
                servers[1].kill();
                launch(first);
                launch(1 - first);
                awaitAnswers(load, killedAtNanos);
            }
            load.stop();
            Report report = report(load);
            assertThat(report.violations()).isEmpty();
            assertThat(report.unanswered()).isZero();
        }
    }
}
