package io.privateer.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.privateer.samples.Privateer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo as users run it: processes, signals and all. */
@Timeout(180)
class DemoEndToEndTest {

    /** A queue, a load client and three workers. */
    private static final int CHILDREN = 5;

    @TempDir
    private Path dir;

    private final Set<ProcessHandle> seen = new HashSet<>();

    @AfterEach
    void endWhatIsLeft() {
        seen.forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void killsAndFreezesWorkersLosesNothingAndLeavesNoProcess() throws IOException {
        // given
        Path json = dir.resolve("demo.json");
        Process demo = start(
                "--scenario", "worker", "--seconds", "6", "--seed", "1", "--workers", "3", "--json", json.toString());
        // when
        awaitChildren(demo);
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            demo.descendants().forEach(seen::add);
            return !demo.isAlive();
        });
        // then
        String output = Files.readString(dir.resolve("out"));
        assertThat(seen).as("restarted workers too").hasSizeGreaterThan(1 + CHILDREN);
        assertThat(demo.exitValue()).as(output).isZero();
        assertThat(output).contains("SIGKILL worker-", "SIGSTOP worker-", "PASS ");
        assertThat(output).as("no control sequences without a terminal").doesNotContain("\033");
        JsonNode outcome = new ObjectMapper().readTree(json.toFile());
        assertThat(outcome.get("sent").asLong()).isPositive();
        assertThat(outcome.get("answered").asLong())
                .isEqualTo(outcome.get("sent").asLong());
        assertThat(outcome.get("lost").asLong()).isZero();
        assertThat(outcome.get("duplicateReplies").asLong()).isZero();
        assertThat(outcome.get("kills").asLong()).isPositive();
        assertThat(outcome.get("freezes").asLong()).isPositive();
        assertThat(outcome.get("redelivered").asLong()).isPositive();
        assertThat(outcome.get("executions").asLong())
                .isGreaterThanOrEqualTo(outcome.get("answered").asLong());
        assertThat(outcome.at("/latencyMicros/p50").asLong()).isPositive();
        assertThat(outcome.at("/latencyMicros/p99").asLong())
                .isGreaterThanOrEqualTo(outcome.at("/latencyMicros/p50").asLong());
        assertThat(outcome.at("/latencyMicros/max").asLong())
                .isGreaterThanOrEqualTo(outcome.at("/latencyMicros/p99").asLong());
        assertThat(outcome.get("recoveryMillis").has("p50")).isTrue();
        assertThat(outcome.get("recoveryMillis").has("max")).isTrue();
        assertNoneIsLeft();
    }

    @Test
    void killsTheActiveServerOfAPairLosesNothingAndLeavesNoProcess() throws IOException {
        // given
        Path json = dir.resolve("demo.json");
        Process demo = start("--scenario", "star", "--seconds", "5", "--workers", "3", "--json", json.toString());
        // when
        awaitChildren(demo);
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            demo.descendants().forEach(seen::add);
            return !demo.isAlive();
        });
        // then
        String output = Files.readString(dir.resolve("out"));
        assertThat(demo.exitValue()).as(output).isZero();
        assertThat(output).contains("SIGKILL primary", "backup is ACTIVE, epoch 3", "primary starts again", "PASS ");
        JsonNode outcome = new ObjectMapper().readTree(json.toFile());
        assertThat(outcome.get("scenario").asText()).isEqualTo("star");
        assertThat(outcome.get("answered").asLong())
                .isPositive()
                .isEqualTo(outcome.get("sent").asLong());
        assertThat(outcome.get("kills").asLong()).isEqualTo(1);
        assertThat(outcome.get("detectMillis").get("max").isNumber()).isTrue();
        assertNoneIsLeft();
    }

    @Test
    void killsTheBrokerOfAClusterLosesNothingAndLeavesNoProcess() throws IOException {
        // given
        Path json = dir.resolve("demo.json");
        Process demo = start("--scenario", "peering", "--seconds", "5", "--json", json.toString());
        // when
        awaitChildren(demo);
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            demo.descendants().forEach(seen::add);
            return !demo.isAlive();
        });
        // then
        String output = Files.readString(dir.resolve("out"));
        assertThat(demo.exitValue()).as(output).isZero();
        assertThat(output)
                .contains("SIGKILL east", "west takes back what it had lent to east", "east starts again")
                .contains("east works again", "west borrows ", "PASS ");
        JsonNode outcome = new ObjectMapper().readTree(json.toFile());
        assertThat(outcome.get("scenario").asText()).isEqualTo("peering");
        assertThat(outcome.get("answered").asLong())
                .isPositive()
                .isEqualTo(outcome.get("sent").asLong());
        assertThat(outcome.get("kills").asLong()).isEqualTo(1);
        assertThat(outcome.get("lent").asLong()).isPositive();
        assertThat(outcome.get("detectMillis").get("max").isNumber()).isTrue();
        assertNoneIsLeft();
    }

    @Test
    void leavesNoProcessWhenItIsToldToEnd() throws IOException, InterruptedException {
        // given
        Process demo = start("--seconds", "60", "--workers", "3");
        awaitChildren(demo);
        // when
        demo.destroy();
        // then
        assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertNoneIsLeft();
    }

    @Test
    void leavesNoProcessWhenItIsKilledItself() throws IOException, InterruptedException {
        // given
        Process demo = start("--seconds", "60", "--workers", "3");
        awaitChildren(demo);
        // when
        demo.destroyForcibly();
        // then
        assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertNoneIsLeft();
    }

    private Process start(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Privateer.class.getName(),
                "demo",
                "--no-tty"));
        command.addAll(List.of(options));
        Process demo = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("out").toFile())
                .start();
        seen.add(demo.toHandle());
        return demo;
    }

    private void awaitChildren(Process demo) {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            List<ProcessHandle> children = demo.descendants().toList();
            seen.addAll(children);
            return children.size() >= CHILDREN;
        });
    }

    private void assertNoneIsLeft() {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(seen).noneMatch(ProcessHandle::isAlive));
    }
}
