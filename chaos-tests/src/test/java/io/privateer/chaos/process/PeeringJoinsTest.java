package io.privateer.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.chaos.process.BrokerProcess.Pace;
import io.privateer.chaos.process.HistoryChecker.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Brokers that come and go in order, under load. */
@Timeout(600)
class PeeringJoinsTest extends PeeringSetup {

    private static final int ROUNDS = Boolean.getBoolean("chaos.nightly") ? 20 : 1;

    @Override
    Pace pace() {
        return SLOW_PACE;
    }

    @Test
    void aBrokerThatJoinsByOneSeedIsLentToAndOneThatLeavesInOrderLosesNothing() throws Exception {
        try (PipelinedLoad load = load()) {
            awaitFlow();
            for (int round = 0; round < ROUNDS; round++) {
                // when a broker joins that knows one, by which the load does not enter
                launch(SOUTH);
                if (round == 0) {
                    hire(SOUTH);
                }
                awaitServed(SOUTH);
                // when it leaves, full of work
                assertThat(brokers[SOUTH].terminate()).isEqualTo(128 + 15);
                awaitSaid(WEST, "name=south from=PRESENT to=NONE cause=LEFT", round);
                awaitAnswers(load, System.nanoTime());
            }
            awaitLending(WEST);
            // then nothing came back, and nothing ran twice
            Report report = stopAndCheck(load);
            assertThat(report.repeated()).isZero();
            assertThat(returned(WEST)).isZero();
        }
    }
}
