package io.privateer.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.FreeEndpoint;
import io.privateer.chaos.process.HistoryChecker.Report;
import io.privateer.core.Backoff;
import io.privateer.core.Message;
import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.CallOptions;
import io.privateer.pirate.Delivery;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateClientConfig;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.WorkerDialect;
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

/** The queue is the process that fails, under a pipelined client and workers with credit, which live on. */
class PipelinedQueueFailuresTest {

    private static final int KILLS = Boolean.getBoolean("chaos.nightly") ? 20 : 3;
    private static final Duration STARTUP = Duration.ofSeconds(20);
    private static final Duration HEARTBEAT = Duration.ofMillis(700);
    private static final long WORK_NANOS = 2_000_000;
    private static final int WORKERS = 3;
    private static final int IN_FLIGHT = 32;
    private static final int DEFAULT_LIVENESS = 3;
    private static final int NO_END = 1_000;

    @TempDir
    private Path directory;

    private final List<PirateWorker> workers = new ArrayList<>();
    private final List<long[]> outagesNanos = new ArrayList<>();
    private String frontend;
    private String backend;
    private ExecutionLog executions;
    private FileChannel log;
    private EventLoop loop;
    private ChildJvm queue;

    @BeforeEach
    void start() throws IOException {
        frontend = FreeEndpoint.get();
        backend = FreeEndpoint.get();
        executions = new ExecutionLog(directory.resolve("executions.log"));
        log = executions.open();
        loop = EventLoop.open("workers");
        queue = launchQueue();
    }

    @AfterEach
    void stop() throws IOException {
        queue.close();
        workers.forEach(PirateWorker::close);
        loop.close();
        log.close();
    }

    @Test
    @Timeout(300)
    void everyCallIsAnsweredAlthoughTheQueueIsKilledAgainAndAgain() throws Exception {
        // given a queue under load
        startWorkers(DEFAULT_LIVENESS);
        try (PipelinedLoad load = PipelinedLoad.start(client(DEFAULT_LIVENESS), IN_FLIGHT, CallOptions.defaults())) {
            // when it is killed and started again at the same endpoints
            killQueues(load);
            load.stop();
            // then every call has ended with its answer
            Report report = report(load);
            assertThat(report.violations()).isEmpty();
            assertThat(report.unanswered()).isZero();
            // and ran again only if its client sent it to a successor
            assertThat(load.stats().retries()).isPositive();
            assertThat(report.repeated()).isLessThanOrEqualTo((int) load.stats().retries());
        }
    }

    @Test
    @Timeout(300)
    void anAtMostOnceRequestOfAKilledQueueEndsAndDoesNotRunAgain() throws Exception {
        startWorkers(DEFAULT_LIVENESS);
        CallOptions once = CallOptions.defaults().withDelivery(Delivery.ONCE);
        try (PipelinedLoad load = PipelinedLoad.start(client(DEFAULT_LIVENESS), IN_FLIGHT, once)) {
            killQueues(load);
            load.stop();
            // then nothing ran twice, and what was lost ended with an error that says that it may have run
            Report report = HistoryChecker.check(load.operations(), executions.read(), List.of());
            assertThat(report.violations()).isEmpty();
            assertThat(report.repeated()).isZero();
            assertThat(report.unanswered()).isPositive().isLessThanOrEqualTo(KILLS * IN_FLIGHT);
            assertThat(load.operations())
                    .filteredOn(operation -> operation.kind() == Operation.Kind.INFO)
                    .allMatch(operation -> operation.detail().contains("MAY_HAVE_RUN"));
        }
    }

    @Test
    @Timeout(120)
    void aQueueThatStoodStillBlamesNobody() throws Exception {
        // given workers and a client with more patience than the queue, and a queue under load
        startWorkers(NO_END);
        CallOptions patient = CallOptions.defaults().withAttemptTimeout(Duration.ofSeconds(25));
        try (PipelinedLoad load = PipelinedLoad.start(client(NO_END), IN_FLIGHT, patient)) {
            await().atMost(STARTUP).until(() -> load.history().answered() > 50);
            // when the queue stands still for much longer than its limit for silence
            queue.freeze();
            await().pollDelay(HEARTBEAT.multipliedBy(12)).until(() -> true);
            long answeredBefore = load.history().answered();
            queue.thaw();
            // then it goes on
            await().atMost(STARTUP).until(() -> load.history().answered() > answeredBefore + 2 * IN_FLIGHT);
            load.stop();
            Report report = report(load);
            assertThat(report.violations()).isEmpty();
            assertThat(report.unanswered()).isZero();
            assertThat(report.repeated()).isZero();
            assertThat(load.stats().retries()).isZero();
            assertThat(load.stats().connectionsLost()).isZero();
        }
        // and has declared no worker lost
        assertThat(Files.readString(queue.output().toPath()))
                .contains("worker joined")
                .doesNotContain("worker lost");
        assertThat(workers).allMatch(worker -> worker.stats().reconnects() == 0);
    }

