package io.privateer.chaos.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.FreeEndpoint;
import io.privateer.core.Message;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.RequestOptions;
import io.privateer.pirate.WorkerDialect;
import io.privateer.pirate.WorkerHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs in Python over pyzmq, killed at work among other things, at one queue with ours. */
class PythonPeersTest {

    private static final Duration STARTUP = Duration.ofSeconds(30);
    private static final String HOUR = "3600000";

    /** What a Python worker speaks. */
    enum Speech {
        SIMPLE("plain_worker.py", "--sleep " + HOUR),
        PARANOID("plain_worker.py --paranoid", "--sleep " + HOUR),
        PRV("prv.py worker", "--handler sleep:" + HOUR);

        private final String command;
        private final String endless;

        Speech(String command, String endless) {
            this.command = command;
            this.endless = " " + endless;
        }

        private List<String> command(boolean isEndless) {
            return List.of((command + (isEndless ? endless : "")).split(" ", -1));
        }
    }

    private final PirateQueue queue = queue("tcp://127.0.0.1:*", "tcp://127.0.0.1:*");
    private final List<PythonPeer> peers = new ArrayList<>();

    @AfterEach
    void stop() {
        peers.forEach(PythonPeer::close);
        queue.close();
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void aRequestWhoseWorkerIsKilledIsAnsweredOnceByAnother(Speech speech) throws Exception {
        // given a request at a worker that would take an hour
        PythonPeer victim = worker(speech, true);
        awaitWorkers(1);
        RequestOptions patient = RequestOptions.defaults().withAttemptTimeout(Duration.ofSeconds(25));
        try (LazyPirateClient client = LazyPirateClient.builder()
                .endpoints(queue.frontend())
                .options(patient)
                .open()) {
            CompletableFuture<String> reply = CompletableFuture.supplyAsync(() -> client.request("ahoy"));
            await().atMost(STARTUP).until(victim::isAtWork);
            // when it is killed, with another there
            PythonPeer heir = worker(speech, false);
            awaitWorkers(2);
            victim.kill();
            // then the other answers, once, and the client had to do nothing for it
            assertThat(reply.get(25, TimeUnit.SECONDS)).isEqualTo("heir:ahoy");
            assertThat(heir.output().split("began", -1)).hasSize(2);
            assertThat(client.stats().retries()).isZero();
            assertThat(client.request("again")).isEqualTo("heir:again");
        }
        assertThat(queue.stats().accepted()).isEqualTo(2);
        assertThat(queue.stats().answered()).isEqualTo(2);
        assertThat(queue.stats().returned()).isEqualTo(1);
        assertThat(queue.stats().deliveries()).isEqualTo(3);
        assertThat(queue.stats().malformed()).isZero();
    }

    @Test
    void aPythonClientIsServedByWorkersOfAllDialects() {
        // given a worker of each kind, in Java and in Python
        PythonPeer prv = worker(Speech.PRV, false);
        PythonPeer simple = worker(Speech.SIMPLE, false);
        try (PirateWorker ours = javaWorker(WorkerDialect.PRV);
                PirateWorker paranoid = javaWorker(WorkerDialect.PPP)) {
            awaitWorkers(4);
            // when a PRV client asks much at once
            PythonPeer client = client("--count", "2000", "--in-flight", "100");
            // then every request ends well, once
            assertThat(client.awaitEnd()).as(client.output()).isZero();
            assertThat(client.output())
                    .contains("\"statuses\": {\"OK\": 2000}, \"wrong\": 0, \"open\": 0, \"late\": 0");
            assertThat(ours.stats().handled()).isPositive();
            assertThat(paranoid.stats().handled()).isPositive();
            assertThat(List.of(prv, simple)).allMatch(PythonPeer::isAtWork);
            assertThat(queue.stats().answered()).isEqualTo(2_000);
            assertThat(queue.stats().malformed()).isZero();
        }
    }

    @Test
    void aPythonClientHearsThatAWorkerIsLost() {
        // given a request that must not run twice, at a worker that would take an hour
        PythonPeer victim = worker(Speech.PRV, true);
        awaitWorkers(1);
        PythonPeer client = client("--count", "1", "--once");
        await().atMost(STARTUP).until(victim::isAtWork);
        PythonPeer heir = worker(Speech.PRV, false);
        awaitWorkers(2);
        // when that worker is killed
        victim.kill();
        // then nobody else gets the request, and the client is told
        assertThat(client.awaitEnd()).as(client.output()).isOne();
        assertThat(client.output()).contains("\"statuses\": {\"WORKER_LOST\": 1}");
        assertThat(heir.isAtWork()).isFalse();
        assertThat(queue.stats().lostOnce()).isEqualTo(1);
    }

    @Test
    void aPythonClientHearsThatAHandlerFailed() {
        start("prv.py", "worker", "--queue", queue.backend(), "--while-stdin", "--handler", "fail");
        awaitWorkers(1);
        PythonPeer client = client("--count", "3");
        assertThat(client.awaitEnd()).as(client.output()).isOne();
        assertThat(client.output()).contains("\"statuses\": {\"HANDLER_FAILED\": 3}");
    }

    @Test
    void aPythonClientHearsThatNobodyServes() {
        PythonPeer client = client("--count", "1", "--ttl", "200");
        assertThat(client.awaitEnd()).as(client.output()).isOne();
        assertThat(client.output()).contains("\"statuses\": {\"NO_WORKERS\": 1}");
    }

    @Test
    void aPythonWorkerThatIsTerminatedFinishesWhatItHolds() {
        // given a worker with work for a second
        PythonPeer worker = start(
                "prv.py",
                "worker",
                "--queue",
                queue.backend(),
                "--while-stdin",
                "--handler",
                "sleep:1000",
                "--credit",
                "4");
        awaitWorkers(1);
        PythonPeer client = client("--count", "4");
        await().atMost(STARTUP).until(worker::isAtWork);
        // when it is asked to end
        worker.terminate();
        // then it answers first
        assertThat(client.awaitEnd()).as(client.output()).isZero();
        assertThat(worker.awaitEnd()).as(worker.output()).isZero();
        await().atMost(STARTUP).until(() -> queue.stats().workers() == 0);
        assertThat(queue.stats().returned()).isZero();
    }

    @Test
    void aPipelinedClientNoticesNothingOfAKilledPythonWorker() throws Exception {
        // given many requests of one client, at two workers that hold several each
        PythonPeer victim = start(
                "prv.py",
                "worker",
                "--queue",
                queue.backend(),
                "--while-stdin",
                "--handler",
                "sleep:" + HOUR,
                "--credit",
                "8");
        awaitWorkers(1);
        try (PirateClient client = PirateClient.connect(queue.frontend())) {
            List<CompletableFuture<Message>> replies = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                replies.add(client.requestAsync(Message.of("job-" + i)));
            }
            await().atMost(STARTUP).until(victim::isAtWork);
            start(
                    "prv.py",
                    "worker",
                    "--queue",
                    queue.backend(),
                    "--while-stdin",
                    "--prefix",
                    "heir:",
                    "--credit",
                    "8");
            awaitWorkers(2);
            // when the one with work for an hour is killed
            victim.kill();
            // then the other does what it held
            for (int i = 0; i < replies.size(); i++) {
                assertThat(replies.get(i).get(25, TimeUnit.SECONDS)).isEqualTo(Message.of("heir:job-" + i));
            }
        }
        assertThat(queue.stats().accepted()).isEqualTo(200);
        assertThat(queue.stats().answered()).isEqualTo(200);
        assertThat(queue.stats().returned()).isEqualTo(8);
        assertThat(queue.stats().malformed()).isZero();
    }

