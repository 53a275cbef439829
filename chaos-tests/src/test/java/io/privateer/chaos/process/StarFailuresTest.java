package io.privateer.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.pirate.CallOptions;
import io.privateer.pirate.Delivery;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The servers of a pair killed and frozen, again and again, under load. */
class StarFailuresTest extends StarSetup {

    private static final boolean NIGHTLY = Boolean.getBoolean("chaos.nightly");
    private static final int KILLS = NIGHTLY ? 50 : 6;
    private static final int KILLS_OF_ONCE = NIGHTLY ? 20 : 2;
    private static final int FREEZES = NIGHTLY ? 10 : 2;

    /** The failover time is two beats. */
    private static final Duration FREEZE = BEAT.multipliedBy(3 * 2);

    @Test
    @Timeout(600)
    void everyCallIsAnsweredAlthoughTheActiveServerIsKilledAgainAndAgain() throws Exception {
        try (PipelinedLoad load = load()) {
            awaitFlow(load);
            for (int kill = 0; kill < KILLS; kill++) {
                killActive(load);
            }
            stopAndCheck(load);
        }
    }

    @Test
    @Timeout(600)
    void anAtMostOnceCallDoesNotRunTwiceHoweverOftenTheActiveServerIsKilled() throws Exception {
        try (PipelinedLoad load = load(CallOptions.defaults().withDelivery(Delivery.ONCE))) {
            awaitFlow(load);
            for (int kill = 0; kill < KILLS_OF_ONCE; kill++) {
                killActive(load);
            }
            stopAndCheckOnce(load, KILLS_OF_ONCE * IN_FLIGHT);
        }
    }

    /** Until the other serves, and the killed one stands by. */
    private void killActive(PipelinedLoad load) throws Exception {
        int active = active();
        awaitPassive(1 - active);
        long killedAtNanos = System.nanoTime();
        servers[active].kill();
        awaitAnswers(load, killedAtNanos);
        launch(active);
        awaitPassive(active);
    }

    @Test
    @Timeout(300)
    void aServerThatWasFrozenStandsDownWhenItWakesAndNobodyBelievesIt() throws Exception {
        try (PipelinedLoad load = load()) {
            awaitFlow(load);
            for (int freeze = 0; freeze < FREEZES; freeze++) {
                int active = active();
                awaitPassive(1 - active);
                // when the active server stands still for three times the failover time
                long frozenAtNanos = System.nanoTime();
                servers[active].freeze();
                int told = output(active).length();
                awaitAnswers(load, frozenAtNanos);
                await().until(() -> System.nanoTime() - frozenAtNanos >= FREEZE.toNanos());
                servers[active].thaw();
                // then it gives way to the one that took over
                awaitPassive(active);
                assertThat(active()).isEqualTo(1 - active);
                awaitAnswers(load, frozenAtNanos);
                assertThat(output(active).substring(told)).containsOnlyOnce("from=ACTIVE to=PASSIVE");
                assertThat(output(active).substring(told)).contains("cause=NEWER_EPOCH");
            }
            stopAndCheck(load);
        }
    }

    private String output(int server) throws IOException {
        return Files.readString(servers[server].output().toPath());
    }
}
