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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Two queues in processes of their own, of which one serves, workers known to both, and a client under load. */
abstract class StarSetup {

    static final Duration BEAT = Duration.ofMillis(200);
    static final Duration SOON = Duration.ofSeconds(30);
    private static final int WORKERS = 3;
    static final int IN_FLIGHT = 16;
    private static final long WORK_NANOS = 5_000_000L;

    @TempDir
    private Path directory;

    private final List<PirateWorker> workers = new ArrayList<>();
    final ChildJvm[] servers = new ChildJvm[2];
    Place[] places;
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

    /** Where the witness is; empty for a pair without one. */
    String witness() throws IOException {
        return "";
    }

    private Place place(String name, Role role) throws IOException {
        Path file = directory.resolve(name + ".epoch");
        EpochFile.create(file, role);
        return new Place(name, FreeEndpoint.get(), FreeEndpoint.get(), FreeEndpoint.get(), file);
    }

    void launch(int server) throws IOException {
        servers[server] = StarProcess.launch(places[server], places[1 - server], BEAT, witness());
    }

    private String execute(String request) throws IOException {
        ExecutionLog.append(log, false, request);
        LockSupport.parkNanos(WORK_NANOS);
        ExecutionLog.append(log, true, request);
        return HistoryChecker.replyTo(request);
    }

    String status(int server) {
        try (BinaryStarAdmin admin = BinaryStarAdmin.of(places[server].state(), Duration.ofSeconds(2))) {
            return admin.status().status();
        } catch (RequestTimeoutException e) {
            return "";
        }
    }

    int active() {
        await().atMost(SOON).until(() -> isActive(0) != isActive(1));
        return isActive(0) ? 0 : 1;
    }

    boolean isActive(int server) {
        return status(server).contains("serving=true");
    }

    void awaitPassive(int server) {
        await().atMost(SOON).until(() -> status(server).contains("state=PASSIVE"));
    }

    /** Until answers flow as before; what runs since {@code sinceNanos} may run twice. */
    void awaitAnswers(PipelinedLoad load, long sinceNanos) {
        long answeredBefore = load.history().answered();
        await().atMost(SOON).until(() -> load.history().answered() > answeredBefore + 2 * IN_FLIGHT);
        outagesNanos.add(new long[] {sinceNanos, System.nanoTime()});
    }

    PipelinedLoad load() {
        return PipelinedLoad.start(
                PirateClient.builder().endpoints(places[0].frontend(), places[1].frontend()),
                IN_FLIGHT,
                CallOptions.defaults());
    }

    /** Every call has ended with its answer, and nothing ran again but around a takeover. */
    void stopAndCheck(PipelinedLoad load) throws InterruptedException {
        load.stop();
        Report report = HistoryChecker.checkAround(load.operations(), executions.read(), outagesNanos);
        assertThat(report.violations()).isEmpty();
        assertThat(report.unanswered()).isZero();
    }
}
