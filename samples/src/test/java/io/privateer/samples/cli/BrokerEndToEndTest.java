package io.privateer.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.core.Message;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.WorkerHandler;
import io.privateer.samples.Privateer;
import io.privateer.samples.demo.FreeEndpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Brokers as users run them. */
@Timeout(120)
class BrokerEndToEndTest {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String ANYWHERE = "tcp://127.0.0.1:*";

    @TempDir
    private Path dir;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endWhatIsLeft() {
        started.forEach(Process::destroyForcibly);
    }

    private Process run(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Privateer.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(dir.resolve(name).toFile())
                .start();
        started.add(process);
        return process;
    }

    private Process broker(String name, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("broker", "--name", name));
        for (String flow : List.of("--localfe", "--localbe", "--cloud", "--state")) {
            arguments.addAll(List.of(flow, ANYWHERE));
        }
        arguments.addAll(List.of(more));
        return run(name, arguments.toArray(String[]::new));
    }

    private Optional<EventLine> said(String name, String event) throws IOException {
        return Files.readAllLines(dir.resolve(name)).stream()
                .flatMap(line -> EventLine.parse(line).stream())
                .filter(line -> line.name().equals(event))
                .reduce((one, later) -> later);
    }

    private EventLine awaitSaid(String name, String event) {
        return await().atMost(PATIENCE)
                .until(() -> said(name, event), Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void aRequestToOneBrokerIsDoneByTheWorkerOfAnother() throws Exception {
        // given two brokers, of which the second knows the first and has a worker
        Process west = broker("west");
        EventLine westReady = awaitSaid("west", "ready");
        broker("east", "--peer", westReady.text("state"));
        String localbe = awaitSaid("east", "ready").text("localbe");
        assertThat(awaitSaid("west", "enter").text("peer")).isEqualTo("east");
        WorkerHandler handler = WorkerHandler.of(request -> Message.of(request.text() + " by east"));
        try (PirateWorker worker = PirateWorker.builder(handler).queue(localbe).start()) {
            // when somebody asks the first
            Process request = run("request", "request", "--endpoint", westReady.text("localfe"), "ahoy");
            assertThat(request.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            // then the second one's worker answers
            assertThat(Files.readAllLines(dir.resolve("request"))).contains("ahoy by east");
            assertThat(worker.stats().handled()).isEqualTo(1);
        }
        // when the first is told to end
        west.destroy();
        // then it says what it counted, and the other one hears that it leaves
        assertThat(west.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        EventLine stats = said("west", "stats").orElseThrow();
        assertThat(stats.number("answered")).isEqualTo(1);
        assertThat(stats.number("lent")).isGreaterThanOrEqualTo(1);
        assertThat(stats.text("drained")).isEqualTo("true");
        assertThat(awaitSaid("east", "exit").text("cause")).isEqualTo("LEFT");
    }

    @Test
    void aGuardedBrokersPlaceIsTakenByTheOtherOfItsPair() throws Exception {
        // given a pair, and another cluster that knows both, and has a worker
        GuardedBroker one = new GuardedBroker();
        GuardedBroker two = new GuardedBroker();
        Process primary = one.run("primary", two);
        two.run("backup", one);
        broker("east", "--peer", one.state, "--peer", two.state);
        String localbe = awaitSaid("east", "ready").text("localbe");
        String[] frontends = {
            awaitSaid("primary", "ready").text("localfe"),
            awaitSaid("backup", "ready").text("localfe")
        };
        WorkerHandler handler = WorkerHandler.of(request -> Message.of(request.text() + " by east"));
        try (PirateWorker worker = PirateWorker.builder(handler).queue(localbe).start();
                PirateClient client = PirateClient.connect(frontends)) {
            assertThat(client.request("first")).isEqualTo("first by east");
            awaitSaid("backup", "failover"); // It stands by, and knows since when the other one serves.
            // when the one that serves is killed
            primary.destroyForcibly().waitFor();
            // then the other one serves its clients, and its peers know it by the same name
            assertThat(client.request("second")).isEqualTo("second by east");
            assertThat(worker.stats().handled()).isGreaterThanOrEqualTo(2);
        }
        await().atMost(PATIENCE).until(() -> said("backup", "failover")
                .filter(line -> line.text("to").equals("ACTIVE"))
                .isPresent());
        assertThat(awaitSaid("east", "enter").text("peer")).isEqualTo("west");
    }

    /** One of the pair that is west. */
    private final class GuardedBroker {
        final String star;
        final String cloud;
        final String state;

        GuardedBroker() throws IOException {
            List<String> endpoints = FreeEndpoints.take(3);
            star = endpoints.get(0);
            cloud = endpoints.get(1);
            state = endpoints.get(2);
        }

        Process run(String role, GuardedBroker other) throws IOException {
            List<String> command = new ArrayList<>(List.of("broker", "--name", "west"));
            command.addAll(List.of("--localfe", ANYWHERE, "--localbe", ANYWHERE, "--cloud", cloud, "--state", state));
            command.addAll(List.of("--partner-cloud", other.cloud, "--partner-state", other.state));
            command.addAll(List.of("--star-role", role, "--star-state", star, "--star-peer-state", other.star));
            command.addAll(List.of("--star-heartbeat", "200ms"));
            return BrokerEndToEndTest.this.run(role, command.toArray(String[]::new));
        }
    }

    @Test
    void brokersOfOneNameAreToldSo() throws Exception {
        broker("west");
        String state = awaitSaid("west", "ready").text("state");
        run(
                "other",
                "broker",
                "--name",
                "west",
                "--localfe",
                ANYWHERE,
                "--localbe",
                ANYWHERE,
                "--cloud",
                ANYWHERE,
                "--state",
                ANYWHERE,
                "--peer",
                state);
        EventLine misconfigured = awaitSaid("other", "misconfigured");
        assertThat(misconfigured.text("what")).isEqualTo("NAME_TAKEN");
        assertThat(misconfigured.text("name")).isEqualTo("west");
    }
}
