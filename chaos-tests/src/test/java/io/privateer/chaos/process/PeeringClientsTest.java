package io.privateer.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.process.BrokerProcess.Pace;
import io.privateer.chaos.process.HistoryChecker.Report;
import io.privateer.chaos.process.Operation.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients of clusters that lend each other workers, killed and frozen while others go on. */
@Timeout(600)
class PeeringClientsTest extends PeeringSetup {

    private static final int ROUNDS = Boolean.getBoolean("chaos.nightly") ? 20 : 1;
    private static final int ANSWERS = 12;

    /** Requests of one process are numbered from a multiple of this. */
    private static final long IDS_EACH = 1_000_000;

    private final List<ChildJvm> clients = new ArrayList<>();

    @Override
    Pace pace() {
        return SLOW_PACE;
    }

    @AfterEach
    void endClients() {
        clients.forEach(ChildJvm::close);
    }

    private ChildJvm client() throws IOException {
        ChildJvm client = ClientProcess.launch(
                (clients.size() + 1) * IDS_EACH, places[WEST].frontend(), places[NORTH].frontend());
        clients.add(client);
        return client;
    }

    private static void awaitAnswers(ChildJvm client) throws IOException {
        long before = ClientProcess.answered(client);
        await().atMost(SOON).until(() -> ClientProcess.answered(client) > before + ANSWERS);
    }

    @Test
    void whatAClientLeavesBehindThatIsKilledCostsOthersNothing() throws Exception {
        try (PipelinedLoad load = load()) {
            awaitFlow();
            for (int round = 0; round < ROUNDS; round++) {
                // when a client is killed that others do work for too
                ChildJvm client = client();
                awaitAnswers(client);
                client.kill();
                // then it got the right answers until then, and others are answered as before
                assertThat(check(ended(ClientProcess.operations(client)), List.of())
                                .answered())
                        .isGreaterThan(ANSWERS);
                awaitAnswers(load);
            }
            awaitLending(WEST);
            // then nothing of others came back or ran twice, and nothing stays behind
            Report report = stopAndCheck(load);
            assertThat(report.repeated()).isZero();
            assertThat(returned(WEST)).isZero();
            awaitNothingLeft();
        }
    }

    /** Returns what there is of requests that have ended. */
    private static List<Operation> ended(List<Operation> operations) {
        Set<Long> ended = operations.stream()
                .filter(operation -> operation.kind() != Kind.INVOKE)
                .map(Operation::requestId)
                .collect(Collectors.toSet());
        return operations.stream()
                .filter(operation -> ended.contains(operation.requestId()))
                .toList();
    }

    @Test
    void aClientThatWasFrozenIsAnsweredWhenItWakes() throws Exception {
        try (PipelinedLoad load = load()) {
            awaitFlow();
            for (int round = 0; round < ROUNDS; round++) {
                // when a client is frozen for longer than its broker waits for it
                ChildJvm client = client();
                awaitAnswers(client);
                long frozenNanos = System.nanoTime();
                client.freeze();
                awaitAnswers(load);
                await().atMost(SOON)
                        .until(() -> System.nanoTime() - frozenNanos
                                > 2 * pace().silent().toNanos());
                client.thaw();
                // then every request of it is answered, and others have been all the time
                awaitAnswers(client);
                long answersNanos = System.nanoTime();
                client.terminate();
                check(ClientProcess.operations(client), List.of(new long[] {frozenNanos, answersNanos}));
            }
            awaitLending(WEST);
            Report report = stopAndCheck(load);
            assertThat(report.repeated()).isZero();
            assertThat(returned(WEST)).isZero();
            awaitNothingLeft();
        }
    }
}
