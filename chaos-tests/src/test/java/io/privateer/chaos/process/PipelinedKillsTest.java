package io.privateer.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.process.HistoryChecker.Report;
import io.privateer.chaos.process.WorkerProcess.Kind;
import io.privateer.core.Backoff;
import io.privateer.pirate.CallOptions;
import io.privateer.pirate.Delivery;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateClientConfig;
import io.privateer.pirate.PirateQueue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9}, and rolling restarts, of workers that hold many requests of a pipelined client. */
class PipelinedKillsTest {

    private static final boolean NIGHTLY = Boolean.getBoolean("chaos.nightly");
    private static final int KILLS = NIGHTLY ? 50 : 4;
    private static final int WORKERS = 3;
    private static final int IN_FLIGHT = 32;
    private static final Duration STARTUP = Duration.ofSeconds(20);

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
                .deliveriesMax(KILLS + 2)
                .listener(watch)
                .start();
        fleet = new Fleet(queue.backend(), directory, Duration.ofMillis(5), Duration.ofSeconds(1));
        fleet.launch(Kind.PRIVATEER_PRV, WORKERS);
        await().atMost(STARTUP).until(() -> queue.stats().workers() == WORKERS);
    }

    @AfterEach
    void stop() {
        fleet.close();
        queue.close();
    }

    private PirateClientConfig.Builder client() {
        return PirateClient.builder()
                .endpoints(queue.frontend())
                .backoff(Backoff.exponential(Duration.ofMillis(20), Duration.ofMillis(200), 0.5));
    }

    @Test
    @Timeout(600)
    void aKilledWorkerLosesNothingOfWhatItHeld() throws Exception {
        try (PipelinedLoad load = PipelinedLoad.start(client(), IN_FLIGHT, CallOptions.defaults())) {
            // when busy workers are killed and replaced
            killBusyWorkers(() -> watch.returned().size());
            load.stop();
            // then every request was answered at the first attempt, and ran again only where a worker died
            Report report = report(load);
            assertThat(report.violations()).isEmpty();
            assertThat(report.unanswered()).isZero();
            assertThat(report.repeated()).isPositive();
            assertThat(load.stats().retries()).isZero();
            assertThat(queue.stats().duplicates()).isZero();
        }
    }

    @Test
    @Timeout(600)
    void anAtMostOnceRequestOfAKilledWorkerEndsAndDoesNotRunAgain() throws Exception {
        CallOptions once = CallOptions.defaults().withDelivery(Delivery.ONCE);
        try (PipelinedLoad load = PipelinedLoad.start(client(), IN_FLIGHT, once)) {
            // when busy workers are killed
            killBusyWorkers(() -> queue.stats().lostOnce());
            load.stop();
            // then nothing ran twice, what was lost ended with an error, and the rest was answered
            Report report = report(load);
            assertThat(report.violations()).isEmpty();
            assertThat(report.repeated()).isZero();
            assertThat(report.unanswered()).isPositive();
            assertThat(queue.stats().lostOnce()).isEqualTo(report.unanswered());
            assertThat(load.operations())
                    .filteredOn(operation -> operation.kind() == Operation.Kind.INFO)
                    .allMatch(operation -> operation.detail().contains("MAY_HAVE_RUN"));
        }
    }

    @Test
    @Timeout(120)
    void aFleetRestartedOneByOneFailsNothing() throws Exception {
        try (PipelinedLoad load = PipelinedLoad.start(client(), IN_FLIGHT, CallOptions.defaults())) {
            await().until(() -> load.history().answered() > 100);
            // when each worker in turn is told to end, and replaced
            for (ChildJvm worker : fleet.workers()) {
                worker.terminate();
                await().atMost(STARTUP).until(() -> !worker.isAlive());
                fleet.launch(Kind.PRIVATEER_PRV);
                await().atMost(STARTUP).until(() -> queue.stats().workers() == WORKERS);
            }
            load.stop();
            // then nothing failed, nothing ran twice, and nobody had to try again
            Report report = report(load);
            assertThat(report.violations()).isEmpty();
            assertThat(report.unanswered()).isZero();
            assertThat(report.repeated()).isZero();
            assertThat(load.stats().retries()).isZero();
            assertThat(queue.stats().returned()).isZero();
        }
    }

    /** @param losses how much has been lost so far; each kill adds to that */
    private void killBusyWorkers(LongSupplier losses) throws IOException {
        for (int kill = 1; kill <= KILLS; kill++) {
            long lossesBefore = losses.getAsLong();
            fleet.killBusy();
            fleet.launch(Kind.PRIVATEER_PRV);
            await().atMost(STARTUP).until(() -> losses.getAsLong() > lossesBefore);
            await().atMost(STARTUP).until(() -> queue.stats().workers() == WORKERS);
        }
    }

    private Report report(PipelinedLoad load) throws IOException {
        List<Long> lossesNanos = new ArrayList<>();
        watch.returned().forEach(returned -> lossesNanos.add(returned.atNanos()));
        return HistoryChecker.check(load.operations(), fleet.log().read(), lossesNanos);
    }
}
