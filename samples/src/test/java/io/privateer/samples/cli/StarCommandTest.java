package io.privateer.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.core.Message;
import io.privateer.pirate.PirateClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pair as users run it: two servers and a worker of both; and its operator. */
@Timeout(120)
class StarCommandTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path dir;

    @Test
    void withReplicationARequestThatRunsWhenTheActiveServerIsKilledRunsOnceAndIsAnswered() throws Exception {
        try (PairProcesses pair = new PairProcesses(dir)) {
            // given a pair in step, and a worker of both
            Process primary = pair.star(0, "--replication");
            pair.star(1, "--replication");
            pair.start(
                    "worker",
                    List.of(
                            "worker",
                            "--supervised",
                            "--queue",
                            pair.backends[0],
                            "--queue",
                            pair.backends[1],
                            "--handler",
                            "sleep:1s"));
            await().atMost(SOON).until(() -> pair.says("primary", "replication from=COPYING to=IN_STEP"));
            await().atMost(SOON).until(() -> pair.says("backup", "replication from=ALONE to=FOLLOWING"));
            await().atMost(SOON)
                    .until(() -> pair.says("primary", "worker joined") && pair.says("backup", "worker joined"));
            try (PirateClient client = PirateClient.connect(pair.frontends)) {
                // when
                CompletableFuture<Message> reply = client.requestAsync(Message.of("ahoy"));
                await().atMost(SOON).until(() -> pair.says("worker", "run id=ahoy"));
                primary.destroyForcibly();
                // then
                assertThat(reply.get(60, TimeUnit.SECONDS).text()).isEqualTo("ahoy");
            }
            await().atMost(SOON)
                    .until(() -> pair.says("backup", "replication from=FOLLOWING to=ALONE")
                            && pair.says("backup", "failover from=PASSIVE to=ACTIVE"));
            assertThat(pair.lines("worker", "run id=")).hasSize(1);
            assertThat(pair.lines("backup", "replication from=FOLLOWING to=ALONE"))
                    .hasSize(1);
            assertThat(pair.lines("backup", "failover from=PASSIVE to=ACTIVE")).hasSize(1);
        }
    }

    @Test
    void anOperatorMakesEpochFilesAsksAndMovesTheServiceToAndFro() throws Exception {
        try (PairProcesses pair = new PairProcesses(dir)) {
            String[] files = {
                dir.resolve("p.epoch").toString(), dir.resolve("b.epoch").toString()
            };
            assertThat(pair.run("init0", "star-admin", "init", files[0], "--role", "primary"))
                    .isZero();
            assertThat(pair.run("init1", "star-admin", "init", files[1], "--role", "backup"))
                    .isZero();
            pair.star(0, "--epoch-file", files[0]);
            pair.star(1, "--epoch-file", files[1]);
            await().atMost(SOON).until(() -> pair.says("primary", "to=ACTIVE") && pair.says("backup", "to=PASSIVE"));
            // how it stands
            assertThat(admin(pair, "status", 0)).isZero();
            for (String line : List.of(
                    "answer=DONE",
                    "role=PRIMARY",
                    "state=ACTIVE",
                    "epoch=2",
                    "serving=true",
                    "canServe=true",
                    "peer=PASSIVE",
                    "peerGone=false",
                    "misconfiguration=none",
                    "pair=pair",
                    "mode=PAIR",
                    "heartbeatMillis=1000",
                    "failoverMillis=2000",
                    "witness=none")) {
                assertThat(pair.lines("status", line)).as(line).containsExactly(line);
            }
            // what is not to be done is refused, and the exit code says so
            assertThat(admin(pair, "step-down", 1)).isEqualTo(1);
            assertThat(pair.lines("step-down", "answer=")).containsExactly("answer=NOT_ACTIVE");
            assertThat(admin(pair, "fail-back", 0)).isEqualTo(1);
            assertThat(pair.lines("fail-back", "answer=")).containsExactly("answer=ALREADY_ACTIVE");
            // to the backup, back again, and to the backup by force
            await().atMost(SOON).until(() -> admin(pair, "step-down", 0) == 0);
            await().atMost(SOON).until(() -> pair.says("backup", "to=ACTIVE epoch=3"));
            await().atMost(SOON).until(() -> admin(pair, "fail-back", 1) == 0);
            await().atMost(SOON).until(() -> pair.says("primary", "to=ACTIVE epoch=4"));
            assertThat(admin(pair, "promote", 1)).isZero();
            assertThat(pair.lines("promote", "answer=")).containsExactly("answer=STARTED");
            await().atMost(SOON).until(() -> pair.says("backup", "to=ACTIVE epoch=5"));
            await().atMost(SOON)
                    .until(() ->
                            pair.says("primary", "cause=PEER_ACTIVE") || pair.says("primary", "cause=NEWER_EPOCH"));
        }
    }

    @Test
    void theOptionsOfACommandAreThoseThatItHas() throws Exception {
        try (PairProcesses pair = new PairProcesses(dir)) {
            assertThat(pair.run("init", "star-admin", "init", "--help")).isZero();
            assertThat(pair.lines("init", "--role")).isNotEmpty();
            assertThat(pair.lines("init", "--state")).isEmpty();
            assertThat(pair.lines("init", "--timeout")).isEmpty();
            assertThat(pair.run("promote", "star-admin", "promote", "--help")).isZero();
            assertThat(pair.lines("promote", "--state")).isNotEmpty();
        }
    }

    private static int admin(PairProcesses pair, String command, int server) throws Exception {
        return pair.run(command, "star-admin", command, "--state", pair.states[server]);
    }
}
