package io.privateer.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.Message;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.WorkerHandler;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PrivateerTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        CommandLine command = Privateer.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(args);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            queue --heartbeat soon            | '--heartbeat': must be a duration such as 50ms, 1s or 2m: soon
            queue --heartbeat 1ms             | --heartbeat must be from 10ms to 10m: 1ms
            queue --liveness 0                | --liveness must be from 1 to 1000: 0
            queue --lease 10ms                | --lease must be from 1s to 1440m: 10ms
            queue --pending-max 0             | --pending-max must be from 1 to 100000000: 0
            queue --dedupe -1                 | --dedupe must be from 0 to 100000000: -1
            queue --frontend 127.0.0.1:5555   | --frontend must be tcp://host:port: 127.0.0.1:5555
            queue --backend ipc://x           | --backend must be tcp://host:port: ipc://x
            worker --queue tcp://127.0.0.1:0  | --queue must be tcp://host:port with a port from 1 to 65535: tcp://127.0.0.1:0
            worker --handler sleep            | '--handler': must be echo, upper, sleep:50ms or fail: sleep
            worker --handler sleep:50         | '--handler': must be a duration such as 50ms, 1s or 2m: 50
            worker --concurrency 0            | --concurrency must be from 1 to 10000: 0
            worker --dialect mdp              | '--dialect': must be prv or ppp: mdp
            worker --dialect prv --credit 0   | --credit must be from 1 to 16384: 0
            worker --dialect prv --credit 2 --concurrency 3 | credit must be >= concurrency=3: 2
            worker --dialect ppp --service x  | service must be empty with dialect PPP, which cannot name one: x
            worker --heartbeat 0s             | --heartbeat must be from 10ms to 10m: 0ms
            request --endpoint localhost x    | --endpoint must be tcp://host:port: localhost
            request --timeout 0ms x           | --timeout must be from 1ms to 60m: 0ms
            request --attempts 0 x            | --attempts must be from 1 to 1000000: 0
            request --count 0 x               | --count must be from 1 to 1000000000: 0
            request --deadline 0ms x          | --deadline must be from 1ms to 1440m: 0ms
            request --once --attempts 2 x     | --attempts must be left out with --service, --header, --deadline and --once: 2
            request --header traceparent=x y  | traceparent must be version-traceid-parentid-flags in lower-case hexadecimal: x
            request --count many x            | '--count': 'many' is not an int
            request                           | Missing required parameter: 'TEXT'
            star --role primary --state tcp://*:1 --peer-state tcp://b:1 --frontend tcp://127.0.0.1:* --backend tcp://127.0.0.1:* --guide-peer --witness tcp://w:1 | guidePeer must be unset where there is a witness or the mode is manual: PAIR_WITH_WITNESS
            star --role primary --state tcp://*:1 --peer-state tcp://b:1 --frontend tcp://127.0.0.1:* --backend tcp://127.0.0.1:* --guide-peer --replication | replication must be off where the peer is the Guide's: on
            broker                            | Missing required options: '--name=NAME', '--localfe=ENDPOINT', '--localbe=ENDPOINT', '--cloud=ENDPOINT', '--state=ENDPOINT'
            broker --localfe tcp://127.0.0.1:* --localbe tcp://127.0.0.1:* --cloud tcp://127.0.0.1:* --state tcp://127.0.0.1:* --name a/b | name must be 1 to 63 of A-Z a-z 0-9 . _ -: a/b
            broker --localfe tcp://127.0.0.1:* --localbe tcp://127.0.0.1:* --cloud x --state tcp://127.0.0.1:* --name a | --cloud must be tcp://host:port: x
            broker --localfe tcp://127.0.0.1:* --localbe tcp://127.0.0.1:* --cloud tcp://*:1 --state tcp://127.0.0.1:* --name a | --cloud must be bound to one interface, or --advertise set: tcp://*:1
            broker --localfe tcp://127.0.0.1:* --localbe tcp://127.0.0.1:* --cloud tcp://127.0.0.1:* --state tcp://127.0.0.1:1 --name a --peer tcp://127.0.0.1:1 | --peer must be without the broker's own state endpoint: [tcp://127.0.0.1:1]
            broker --localfe tcp://127.0.0.1:* --localbe tcp://127.0.0.1:* --cloud tcp://127.0.0.1:* --state tcp://127.0.0.1:* --name a --peer east | --peer must be tcp://host:port: east
            broker --localfe tcp://127.0.0.1:* --localbe tcp://127.0.0.1:* --cloud tcp://127.0.0.1:* --state tcp://127.0.0.1:* --name a --lease 1ms | --lease must be from 1s to 1440m: 1ms
            demo --seconds 4                  | --seconds must be from 5 to 86400: 4
            demo --scenario queue             | '--scenario': expected one of [WORKER, STAR, PEERING]
            demo --workers 0                  | --workers must be from 1 to 64: 0
            demo --clients 1001               | --clients must be from 1 to 1000: 1001
            demo --json /nowhere/at/all.json  | --json must be a file that can be written: /nowhere/at/all.json
            demo --json /                     | --json must be a file that can be written: /
            sample                            | which sample? request-reply,
            sample hello                      | there is no sample named hello, only request-reply,
            deom                              | Unmatched argument at index 0: 'deom'
            """)
    void aMistakeIsNamedWithItsOptionTheRuleAndTheValue(String args, String expected) {
        // when
        int exitCode = run(args.split(" "));
        // then
        assertThat(err.toString()).contains(expected).doesNotContain("\tat ", "Exception");
        assertThat(exitCode).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void withoutACommandItNamesThem() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("demo, sample, queue, worker, request or bench");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "demo --help",
                "queue --help",
                "worker --help",
                "request --help",
                "star --help",
                "broker --help",
                "sample --help"
            })
    void helpIsThereForEveryCommand(String args) {
        assertThat(run(args.split(" "))).isZero();
        assertThat(out.toString()).startsWith("Usage: privateer").doesNotContain("--supervised", "  load ");
    }

    @Test
    void helpNamesTheBenchmarksThatTheLauncherStarts() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("./privateer bench --help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "demo --version"})
    void theVersionIsTold(String args) {
        assertThat(run(args.split(" "))).isZero();
        assertThat(out.toString()).startsWith("privateer ");
    }

    @Test
    void aRequestToNobodyTellsEveryAttemptAndHowToStartAQueue() throws IOException {
        // given an address where nobody listens
        String endpoint;
        try (ServerSocket reserved = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            endpoint = "tcp://127.0.0.1:" + reserved.getLocalPort();
        }
        // when
        int exitCode = run("request", "--endpoint", endpoint, "--timeout", "50ms", "--attempts", "2", "hello");
        // then
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString())
                .contains("no reply from " + endpoint + " in 2 attempts (TIMED_OUT)")
                .contains("attempt 1: " + endpoint, "attempt 2: " + endpoint)
                .contains("./privateer queue --frontend " + endpoint)
                .doesNotContain("\tat ", "Exception");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aRequestCarriesWhatOnlyPrvCarries() {
        WorkerHandler reporter = WorkerHandler.of(request -> Message.of(request.text() + " " + request.service() + " "
                + request.headers() + " "
                + request.remaining().filter(left -> left.toSeconds() < 20).isPresent()));
        try (PirateQueue queue = PirateQueue.paranoid()
                        .frontend("tcp://127.0.0.1:*")
                        .backend("tcp://127.0.0.1:*")
                        .start();
                PirateWorker worker = PirateWorker.builder(reporter)
                        .queue(queue.backend())
                        .service("resize")
                        .start()) {
            int exitCode = run(("request --endpoint " + queue.frontend()
                            + " --service resize --header a=b --header c=d=e --deadline 20s --once ahoy")
                    .split(" "));
            assertThat(err.toString()).isEmpty();
            assertThat(out.toString().lines()).containsExactly("ahoy resize {a=b, c=d=e} true");
            assertThat(exitCode).isZero();
            assertThat(worker.stats().handled()).isEqualTo(1);
        }
    }

    @Test
    void anErrorReplyIsPrintedInItsWords() {
        WorkerHandler broken = WorkerHandler.of(request -> {
            throw new IllegalStateException("no rum");
        });
        try (PirateQueue queue = PirateQueue.paranoid()
                        .frontend("tcp://127.0.0.1:*")
                        .backend("tcp://127.0.0.1:*")
                        .start();
                PirateWorker worker =
                        PirateWorker.builder(broken).queue(queue.backend()).start()) {
            assertThat(run("request", "--endpoint", queue.frontend(), "--deadline", "20s", "ahoy"))
                    .isEqualTo(1);
            assertThat(err.toString()).contains("HANDLER_FAILED: no rum").doesNotContain("no reply");
            assertThat(worker.stats().failed()).isEqualTo(1);
        }
    }

    @Test
    void aRequestPrintsItsRepliesAndASummary() {
        // given
        try (PirateQueue queue = PirateQueue.paranoid()
                        .frontend("tcp://127.0.0.1:*")
                        .backend("tcp://127.0.0.1:*")
                        .start();
                PirateWorker worker = PirateWorker.builder(
                                WorkerHandler.of(request -> Message.of(request.text() + "!")))
                        .queue(queue.backend())
                        .start()) {
            // when
            int exitCode = run("request", "--endpoint", queue.frontend(), "--count", "3", "ahoy");
            // then
            assertThat(exitCode).isZero();
            assertThat(out.toString().lines().toList())
                    .startsWith("ahoy!", "ahoy!", "ahoy!")
                    .hasSize(4)
                    .last()
                    .asString()
                    .matches("ok 3, failed 0, latency p50 \\d+\\.\\d\\d ms, p99 \\d+\\.\\d\\d ms");
            assertThat(worker.stats().handled()).isEqualTo(3);
        }
    }
}
