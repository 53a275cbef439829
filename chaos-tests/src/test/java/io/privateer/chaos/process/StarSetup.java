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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two queues in processes of their own, of which one serves, workers, and a client under load. Most workers know both
 * queues, as they should; one knows the primary only and one the backup only, so that nothing but the client's own
 * judgement stands between it and what a server that was replaced has worked for.
 */
abstract class StarSetup {

    static final Duration BEAT = Duration.ofMillis(200);
    static final Duration SOON = Duration.ofSeconds(30);
    private static final int[] CREW = {Execution.ANY_SERVER, Execution.ANY_SERVER, 0, 1};
    static final int IN_FLIGHT = 16;
    private static final long WORK_NANOS = 5_000_000L;

    /** Now and then a request takes longer than a takeover, so that two servers may work for it at a time. */
    private static final int LONG_EVERY = 100;

    private static final long LONG_WORK_NANOS = BEAT.multipliedBy(5).toNanos();

    @TempDir
    private Path directory;

    private final List<PirateWorker> workers = new ArrayList<>();
    final ChildJvm[] servers = new ChildJvm[2];
    Place[] places;
    private final List<long[]> outagesNanos = new ArrayList<>();
    private final AtomicLong lastRun = new AtomicLong();
    private ExecutionLog executions;
    private ReignLog reigns;
    private FileChannel log;
    private EventLoop loop;

    @BeforeEach
    void start() throws IOException {
        places = new Place[] {place("primary", Role.PRIMARY), place("backup", Role.BACKUP)};
        executions = new ExecutionLog(directory.resolve("executions.log"));
        log = executions.open();
        reigns = new ReignLog(directory.resolve("reigns.log"));
        loop = EventLoop.open("workers");
        launch(0);
        launch(1);
        for (int server : crew()) {
            String[] queues = server == Execution.ANY_SERVER
                    ? new String[] {reached(places[0].backend()), reached(places[1].backend())}
                    : new String[] {places[server].backend()};
            workers.add(PirateWorker.builder(WorkerHandler.of(request -> Message.of(execute(request.text(), server))))
                    .queues(queues)
                    .concurrency(IN_FLIGHT / 2)
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

    /** How often the servers hear of each other; the failover time is twice that. */
    Duration beat() {
        return BEAT;
    }

    /** Where the witness is; empty for a pair without one. */
    String witness() throws IOException {
        return "";
    }

    /** Whether the servers tell each other of their requests. */
    boolean replicates() {
        return false;
    }

    /** Where those that know both servers, and the servers of each other, find an endpoint of one. */
    String reached(String endpoint) throws IOException {
        return endpoint;
    }

    /** Which servers the workers know. */
    int[] crew() {
        return CREW;
    }

    private Place place(String name, Role role) throws IOException {
        Path file = directory.resolve(name + ".epoch");
        EpochFile.create(file, role);
        return new Place(name, FreeEndpoint.get(), FreeEndpoint.get(), FreeEndpoint.get(), file);
    }

    void launch(int server) throws IOException {
        Place peer = places[1 - server];
        Place seen = new Place(peer.role(), reached(peer.state()), peer.frontend(), peer.backend(), peer.epochFile());
        servers[server] = StarProcess.launch(places[server], seen, reigns, beat(), witness(), replicates());
    }

    private String execute(String request, int server) throws IOException {
        long run = lastRun.incrementAndGet();
        ExecutionLog.append(log, false, request, run, server);
        boolean isLong = Long.parseLong(request) % LONG_EVERY == 0;
        long endNanos = System.nanoTime() + (isLong ? LONG_WORK_NANOS : WORK_NANOS);
        for (long leftNanos = 1; leftNanos > 0; leftNanos = endNanos - System.nanoTime()) {
            LockSupport.parkNanos(leftNanos);
        }
        ExecutionLog.append(log, true, request, run, server);
        return StaleAnswers.replyOf(request, run);
    }

    String status(int server) {
        try (BinaryStarAdmin admin = BinaryStarAdmin.of(places[server].state(), Duration.ofSeconds(2))) {
            return admin.status().status();
        } catch (RequestTimeoutException e) {
            return "";
        }
    }

    int active() {
        return await().atMost(SOON).until(() -> onlyOneOf(isActive(0), isActive(1)), server -> server >= 0);
    }

    /** Returns which of the two holds, or -1 if both or none do. */
    static int onlyOneOf(boolean first, boolean second) {
        return first == second ? -1 : first ? 0 : 1;
    }

    boolean isActive(int server) {
        return status(server).contains("serving=true");
    }

    void awaitPassive(int server) {
        await().atMost(SOON).until(() -> status(server).contains("state=PASSIVE"));
    }

    /** Until the load gets its first answers. */
    void awaitFlow(PipelinedLoad load) {
        await().atMost(SOON).until(() -> load.history().answered() > 50);
    }

    /** Until answers flow as before; what runs since {@code sinceNanos} may run twice. */
    void awaitAnswers(PipelinedLoad load, long sinceNanos) {
        long answeredBefore = load.history().answered();
        await().atMost(SOON).until(() -> load.history().answered() > answeredBefore + 2 * IN_FLIGHT);
        outagesNanos.add(new long[] {sinceNanos, System.nanoTime()});
    }

    PipelinedLoad load() {
        return load(CallOptions.defaults());
    }

    PipelinedLoad load(CallOptions options) {
        return PipelinedLoad.start(
                PirateClient.builder().endpoints(places[0].frontend(), places[1].frontend()), IN_FLIGHT, options);
    }

    /** Every call has ended with its answer, no answer is stale, and nothing ran again but around a takeover. */
    void stopAndCheck(PipelinedLoad load) throws InterruptedException, IOException {
        load.stop();
        Report report = HistoryChecker.checkPair(load.operations(), executions.read(), outagesNanos, reigns.read());
        assertThat(report.violations()).isEmpty();
        assertThat(report.unanswered()).isZero();
    }

    /** Every call has ended, none ran twice, and those without an answer are few and say that they may have run. */
    void stopAndCheckReplicated(PipelinedLoad load, int unansweredMax) throws InterruptedException, IOException {
        load.stop();
        checkOnce(load, HistoryChecker.check(load.operations(), executions.read(), List.of()), unansweredMax);
    }

    /** Every call has ended, none ran twice, and those without an answer are few and say that they may have run. */
    void stopAndCheckOnce(PipelinedLoad load, int unansweredMax) throws InterruptedException, IOException {
        load.stop();
        checkOnce(
                load,
                HistoryChecker.checkPair(load.operations(), executions.read(), List.of(), reigns.read()),
                unansweredMax);
    }

    private static void checkOnce(PipelinedLoad load, Report report, int unansweredMax) {
        assertThat(report.violations()).isEmpty();
        assertThat(report.repeated()).isZero();
        assertThat(report.unanswered()).isLessThanOrEqualTo(unansweredMax);
        assertThat(load.operations())
                .filteredOn(operation -> operation.kind() == Operation.Kind.INFO)
                .allMatch(operation -> operation.detail().contains("MAY_HAVE_RUN"));
    }
}
