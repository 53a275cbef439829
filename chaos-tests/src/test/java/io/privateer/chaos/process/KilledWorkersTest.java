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
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code kill -9} of workers, under load. */
class KilledWorkersTest {

    private static final Logger log = LoggerFactory.getLogger(KilledWorkersTest.class);
    private static final boolean NIGHTLY = Boolean.getBoolean("chaos.nightly");
    private static final int KILLS = NIGHTLY ? 50 : 5;
    private static final int WORKERS = 4;
    private static final int CLIENTS = 8;

    /** Listeners are told between turns: what came back may run again before that. */
    private static final long TOLD_AFTER_NANOS = 200_000_000L;

    private static final Duration STARTUP = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private final QueueWatch watch = new QueueWatch();
    private PirateQueue queue;
    private Fleet fleet;

    @BeforeEach
    void start() {
        queue = PirateQueue.paranoid()
                .frontend("tcp://127.0.0.1:*")
                .backend("tcp://127.0.0.1:*")
                .deliveriesMax(KILLS + 2)
                .listener(watch)
                .start();
        fleet = new Fleet(queue.backend(), directory, Duration.ofMillis(20), Duration.ofSeconds(1));
    }

    @AfterEach
    void stop() {
        fleet.close();
        queue.close();
    }

    @Test
    @Timeout(600)
    void aKilledWorkerLosesNothing() throws IOException {
        // given four workers under load
        fleet.launch(Kind.PRIVATEER, WORKERS);
        await().atMost(STARTUP).until(() -> queue.stats().workers() == WORKERS);
        try (Load load = Load.start(queue.frontend(), CLIENTS, RequestOptions.defaults())) {
            for (int kill = 1; kill <= KILLS; kill++) {
                // when a busy one is killed and replaced, until deliveries came back
                int returnedBefore = watch.returned().size();
                fleet.killBusy();
                fleet.launch(Kind.PRIVATEER);
                await().atMost(STARTUP).until(() -> watch.returned().size() > returnedBefore);
                await().atMost(STARTUP).until(() -> queue.stats().workers() == WORKERS);
            }
            load.stop();
            // then every request was answered, at the first attempt, and executed again only where a worker died
            Report report = report(load);
            assertThat(report.violations()).isEmpty();
            assertThat(report.unanswered()).isZero();
            assertThat(load.retriesNanos()).isEmpty();
            // and the kills were kills of busy workers
            assertThat(watch.returned()).hasSizeGreaterThanOrEqualTo(KILLS);
            assertThat(watch.returned()).allMatch(returned -> returned.event().cause() == LossCause.DISCONNECTED);
            assertThat(report.repeated()).isPositive();
        }
    }

    @Test
    void whenAllWorkersAreKilledTheirSuccessorsAnswer() throws IOException {
        // given
        fleet.launch(Kind.PRIVATEER, WORKERS);
        await().atMost(STARTUP).until(() -> queue.stats().workers() == WORKERS);
        RequestOptions patient = RequestOptions.defaults().withAttemptTimeout(Duration.ofSeconds(25));
        try (Load load = Load.start(queue.frontend(), CLIENTS, patient)) {
            await().until(() -> load.history().answered() > 50 && fleet.busy().isPresent());
            // when all are killed
            fleet.workers().forEach(ChildJvm::kill);
            await().until(() -> queue.stats().workers() == 0);
            assertThat(queue.stats().pending()).isPositive();
            long answeredWithout = load.history().answered();
            // and others are started
            fleet.launch(Kind.PRIVATEER, WORKERS);
            await().atMost(STARTUP).until(() -> load.history().answered() > answeredWithout + 50);
            load.stop();
            // then every request was answered in the end
            Report report = report(load);
            assertThat(report.violations()).isEmpty();
            assertThat(report.unanswered()).isZero();
            assertThat(load.retriesNanos()).isEmpty();
            assertThat(watch.returned()).isNotEmpty();
        }
    }

    @Test
    void aKilledSimplePirateLosesNothing() throws IOException {
        // given a queue with two Simple Pirate workers, which have no heartbeat
        fleet.launch(Kind.SIMPLE, 2);
        await().atMost(STARTUP).until(() -> queue.stats().workers() == 2);
        try (Load load = Load.start(queue.frontend(), CLIENTS, RequestOptions.defaults())) {
            await().until(() -> load.history().answered() > 50);
            // when a busy one is killed
            fleet.killBusy();
            await().until(() -> !watch.returned().isEmpty());
            fleet.launch(Kind.SIMPLE, 1);
            long answeredBefore = load.history().answered();
            await().atMost(STARTUP).until(() -> load.history().answered() > answeredBefore + 20);
            load.stop();
            // then
            Report report = report(load);
            assertThat(report.violations()).isEmpty();
            assertThat(report.unanswered()).isZero();
            assertThat(load.retriesNanos()).isEmpty();
        }
    }

    private Report report(Load load) {
        List<long[]> lossesNanos = watch.returned().stream()
                .map(returned -> new long[] {returned.atNanos() - TOLD_AFTER_NANOS, returned.atNanos()})
                .toList();
        Report report = HistoryChecker.checkAround(
                load.history().operations(), fleet.log().read(), lossesNanos);
        log.info("history {} {}", report, queue.stats());
        return report;
    }
}
