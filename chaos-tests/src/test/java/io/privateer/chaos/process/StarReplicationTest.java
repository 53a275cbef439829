package io.privateer.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.pirate.CallOptions;
import io.privateer.pirate.Delivery;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With replication, nothing that ran or runs on a worker that lives runs again because its server was killed. */
class StarReplicationTest extends StarSetup {

    private static final boolean NIGHTLY = Boolean.getBoolean("chaos.nightly");
    private static final int KILLS = NIGHTLY ? 50 : 6;

    @Override
    boolean replicates() {
        return true;
    }

    @Override
    int[] crew() {
        return new int[] {Execution.ANY_SERVER, Execution.ANY_SERVER, Execution.ANY_SERVER};
    }

    @Test
    @Timeout(600)
    void nothingRunsTwiceHoweverOftenTheActiveServerIsKilled() throws Exception {
        try (PipelinedLoad load = load()) {
            killAgainAndAgain(load);
            stopAndCheckReplicated(load, 0);
        }
    }

    @Test
    @Timeout(600)
    void everyAtMostOnceCallIsAnsweredHoweverOftenTheActiveServerIsKilled() throws Exception {
        try (PipelinedLoad load = load(CallOptions.defaults().withDelivery(Delivery.ONCE))) {
            killAgainAndAgain(load);
            stopAndCheckReplicated(load, KILLS * IN_FLIGHT);
        }
    }

    private void killAgainAndAgain(PipelinedLoad load) throws Exception {
        awaitFlow(load);
        for (int kill = 0; kill < KILLS; kill++) {
            int active = active();
            awaitPassive(1 - active);
            await().atMost(SOON).until(() -> isInStep(active) && knowsWorkers(1 - active));
            long killedAtNanos = System.nanoTime();
            servers[active].kill();
            awaitAnswers(load, killedAtNanos);
            assertThat(active()).isEqualTo(1 - active);
            launch(active);
            awaitPassive(active);
        }
    }

    /** A worker that the server does not know when it takes over cannot tell it what it holds. */
    private boolean knowsWorkers(int server) throws IOException {
        return lines(server, "worker joined").size() >= crew().length;
    }

    private List<String> lines(int server, String part) throws IOException {
        return Files.readAllLines(servers[server].output().toPath()).stream()
                .filter(line -> line.contains(part))
                .toList();
    }

    private boolean isInStep(int server) throws IOException {
        List<String> changes = lines(server, "replication node=");
        return !changes.isEmpty() && changes.get(changes.size() - 1).contains("to=IN_STEP");
    }
}
