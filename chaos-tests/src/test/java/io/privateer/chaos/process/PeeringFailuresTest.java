package io.privateer.chaos.process;

import static org.awaitility.Awaitility.await;

import io.privateer.chaos.process.WorkerProcess.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clusters that lend each other workers, and each part of them killed and frozen under load, again and again. */
@Timeout(600)
class PeeringFailuresTest extends PeeringSetup {

    private static final int ROUNDS = Boolean.getBoolean("chaos.nightly") ? 20 : 1;

    @ParameterizedTest
    @ValueSource(ints = {EAST, NORTH})
    void everyCallIsAnsweredAlthoughABrokerThatLendsIsKilledAndFrozen(int lender) throws Exception {
        try (PipelinedLoad load = load()) {
            awaitFlow();
            for (int round = 0; round < ROUNDS; round++) {
                // when a lender is killed
                int returned = returned(WEST);
                long struckNanos = System.nanoTime();
                brokers[lender].kill();
                // then what it had comes back, and once it is back it is lent to again
                awaitReturned(WEST, returned);
                awaitAnswers(load, struckNanos);
                launch(lender);
                awaitServed(lender);
                // when it is frozen
                struckNanos = System.nanoTime();
                returned = returned(WEST);
                freezeUntilSilent(lender, WEST);
                awaitReturned(WEST, returned);
                brokers[lender].thaw();
                // then what it still says is too late, and it is lent to again
                awaitAnswers(load, struckNanos);
                awaitServed(lender);
            }
            awaitLending(WEST);
            stopAndCheck(load);
        }
    }

    @Test
    void theClientsOfABrokerThatIsKilledOrFrozenGoOnWithTheirOther() throws Exception {
        try (PipelinedLoad load = load()) {
            awaitFlow();
            for (int round = 0; round < ROUNDS; round++) {
                // when the broker that borrows is killed
                awaitLending(entrance());
                int former = entrance();
                long struckNanos = System.nanoTime();
                brokers[former].kill();
                // then the other one borrows, and from the killed one's cluster too once that is back
                awaitEntrance(other(former));
                awaitAnswers(load, struckNanos);
                awaitLending(other(former));
                launch(former);
                awaitServed(former);
                // when that one is frozen
                former = entrance();
                struckNanos = System.nanoTime();
                freezeUntilSilent(former, EAST);
                awaitEntrance(other(former));
                awaitAnswers(load, struckNanos);
                brokers[former].thaw();
                awaitAnswers(load, struckNanos);
                awaitServed(former);
            }
            awaitLending(entrance());
            stopAndCheck(load);
        }
    }

    private void awaitEntrance(int cluster) {
        await().atMost(SOON).until(() -> entrance() == cluster);
    }

    private static int other(int cluster) {
        return WEST + NORTH - cluster;
    }

    /** Until {@code witness} has taken it for silent. */
    private void freezeUntilSilent(int cluster, int witness) throws Exception {
        String words = "name=" + places[cluster].name() + " from=EVASIVE to=SILENT";
        long before = said(witness, words);
        brokers[cluster].freeze();
        awaitSaid(witness, words, before);
    }

    @ParameterizedTest
    @CsvSource({WEST + ", PRIVATEER_PRV", EAST + ", PRIVATEER_PRV", EAST + ", PRIVATEER"})
    void everyCallIsAnsweredAlthoughWorkersAreKilledAndFrozen(int cluster, Kind kind) throws Exception {
        try (Fleet fleet = fleet(cluster);
                PipelinedLoad load = load()) {
            awaitFlow();
            for (int round = 0; round < ROUNDS; round++) {
                // when a worker of the cluster that borrows, or of one that lends, is killed at work
                int returned = returned(cluster);
                fleet.launch(kind);
                fleet.killBusy();
                awaitReturned(cluster, returned);
                // when its successor is frozen at work
                fleet.launch(kind);
                returned = returned(cluster);
                ChildJvm victim = fleet.freezeBusy();
                awaitReturned(cluster, returned);
                // then it does what it had in hand when it wakes, of which others have done some by then
                long thawedNanos = System.nanoTime();
                victim.thaw();
                awaitServed(EAST);
                victim.terminate();
                awaitAnswers(load, thawedNanos);
            }
            awaitLending(WEST);
            stopAndCheck(load);
        }
    }

    private Fleet fleet(int cluster) {
        return new Fleet(places[cluster].backend(), directory, Duration.ofMillis(50), PACE.heartbeat());
    }
}
