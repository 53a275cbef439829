package io.privateer.chaos.process;

import static org.awaitility.Awaitility.await;

import io.privateer.binarystar.BinaryStarAdmin;
import io.privateer.binarystar.OperatorAnswer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The servers of a pair restarted in every order: while the other one is passive or away. While it is active, each is
 * restarted in {@link StarFailuresTest}.
 */
class StarRestartsTest extends StarSetup {

    private static final int PRIMARY = 0;
    private static final int BACKUP = 1;

    @Test
    @Timeout(300)
    void bothMayBeKilledUnderLoadAndStartedInAnyOrder() throws Exception {
        try (PipelinedLoad load = load()) {
            awaitFlow(load);
            // when both are killed, and the primary is there first, which serves alone
            long killedAtNanos = killBoth();
            launch(PRIMARY);
            awaitAnswers(load, killedAtNanos);
            await().atMost(SOON).until(() -> isActive(PRIMARY));
            launch(BACKUP);
            awaitPassive(BACKUP);
            // when the backup is there first, which does not
            killedAtNanos = killBoth();
            launch(BACKUP);
            await().atMost(SOON).until(() -> status(BACKUP).contains("state=BACKUP"));
            await().pollDelay(BEAT.multipliedBy(5)).until(() -> true);
            await().atMost(SOON).until(() -> status(BACKUP).contains("serving=false"));
            launch(PRIMARY);
            awaitAnswers(load, killedAtNanos);
            awaitPassive(1 - active());
            // when both are there at once
            killedAtNanos = killBoth();
            launch(PRIMARY);
            launch(BACKUP);
            awaitAnswers(load, killedAtNanos);
            awaitPassive(1 - active());
            stopAndCheck(load);
        }
    }

    private long killBoth() {
        long killedAtNanos = System.nanoTime();
        servers[PRIMARY].kill();
        servers[BACKUP].kill();
        return killedAtNanos;
    }

    @ParameterizedTest
    @ValueSource(ints = {PRIMARY, BACKUP})
    @Timeout(300)
    void theActiveServerMayRestartWhileTheOtherStaysPassiveForWantOfClients(int restarted) throws Exception {
        awaitPassive(1 - active());
        if (!isActive(restarted)) {
            try (BinaryStarAdmin admin = BinaryStarAdmin.of(places[1 - restarted].state(), Duration.ofSeconds(5))) {
                await().atMost(SOON).until(() -> admin.stepDown().outcome() == OperatorAnswer.DONE);
            }
            awaitPassive(1 - restarted);
            await().atMost(SOON).until(() -> isActive(restarted));
        }
        // when the active server is killed, and nobody asks the other
        servers[restarted].kill();
        await().pollDelay(BEAT.multipliedBy(5)).until(() -> true);
        await().atMost(SOON)
                .until(() -> status(1 - restarted).contains("state=PASSIVE")
                        && status(1 - restarted).contains("serving=false"));
        launch(restarted);
        // then one of them serves, and the other knows
        awaitPassive(1 - active());
        try (PipelinedLoad load = load()) {
            awaitFlow(load);
            stopAndCheck(load);
        }
    }
}
