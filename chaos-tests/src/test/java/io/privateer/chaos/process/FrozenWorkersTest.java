package io.privateer.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.process.HistoryChecker.Report;
import io.privateer.chaos.process.WorkerProcess.Kind;
import io.privateer.pirate.PirateListener.LossCause;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.RequestOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SIGSTOP of a busy worker: its connection stays, so only silence or the lease tells; then SIGCONT. */
class FrozenWorkersTest {

    private static final Duration STARTUP = Duration.ofSeconds(20);
    private static final Duration HEARTBEAT = Duration.ofMillis(200);
    private static final int LIVENESS = 3;
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration WORK = Duration.ofMillis(150);

    /** How late a busy machine may run what is due. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    private final QueueWatch watch = new QueueWatch();

    @Test
    void aFrozenWorkerOfOursIsFoundByItsSilence() throws IOException {
        // given a lease so long that only silence can tell
        Duration limit = HEARTBEAT.multipliedBy(LIVENESS).plus(HEARTBEAT);
        freezesOneOfTwo(Kind.PRIVATEER, Duration.ofMinutes(5), LossCause.SILENT, limit);
    }

    @ParameterizedTest
    @EnumSource(names = {"PARANOID", "SIMPLE"})
    void aFrozenWorkerOfTheGuidesIsFoundByItsLease(Kind kind) throws IOException {
        freezesOneOfTwo(kind, LEASE, LossCause.LEASE_EXPIRED, LEASE.plus(HEARTBEAT));
    }

    private void freezesOneOfTwo(Kind kind, Duration lease, LossCause expected, Duration limit) throws IOException {
        try (PirateQueue queue = PirateQueue.paranoid()
                        .frontend("tcp://127.0.0.1:*")
                        .backend("tcp://127.0.0.1:*")
                        .heartbeat(HEARTBEAT)
                        .liveness(LIVENESS)
                        .lease(lease)
                        .listener(watch)
                        .start();
                Fleet fleet = new Fleet(queue.backend(), directory, WORK, HEARTBEAT)) {
            fleet.launch(kind, 2);
            await().atMost(STARTUP).until(() -> queue.stats().workersIdle() == 2);
            RequestOptions patient = RequestOptions.defaults().withAttemptTimeout(Duration.ofSeconds(25));
            try (Load load = Load.start(queue.frontend(), 3, patient)) {
                await().until(() ->
                        load.history().answered() > 4 && fleet.busy().isPresent());
                // when a busy worker is frozen
                ChildJvm victim = fleet.freezeBusy();
                long frozenNanos = System.nanoTime();
                await().atMost(STARTUP).until(() -> !watch.returned().isEmpty());
                // then what it held comes back in time
                QueueWatch.Returned returned = watch.returned().get(0);
                assertThat(returned.event().cause()).isEqualTo(expected);
                assertThat(Duration.ofNanos(returned.atNanos() - frozenNanos)).isLessThan(limit.plus(SLACK));
                // and when it thaws, its late reply is discarded and it works again
                victim.thaw();
                await().atMost(STARTUP).until(() -> queue.stats().lateReplies() > 0);
                await().atMost(STARTUP).until(() -> queue.stats().workers() == 2);
                load.stop();
                Report report = HistoryChecker.check(
                        load.history().operations(),
                        fleet.log().read(),
                        watch.returned().stream()
                                .map(QueueWatch.Returned::atNanos)
                                .toList());
                assertThat(report.violations()).isEmpty();
                assertThat(report.unanswered()).isZero();
                assertThat(report.repeated()).isPositive();
                assertThat(load.retriesNanos()).isEmpty();
            }
        }
    }
}