    @Test
    @Timeout(120)
    void everyCallIsAnsweredByTheSecondQueueWhenTheFirstIsKilledForGood() throws Exception {
        // given two queues with workers of their own, and a load on the first
        startWorkers(DEFAULT_LIVENESS);
        try (PirateQueue second = PirateQueue.paranoid()
                        .frontend("tcp://127.0.0.1:*")
                        .backend("tcp://127.0.0.1:*")
                        .start();
                PirateWorker worker = worker(second.backend(), DEFAULT_LIVENESS);
                PipelinedLoad load = PipelinedLoad.start(
                        client(DEFAULT_LIVENESS).endpoints(frontend, second.frontend()),
                        IN_FLIGHT,
                        CallOptions.defaults())) {
            awaitMoreAnswers(load);
            assertThat(second.stats().accepted()).isZero();
            // when the first is killed
            long killedNanos = System.nanoTime();
            queue.kill();
            awaitMoreAnswers(load);
            outagesNanos.add(new long[] {killedNanos, System.nanoTime()});
            load.stop();
            // then every call has ended with its answer, and ran again only if its client sent it to the second
            Report report = report(load);
            assertThat(report.violations()).isEmpty();
            assertThat(report.unanswered()).isZero();
            assertThat(load.stats().retries()).isBetween(1L, (long) IN_FLIGHT);
            assertThat(report.repeated()).isLessThanOrEqualTo((int) load.stats().retries());
            // and to the second each came once
            assertThat(second.stats().duplicates()).isZero();
            assertThat(worker.stats().handled()).isEqualTo(second.stats().accepted());
        }
    }

    private void killQueues(PipelinedLoad load) throws IOException {
        for (int kill = 1; kill <= KILLS; kill++) {
            awaitMoreAnswers(load);
            long killedNanos = System.nanoTime();
            queue.kill();
            queue = launchQueue();
            awaitWorkers();
            awaitMoreAnswers(load);
            outagesNanos.add(new long[] {killedNanos, System.nanoTime()});
        }
    }

    private static void awaitMoreAnswers(PipelinedLoad load) {
        long before = load.history().answered();
        await().atMost(STARTUP).until(() -> load.history().answered() > before + 2 * IN_FLIGHT);
    }

    private void awaitWorkers() {
        await().atMost(STARTUP)
                .until(() -> Files.readAllLines(queue.output().toPath()).stream()
                                .filter(line -> line.contains("worker joined"))
                                .count()
                        >= WORKERS);
    }

    private Report report(PipelinedLoad load) {
        return HistoryChecker.checkAround(load.operations(), executions.read(), outagesNanos);
    }

    private PirateClientConfig.Builder client(int liveness) {
        return PirateClient.builder()
                .endpoints(frontend)
                .liveness(liveness)
                .backoff(Backoff.exponential(Duration.ofMillis(20), Duration.ofMillis(200), 0.5));
    }

    private void startWorkers(int liveness) {
        for (int i = 0; i < WORKERS; i++) {
            workers.add(worker(backend, liveness));
        }
        awaitWorkers();
    }

    private PirateWorker worker(String where, int liveness) {
        return PirateWorker.builder(WorkerHandler.of(request -> Message.of(execute(request.text()))))
                .queue(where)
                .dialect(WorkerDialect.PRV)
                .credit(8)
                .heartbeat(HEARTBEAT)
                .liveness(liveness)
                .reconnect(Backoff.exponential(Duration.ofMillis(100), Duration.ofMillis(500), 0.5))
                .loop(loop)
                .start();
    }

    private String execute(String request) throws IOException {
        ExecutionLog.append(log, false, request);
        LockSupport.parkNanos(WORK_NANOS);
        ExecutionLog.append(log, true, request);
        return HistoryChecker.replyTo(request);
    }

    private ChildJvm launchQueue() throws IOException {
        return QueueProcess.launch(frontend, backend, HEARTBEAT);
    }
}
