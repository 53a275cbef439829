package io.privateer.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.process.HistoryChecker.Report;
import io.privateer.chaos.process.WorkerProcess.Kind;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.RequestOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SIGTERM, as an operator or an orchestrator sends it. */
class TerminatedWorkersTest {

    private static final Logger log = LoggerFactory.getLogger(TerminatedWorkersTest.class);
    private static final Duration STARTUP = Duration.ofSeconds(20);
    private static final int WORKERS = 4;

    @TempDir
    private Path directory;

    private final QueueWatch watch = new QueueWatch();
    private PirateQueue queue;
    private Fleet fleet;

    @BeforeEach
    void start() throws IOException {
        queue = PirateQueue.paranoid()
                .frontend("tcp://127.0.0.1:*")
                .backend("tcp://127.0.0.1:*")
                .listener(watch)
                .start();
        fleet = new Fleet(queue.backend(), directory, Duration.ofMillis(100), Duration.ofSeconds(1));
    }

    @AfterEach
    void stop() {
        fleet.close();
        queue.close();
    }

    @Test
    void aTerminatedWorkerFinishesWhatItHolds() throws IOException {
        // given a worker that works on the only request
        fleet.launch(Kind.PRIVATEER);
        await().atMost(STARTUP).until(() -> queue.stats().workersIdle() == 1);
        try (Load load = Load.start(queue.frontend(), 1, RequestOptions.defaults())) {
            await().until(() -> fleet.busy().isPresent());
            fleet.launch(Kind.PRIVATEER);
            await().atMost(STARTUP).until(() -> queue.stats().workers() == 2);
            // when whoever works on it by then is told to end
            ChildJvm worker = fleet.freezeBusy();
            int exit = worker.terminateFrozen();
            // then it does so by itself, and nothing was lost, repeated or tried again
            assertThat(exit).isEqualTo(128 + 15);
            load.stop();
            verifyNothingWasDisturbed(load);
            assertThat(queue.stats().redelivered()).isZero();
            assertThat(fleet.log().busy()).doesNotContainKey(worker.pid());
        }
    }

    @Test
    void aRollingRestartDisturbsNobody() throws IOException {
        // given
        fleet.launch(Kind.PRIVATEER, WORKERS);
        await().atMost(STARTUP).until(() -> queue.stats().workersIdle() == WORKERS);
        List<ChildJvm> oldOnes = fleet.workers();
        try (Load load = Load.start(queue.frontend(), WORKERS + 2, RequestOptions.defaults())) {
            for (ChildJvm old : oldOnes) {
                // when one after the other is replaced under full load
                fleet.launch(Kind.PRIVATEER);
                await().atMost(STARTUP).until(() -> queue.stats().workers() == WORKERS + 1);
                old.terminate();
                await().atMost(STARTUP).until(() -> queue.stats().workers() == WORKERS);
            }
            load.stop();
            // then no request failed and none was executed twice
            verifyNothingWasDisturbed(load);
            Map<Long, Long> executionsByPid =
                    fleet.log().read().stream().collect(Collectors.groupingBy(Execution::pid, Collectors.counting()));
            assertThat(executionsByPid.keySet())
                    .containsAll(oldOnes.stream().map(ChildJvm::pid).toList());
            assertThat(watch.lost()).hasSizeGreaterThanOrEqualTo(WORKERS);
        }
    }

    /**
     * Paranoid Pirates have no word for "no more": a request that meets a worker on its way out comes back with its
     * connection. It was not begun, so nobody notices.
     */
    private void verifyNothingWasDisturbed(Load load) {
        Report report =
                HistoryChecker.check(load.history().operations(), fleet.log().read(), List.of());
        log.info("history {} {}", report, queue.stats());
        assertThat(report.violations()).isEmpty();
        assertThat(report.unanswered()).isZero();
        assertThat(report.repeated()).isZero();
        assertThat(load.retriesNanos()).isEmpty();
    }
}