    @Test
    void aPythonClientAndWorkerOutliveTheirQueue() throws IOException {
        // given a load on a queue with one worker
        String frontend = FreeEndpoint.get();
        String backend = FreeEndpoint.get();
        PythonPeer worker = start(
                "prv.py", "worker", "--queue", backend, "--while-stdin", "--handler", "sleep:20", "--credit", "4");
        PythonPeer client = start("prv.py", "client", "--endpoint", frontend, "--count", "300", "--in-flight", "8");
        try (PirateQueue first = queue(frontend, backend)) {
            await().atMost(STARTUP).until(() -> first.stats().answered() > 20);
        }
        // when that queue makes way for another
        try (PirateQueue second = queue(frontend, backend)) {
            // then every request ends well all the same, and the worker had work from both
            assertThat(client.awaitEnd()).as(client.output()).isZero();
            assertThat(client.output()).contains("\"statuses\": {\"OK\": 300}, \"wrong\": 0, \"open\": 0");
            assertThat(second.stats().answered()).isPositive();
            assertThat(second.stats().malformed()).isZero();
            assertThat(worker.output().split("welcome", -1)).hasSizeGreaterThanOrEqualTo(3);
        }
    }

    private static PirateQueue queue(String frontend, String backend) {
        return PirateQueue.paranoid().frontend(frontend).backend(backend).start();
    }

    private void awaitWorkers(int count) {
        await().atMost(STARTUP).until(() -> queue.stats().workers() == count);
    }

    private PirateWorker javaWorker(WorkerDialect dialect) {
        return PirateWorker.builder(WorkerHandler.of(request -> Message.of("java:" + request.text())))
                .queue(queue.backend())
                .dialect(dialect)
                .start();
    }

    private PythonPeer worker(Speech speech, boolean isEndless) {
        List<String> command = new ArrayList<>(speech.command(isEndless));
        command.addAll(List.of("--queue", queue.backend(), "--prefix", "heir:", "--while-stdin"));
        return start(command.toArray(String[]::new));
    }

    private PythonPeer client(String... options) {
        List<String> command = new ArrayList<>(List.of("prv.py", "client", "--endpoint", queue.frontend()));
        command.addAll(List.of(options));
        return start(command.toArray(String[]::new));
    }

    private PythonPeer start(String... command) {
        PythonPeer peer = PythonPeer.start(command);
        peers.add(peer);
        return peer;
    }
}
