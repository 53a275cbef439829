package io.privateer.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.process.HistoryChecker.Report;
import io.privateer.chaos.process.QueueWatch.Returned;
import io.privateer.chaos.process.WorkerProcess.Kind;
import io.privateer.pirate.CallOptions;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateListener.LossCause;
import io.privateer.pirate.PirateQueue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGSTOP, past its limit for silence, of a worker that holds many requests of a pipelined client; then SIGCONT. */
class FrozenPipelinedWorkerTest {

    private static final Duration STARTUP = Duration.ofSeconds(20);
    private static final Duration HEARTBEAT = Duration.ofMillis(200);
    private static final int LIVENESS = 3;
    private static final Duration WORK = Duration.ofMillis(20);
    private static final int WORKERS = 2;
    private static final int IN_FLIGHT = 16;

    /** How late a busy machine may run what is due. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    private final QueueWatch watch = new QueueWatch();

    @Test
    @Timeout(120)
    void whatAFrozenWorkerHeldIsAnsweredByAnotherAndItsLateRepliesAreDiscarded() throws Exception {
        // given two workers under load, and a lease so long that only silence can tell
        try (PirateQueue queue = PirateQueue.paranoid()
                        .frontend("tcp://127.0.0.1:*")
                        .backend("tcp://127.0.0.1:*")
                        .heartbeat(HEARTBEAT)
                        .liveness(LIVENESS)
                        .lease(Duration.ofMinutes(5))
                        .listener(watch)
                        .start();
                Fleet fleet = new Fleet(queue.backend(), directory, WORK, HEARTBEAT)) {
            fleet.launch(Kind.PRIVATEER_PRV, WORKERS);
            await().atMost(STARTUP).until(() -> queue.stats().workers() == WORKERS);
            CallOptions patient = CallOptions.defaults().withAttemptTimeout(Duration.ofSeconds(25));
            try (PipelinedLoad load =
                    PipelinedLoad.start(PirateClient.builder().endpoints(queue.frontend()), IN_FLIGHT, patient)) {
                await().atMost(STARTUP).until(() -> load.history().answered() > 50);
                // when a busy one is frozen
                ChildJvm victim = fleet.freezeBusy();
                long frozenNanos = System.nanoTime();
                await().atMost(STARTUP).until(() -> !watch.returned().isEmpty());
                // then what it held comes back in time, all of it, and others go on with it
                Returned first = watch.returned().get(0);
                assertThat(first.event().cause()).isEqualTo(LossCause.SILENT);
                assertThat(Duration.ofNanos(first.atNanos() - frozenNanos))
                        .isLessThan(HEARTBEAT.multipliedBy(LIVENESS + 1).plus(SLACK));
                long answeredBefore = load.history().answered();
                await().atMost(STARTUP).until(() -> load.history().answered() > answeredBefore + 2 * IN_FLIGHT);
                // and when it thaws, nothing that it still says counts, and it works again
                victim.thaw();
                await().atMost(STARTUP).until(() -> queue.stats().workers() == WORKERS);
                long thawedNanos = System.nanoTime();
                await().atMost(STARTUP).until(() -> hasBegun(fleet, victim, thawedNanos));
                load.stop();
                assertNothingTwice(load, fleet, frozenNanos, System.nanoTime());
                // Each delivery taken back may be replied to twice: by its handler, and to the CANCEL that crossed
                // that.
                assertThat(queue.stats().lateReplies())
                        .isPositive()
                        .isLessThanOrEqualTo(2L * watch.returned().size());
                assertThat(queue.stats().duplicates()).isZero();
            }
        }
    }

    private static boolean hasBegun(Fleet fleet, ChildJvm worker, long sinceNanos) {
        return fleet.log().read().stream()
                .anyMatch(execution -> execution.pid() == worker.pid() && execution.atNanos() - sinceNanos > 0);
    }

    /** What the worker held when it froze it may run after it thaws: so long every moment counts as a loss. */
    private void assertNothingTwice(PipelinedLoad load, Fleet fleet, long fromNanos, long toNanos) throws IOException {
        List<Execution> executions = fleet.log().read();
        List<Long> lossesNanos = Stream.concat(
                        watch.returned().stream().map(Returned::atNanos),
                        executions.stream()
                                .map(Execution::atNanos)
                                .filter(atNanos -> atNanos - fromNanos >= 0 && toNanos - atNanos >= 0))
                .toList();
        Report report = HistoryChecker.check(load.operations(), executions, lossesNanos);
        assertThat(report.violations()).isEmpty();
        assertThat(report.unanswered()).isZero();
        assertThat(report.repeated())
                .isPositive()
                .isLessThanOrEqualTo(watch.returned().size());
        assertThat(load.stats().retries()).isZero();
        assertThat(load.stats().strayReplies()).isZero();
    }
}
