package io.privateer.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The servers of a pair killed, frozen, restarted in every order, under load. */
class StarFailuresTest extends StarSetup {

    private static final int KILLS = Boolean.getBoolean("chaos.nightly") ? 50 : 6;

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
            stopAndCheck(load);
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
            stopAndCheck(load);
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
            stopAndCheck(load);
        }
    }
}
