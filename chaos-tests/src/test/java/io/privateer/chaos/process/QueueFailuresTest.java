package io.privateer.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.FreeEndpoint;
import io.privateer.chaos.process.HistoryChecker.Report;
import io.privateer.core.Backoff;
import io.privateer.core.Message;
import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.RequestOptions;
import io.privateer.pirate.WorkerDialect;
import io.privateer.pirate.WorkerHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queue is the process that fails; clients and workers live on. */
class QueueFailuresTest {

    private static final Duration STARTUP = Duration.ofSeconds(20);
    private static final Duration HEARTBEAT = Duration.ofMillis(700);
    private static final int WORKERS = 4;
    private static final int NO_END = 1_000;

    @TempDir
    private Path directory;

    private final List<PirateWorker> workers = new ArrayList<>();
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
    void workersAndClientsFindAKilledQueuesSuccessor() throws IOException {
        // given a queue under load
        startWorkers(3);
        RequestOptions persistent = RequestOptions.defaults()
                .withAttemptTimeout(Duration.ofSeconds(1))
                .withAttemptsMax(60);
        List<Long> lossesNanos = new ArrayList<>();
        try (Load load = Load.start(frontend, 8, persistent)) {
            await().atMost(STARTUP).until(() -> load.history().answered() > 50);
            for (int kill = 1; kill <= 2; kill++) {
                // when it is killed and started again at the same endpoints
                queue.kill();
                lossesNanos.add(System.nanoTime());
                queue = launchQueue();
                // then workers announce themselves, clients try again, and answers flow as before
                long answeredBefore = load.history().answered();
                await().atMost(STARTUP).until(() -> load.history().answered() > answeredBefore + 50);
            }
            load.stop();
            // and every call has ended with its answer
            lossesNanos.addAll(load.retriesNanos());
            Report report = HistoryChecker.check(load.history().operations(), executions.read(), lossesNanos);
            assertThat(report.violations()).isEmpty();
            assertThat(report.unanswered()).isZero();
            // and the kills hit
            assertThat(load.retriesNanos()).isNotEmpty();
            // (a worker that is not connected again yet when the second comes does not notice it)
            assertThat(workers.stream().mapToLong(it -> it.stats().reconnects()).sum())
                    .isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void aQueueThatStoodStillBlamesNobody() throws IOException {
        // given workers with more patience than the queue, and a queue under load
        startWorkers(NO_END);
        RequestOptions patient = RequestOptions.defaults().withAttemptTimeout(Duration.ofSeconds(25));
        try (Load load = Load.start(frontend, 8, patient)) {
            await().atMost(STARTUP).until(() -> load.history().answered() > 50);
            // when the queue stands still for much longer than its limit for silence
            queue.freeze();
            long answeredBefore = load.history().answered();
            long frozenNanos = System.nanoTime();
            await().pollDelay(HEARTBEAT.multipliedBy(12)).until(() -> true);
            assertThat(load.history().answered()).isLessThanOrEqualTo(answeredBefore + 8);
            queue.thaw();
            // then it goes on
            await().atMost(STARTUP).until(() -> load.history().answered() > answeredBefore + 50);
            assertThat(Duration.ofNanos(System.nanoTime() - frozenNanos)).isGreaterThan(HEARTBEAT.multipliedBy(10));
            load.stop();
            Report report = HistoryChecker.check(load.history().operations(), executions.read(), List.of());
            assertThat(report.violations()).isEmpty();
            assertThat(report.unanswered()).isZero();
            assertThat(load.retriesNanos()).isEmpty();
        }
        // and has declared no worker lost
        String output = outputOfQueue();
        assertThat(output).contains("worker joined").doesNotContain("worker lost");
        assertThat(workers).allMatch(worker -> worker.stats().reconnects() == 0);
    }

    @Test
    void aTerminatedQueueFinishesWhatItHolds() throws IOException {
        // given a queue that waits for a worker's reply
        CompletableFuture<Message> reply = new CompletableFuture<>();
        CompletableFuture<Boolean> asked = new CompletableFuture<>();
        workers.add(PirateWorker.builder(WorkerHandler.ofAsync(request -> {
                    asked.complete(true);
                    return reply;
                }))
                .queue(backend)
                .loop(loop)
                .start());
        try (LazyPirateClient client = LazyPirateClient.connect(frontend)) {
            RequestOptions once = RequestOptions.defaults().withAttemptTimeout(STARTUP);
            CompletableFuture<Message> call =
                    CompletableFuture.supplyAsync(() -> client.request(Message.of("last"), once));
            assertThat(asked).succeedsWithin(STARTUP);
            // when it is told to end
            CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(() -> terminate(queue));
            await().until(() -> outputOfQueue().contains("cause=DRAINING"));
            assertThat(queue.isAlive()).isTrue();
            reply.complete(Message.of("done"));
            // then it does so once the reply has come, and hands that on
            assertThat(call).succeedsWithin(STARTUP).isEqualTo(Message.of("done"));
            assertThat(exit).succeedsWithin(STARTUP).isEqualTo(128 + 15);
            assertThat(outputOfQueue()).contains("queue closed");
        }
    }

    private static int terminate(ChildJvm process) {
        try {
            return process.terminate();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String outputOfQueue() throws IOException {
        return Files.readString(queue.output().toPath());
    }

    @Test
    void callsDuringAnOutageEndWithinTheirBounds() {
        // given a queue that is gone for good
        queue.kill();
        RequestOptions bounded = RequestOptions.defaults()
                .withAttemptTimeout(Duration.ofMillis(200))
                .withDeadline(Duration.ofSeconds(1));
        try (Load load = Load.start(frontend, 8, bounded)) {
            // when clients try
            await().until(() -> load.history().operations().size() > 40);
            load.stop();
            // then every call ends, without an answer
            Report report = HistoryChecker.check(load.history().operations(), List.of(), List.of());
            assertThat(report.violations()).isEmpty();
            assertThat(report.answered()).isZero();
        }
    }

    private void startWorkers(int liveness) {
        for (int i = 0; i < WORKERS; i++) {
            workers.add(PirateWorker.builder(WorkerHandler.of(request -> Message.of(execute(request.text()))))
                    .dialect(WorkerDialect.PPP)
                    .queue(backend)
                    .heartbeat(HEARTBEAT)
                    .liveness(liveness)
                    .reconnect(Backoff.exponential(Duration.ofMillis(100), Duration.ofMillis(500), 0.5))
                    .loop(loop)
                    .start());
        }
        try (LazyPirateClient client = LazyPirateClient.connect(frontend)) {
            client.request(
                    Message.of("0"),
                    RequestOptions.defaults().withAttemptsMax(NO_END).withDeadline(STARTUP));
        }
    }

    private String execute(String request) throws IOException {
        ExecutionLog.append(log, false, request);
        ExecutionLog.append(log, true, request);
        return HistoryChecker.replyTo(request);
    }

    private ChildJvm launchQueue() throws IOException {
        return QueueProcess.launch(frontend, backend, HEARTBEAT);
    }
}
