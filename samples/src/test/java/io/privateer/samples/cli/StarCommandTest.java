package io.privateer.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.core.Message;
import io.privateer.pirate.PirateClient;
import io.privateer.samples.Privateer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pair as users run it: two servers and a worker of both. */
@Timeout(120)
class StarCommandTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path dir;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void withReplicationARequestThatRunsWhenTheActiveServerIsKilledRunsOnceAndIsAnswered() throws Exception {
        // given a pair in step, and a worker of both
        String[] states = {freeEndpoint(), freeEndpoint()};
        String[] frontends = {freeEndpoint(), freeEndpoint()};
        String[] backends = {freeEndpoint(), freeEndpoint()};
        Process primary = star("primary", 0, states, frontends, backends);
        star("backup", 1, states, frontends, backends);
        start("worker", "worker", "--queue", backends[0], "--queue", backends[1], "--handler", "sleep:1s");
        await().atMost(SOON).until(() -> says("primary", "replication from=COPYING to=IN_STEP"));
        await().atMost(SOON).until(() -> says("backup", "replication from=ALONE to=FOLLOWING"));
        await().atMost(SOON).until(() -> says("primary", "worker joined") && says("backup", "worker joined"));
        try (PirateClient client = PirateClient.connect(frontends)) {
            // when
            CompletableFuture<Message> reply = client.requestAsync(Message.of("ahoy"));
            await().atMost(SOON).until(() -> says("worker", "run id=ahoy"));
            primary.destroyForcibly();
            // then
            assertThat(reply.get(60, TimeUnit.SECONDS).text()).isEqualTo("ahoy");
        }
        assertThat(lines("worker", "run id=")).hasSize(1);
        assertThat(lines("backup", "replication from=FOLLOWING to=ALONE")).hasSize(1);
        assertThat(lines("backup", "failover from=PASSIVE to=ACTIVE")).hasSize(1);
    }

    private Process star(String role, int own, String[] states, String[] frontends, String[] backends)
            throws IOException {
        return start(
                role,
                "star",
                "--replication",
                "--role",
                role,
                "--state",
                states[own],
                "--peer-state",
                states[1 - own],
                "--frontend",
                frontends[own],
                "--backend",
                backends[own],
                "--star-heartbeat",
                "200ms");
    }

    private Process start(String name, String command, String... options) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Dprivateer.log.level=INFO",
                "-cp",
                System.getProperty("java.class.path"),
                Privateer.class.getName(),
                command,
                "--supervised"));
        line.addAll(List.of(options));
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve(name).toFile())
                .start();
        processes.add(process);
        return process;
    }

    private boolean says(String name, String part) throws IOException {
        return !lines(name, part).isEmpty();
    }

    private List<String> lines(String name, String part) throws IOException {
        return Files.readAllLines(dir.resolve(name)).stream()
                .filter(line -> line.contains(part))
                .toList();
    }

    private static String freeEndpoint() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "tcp://127.0.0.1:" + probe.getLocalPort();
        }
    }
}
