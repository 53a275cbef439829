package io.privateer.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.binarystar.BinaryStarAdmin;
import io.privateer.binarystar.OperatorAnswer;
import io.privateer.chaos.FreeEndpoint;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pair with a witness, in processes of their own, under load. */
class StarWitnessTest extends StarSetup {

    /** A lease counts the time that a process did not run too: a busy machine must not end it. */
    private static final Duration SLOW_BEAT = BEAT.multipliedBy(3);

    private static final Duration LEASE = SLOW_BEAT.multipliedBy(2);

    private @Nullable ChildJvm witness;
    private String endpoint = "";

    @Override
    Duration beat() {
        return SLOW_BEAT;
    }

    @Override
    String witness() throws IOException {
        if (witness == null) {
            endpoint = FreeEndpoint.get();
            witness = WitnessProcess.launch(endpoint, LEASE);
        }
        return endpoint;
    }

    @AfterEach
    void stopWitness() {
        if (witness != null) {
            witness.close();
        }
    }

    @Test
    @Timeout(300)
    void aKilledWitnessChangesNothingAndAKilledServerNeedsIt() throws Exception {
        try (PipelinedLoad load = load()) {
            awaitFlow(load);
            int active = active();
            awaitPassive(1 - active);
            // when the witness is gone for many leases
            ChildJvm killed = witness;
            assertThat(killed).isNotNull();
            killed.kill();
            await().pollDelay(LEASE.multipliedBy(6)).until(() -> true);
            // then the same server goes on, by the promises of its peer
            await().atMost(SOON).until(() -> active() == active);
            awaitAnswers(load, System.nanoTime());
            // and when the witness is back, the other takes over from a killed server
            witness = WitnessProcess.launch(endpoint, LEASE);
            await().pollDelay(LEASE.multipliedBy(3)).until(() -> true);
            long killedAtNanos = System.nanoTime();
            servers[active].kill();
            awaitAnswers(load, killedAtNanos);
            launch(active);
            stopAndCheck(load);
        }
    }

    @Test
    @Timeout(300)
    void whoeverIsStartedAgainKeepsToWhatItMayHavePromised() throws Exception {
        try (PipelinedLoad load = load()) {
            awaitFlow(load);
            int active = active();
            awaitPassive(1 - active);
            // when the witness is started again, and the active server is killed before that may grant anything
            ChildJvm killed = witness;
            assertThat(killed).isNotNull();
            killed.kill();
            witness = WitnessProcess.launch(endpoint, LEASE);
            long killedAtNanos = System.nanoTime();
            servers[active].kill();
            // then the other one takes over once it may
            awaitAnswers(load, killedAtNanos);
            await().atMost(SOON).until(() -> isActive(1 - active));
            // and when both servers are killed, and started again
            killedAtNanos = System.nanoTime();
            servers[1 - active].kill();
            launch(active);
            launch(1 - active);
            awaitAnswers(load, killedAtNanos);
            awaitPassive(1 - active());
            stopAndCheck(load);
        }
    }

    @Test
    @Timeout(300)
    void anOperatorHandsOverAndBackUnderLoad() throws Exception {
        try (PipelinedLoad load = load()) {
            awaitFlow(load);
            for (int handOver = 0; handOver < 4; handOver++) {
                int active = active();
                awaitPassive(1 - active);
                long beganAtNanos = System.nanoTime();
                try (BinaryStarAdmin admin = BinaryStarAdmin.of(places[active].state(), Duration.ofSeconds(5))) {
                    await().atMost(SOON).until(() -> admin.stepDown().outcome() == OperatorAnswer.DONE);
                }
                await().atMost(SOON).until(() -> isActive(1 - active));
                awaitAnswers(load, beganAtNanos);
            }
            stopAndCheck(load);
        }
    }
}
