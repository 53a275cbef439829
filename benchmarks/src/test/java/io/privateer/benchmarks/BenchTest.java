package io.privateer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BenchTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path directory;

    private int run(String... args) {
        CommandLine command = Bench.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(args);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --sizes 3                         | --sizes must be from 4 to 1048576: 3
            --sizes 64,1048577                | --sizes must be from 4 to 1048576: 1048577
            --sizes 1048576 --in-flight 1000  | --sizes times --in-flight must be at most 104857600 bytes: 1048576000
            --in-flight 0                     | --in-flight must be from 1 to 10000: 0
            --workers 0                       | --workers must be from 1 to 64: 0
            --seconds 0                       | --seconds must be from 1 to 3600: 0
            --rounds 0                        | --rounds must be from 1 to 1000: 0
            --warm-up -1                      | --warm-up must be from 0 to 3600: -1
            --threads -1                      | --threads must be from 1 to 64: -1
            --threads 2 --inline              | --threads must be left out with --inline: 2
            --credit -1                       | --credit must be from 0 to 16384: -1
            --threads 4 --credit 2            | --credit must be at least --threads: 2
            --spin -1                         | --spin must be from 0 to 10000: -1
            --json /nowhere/at/all.json       | --json must be a file that can be written: /nowhere/at/all.json
            --json /                          | --json must be a file that can be written: /
            --peers rabbit                    | expected one of
            --reliability maybe               | expected one of
            charts /nowhere.json /tmp         | FROM.json must be what bench --json has written: /nowhere.json
            micro --only Nothing              | --only must be part of the name of a benchmark: Nothing
            charts                            | Missing required parameter
            overload --times 0                | --times must be more than 0, at most 1000: 0
            overload --threads 4 --credit 2   | --credit must be at least --threads: 2
            guarded --in-flight 0             | --in-flight must be from 1 to 10000: 0
            guarded --warm-up -1              | --warm-up must be from 0 to 3600: -1
            failover --strikes 0              | --strikes must be from 1 to 1000: 0
            forwarding --in-flight 1,0        | --in-flight must be from 1 to 10000: 0
            forwarding --size 3               | --size must be from 4 to 1048576: 3
            cluster-kills --strikes 0         | --strikes must be from 1 to 1000: 0
            cluster-kills --workers 1         | --workers must be from 2 to 1000: 1
            clusters --clusters 0             | --clusters must be from 1 to 64: 0
            clusters --sweep 2,65             | --sweep must be from 1 to 64: 65
            clusters --workers 10000 --worker-processes 1 --clusters 64 | the limit of open files (ulimit -n) must be at least
            utilisation --load 0              | --load must be from 1 to 200: 0
            false-failover --minutes 0        | --minutes must be more than 0, at most 1440: 0
            false-failover --heartbeat-millis 1 | --heartbeat-millis must be from 50 to 60000: 1
            fairness --flood 0                | --flood must be from 1 to 10000: 0
            """)
    void aMistakeIsNamedWithItsOptionTheRuleAndTheValue(String args, String expected) {
        // when
        int exitCode = run(args.split(" +"));
        // then
        assertThat(err.toString()).contains(expected).doesNotContain("\tat ");
        assertThat(exitCode).isEqualTo(2);
    }

    @Test
    void helpNamesEveryOptionOfTheComparisonAndEveryOtherBenchmark() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("--peers", "--sizes", "--in-flight", "--workers", "--seconds", "--rounds", "--warm-up")
                .contains("--json", "--inline", "--threads", "--credit", "--sync", "--reliability", "--spin")
                .contains(
                        "charts",
                        "lockstep",
                        "concurrent",
                        "kills",
                        "failover",
                        "false-failover",
                        "guarded",
                        "forwarding",
                        "cluster-kills",
                        "clusters",
                        "utilisation",
                        "overload",
                        "fairness",
                        "idle",
                        "micro")
                .doesNotContain("  role ");
    }

    @Test
    void natsIsSkippedWithAWordOnHowToInstallItWhereThereIsNoServer() {
        // given a PATH without nats-server
        List<String> news = new ArrayList<>();
        // when
        Set<Peer> available = PeerBench.available(List.of(Peer.RAW, Peer.NATS), directory.toString(), news::add);
        // then
        assertThat(available).containsExactly(Peer.PRIVATEER, Peer.RAW);
        assertThat(news)
                .containsExactly(
                        "nats is skipped: there is no nats-server on the PATH; on Debian: apt-get install nats-server");
    }

    @Test
    void natsIsMeasuredWhereThereIsAServer() throws IOException {
        // given a PATH with something of that name that can be run
        assertThat(directory.resolve("nats-server").toFile().createNewFile()).isTrue();
        assertThat(directory.resolve("nats-server").toFile().setExecutable(true))
                .isTrue();
        List<String> news = new ArrayList<>();
        // when
        Set<Peer> available = PeerBench.available(List.of(Peer.NATS), "/nowhere:" + directory, news::add);
        // then
        assertThat(available).containsExactly(Peer.PRIVATEER, Peer.NATS);
        assertThat(news).isEmpty();
    }

    @Test
    @Timeout(120)
    void aShortComparisonWritesTheJsonThatItPromises() throws IOException {
        // given
        Path json = directory.resolve("bench.json");
        // when
        String options = "--peers=raw --sizes=64 --in-flight=2 --workers=1 --seconds=1 --rounds=1 --warm-up=0";
        int exitCode = run((options + " --json=" + json).split(" "));
        // then
        assertThat(exitCode).as(err.toString()).isZero();
        JsonNode written = new ObjectMapper().readTree(json.toFile());
        assertThat(written.findValuesAsText("peer")).containsExactly("privateer", "raw", "privateer", "raw");
        JsonNode first = written.get("results").get(0);
        assertThat(namesIn(first))
                .containsExactly(
                        "peer",
                        "size",
                        "inFlight",
                        "workers",
                        "round",
                        "requestsPerSecond",
                        "latencyMicros",
                        "cpuSecondsPerMillion",
                        "residentMiB");
        assertThat(namesIn(first.get("latencyMicros"))).containsExactly("p50", "p99", "max");
        assertThat(namesIn(first.get("cpuSecondsPerMillion"))).containsExactly("client", "queue", "workers", "total");
        assertThat(namesIn(first.get("residentMiB"))).containsExactly("client", "queue", "workers", "total");
        assertThat(first.get("requestsPerSecond").asDouble()).isPositive();
        assertThat(first.get("residentMiB").get("queue").asDouble()).isPositive();
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--in-flight=8", "--in-flight=1 --sync"})
    @Timeout(120)
    void natsAnswersWhereItIsInstalled(String mode) throws IOException {
        assumeThat(NatsPeer.find(NatsPeer.SEARCH_PATH)).isPresent();
        // given
        Path json = directory.resolve("bench.json");
        // when
        String options = "--peers=nats --sizes=64 --workers=2 --seconds=1 --rounds=1 --warm-up=0 " + mode;
        int exitCode = run((options + " --json=" + json).split(" "));
        // then
        assertThat(exitCode).as(err.toString()).isZero();
        JsonNode results = new ObjectMapper().readTree(json.toFile()).get("results");
        assertThat(results.findValuesAsText("peer")).containsExactly("privateer", "nats");
        assertThat(results.get(1).get("requestsPerSecond").asDouble()).isPositive();
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    private static List<String> namesIn(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
