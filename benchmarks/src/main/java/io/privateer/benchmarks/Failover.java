package io.privateer.benchmarks;

import io.privateer.binarystar.BinaryStarAdmin;
import io.privateer.binarystar.EpochFile;
import io.privateer.binarystar.Role;
import io.privateer.core.Message;
import io.privateer.core.PirateException;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.Request;
import io.privateer.pirate.WorkerHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A pair of queues of which the active one is killed, or frozen, again and again: time to the first answer of the other. */
@Command(
        name = "failover",
        description = "SIGKILL or SIGSTOP of the active queue of a pair: time to the first answer of the other.")
final class Failover implements Callable<Integer> {

    private static final int START_SECONDS_MAX = 30;
    private static final int WARM_UP_CALLS = 2_000;
    private static final int POLL_MILLIS = 50;

    @Option(
            names = "--strikes",
            defaultValue = "50",
            description = "kills of the active one (default ${DEFAULT-VALUE})")
    private int strikes;

    @Option(
            names = "--heartbeat-millis",
            defaultValue = "1000",
            description = "of the pair; the failover time is twice that (default ${DEFAULT-VALUE})")
    private int heartbeatMillis;

    @Option(names = "--freeze", description = "SIGSTOP, and SIGKILL once the other serves")
    private boolean freeze;

    @Option(names = "--witness", description = "with a witness")
    private boolean witness;

    @Mixin
    private Report report = new Report();

    /** One server of the pair: where it is found, and its process. */
    private static final class Server {
        final String role;
        final String state = freeEndpoint();
        final String frontend = freeEndpoint();
        final String backend = freeEndpoint();
        final Path epochFile;
        Child process;

        @SuppressWarnings("NullAway.Init") // Launched when both places are known.
        Server(String role, Path folder) {
            this.role = role;
            this.epochFile = folder.resolve(role);
            EpochFile.create(epochFile, role.equals("primary") ? Role.PRIMARY : Role.BACKUP);
        }

        private static String freeEndpoint() {
            try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return "tcp://127.0.0.1:" + probe.getLocalPort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void launch(Server peer, int heartbeatMillis, String witness) throws InterruptedException {
            process = Child.start(
                    "star",
                    "--role=" + role,
                    "--state=" + state,
                    "--peer-state=" + peer.state,
                    "--frontend=" + frontend,
                    "--backend=" + backend,
                    "--epoch-file=" + epochFile,
                    "--heartbeat-millis=" + heartbeatMillis,
                    "--witness=" + witness);
            process.await(Roles.READY, START_SECONDS_MAX);
        }

        boolean says(String line) {
            try (BinaryStarAdmin admin = BinaryStarAdmin.of(state, Duration.ofSeconds(2))) {
                return admin.status().status().contains(line);
            } catch (PirateException e) {
                return false;
            }
        }
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Path folder = Files.createTempDirectory("privateer-failover");
        Server[] pair = {new Server("primary", folder), new Server("backup", folder)};
        if (!witness) {
            report(measure(pair, ""));
            return 0;
        }
        String endpoint = Server.freeEndpoint();
        try (Child third = Child.start("star-witness", "--endpoint=" + endpoint)) {
            third.await(Roles.READY, START_SECONDS_MAX);
            report(measure(pair, endpoint));
        }
        return 0;
    }

    private List<Double> measure(Server[] pair, String witnessEndpoint) throws InterruptedException {
        List<Double> millis = new ArrayList<>();
        pair[0].launch(pair[1], heartbeatMillis, witnessEndpoint);
        pair[1].launch(pair[0], heartbeatMillis, witnessEndpoint);
        PirateWorker worker = PirateWorker.builder(WorkerHandler.of(Request::message))
                .queues(pair[0].backend, pair[1].backend)
                .start();
        try (PirateClient client = PirateClient.connect(pair[0].frontend, pair[1].frontend)) {
            for (int call = 0; call < WARM_UP_CALLS; call++) {
                client.request("warm");
            }
            while (millis.size() < strikes) {
                millis.add(strike(pair, client, witnessEndpoint));
            }
        } finally {
            worker.close();
            pair[0].process.close();
            pair[1].process.close();
        }
        return millis;
    }

    /** Returns how long after the strike the first answer came. */
    private double strike(Server[] pair, PirateClient client, String witnessEndpoint) throws InterruptedException {
        int active = 0;
        while (!pair[active].says("serving=true") || !pair[1 - active].says("state=PASSIVE")) {
            active = 1 - active;
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        client.request("before");
        long struckNanos = System.nanoTime();
        if (freeze) {
            pair[active].process.signal("STOP");
        } else {
            pair[active].process.kill();
        }
        client.request(Message.of("after"));
        double millis = (System.nanoTime() - struckNanos) / 1e6;
        pair[active].process.kill();
        pair[active].process.close();
        pair[active].launch(pair[1 - active], heartbeatMillis, witnessEndpoint);
        return millis;
    }

    private void report(List<Double> millis) {
        double median = Report.median(millis);
        double max = millis.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
        report.print(
                List.of(freeze ? "freezes" : "kills", "heartbeat ms", "first answer after, median ms", "max ms"),
                List.of(List.of(
                        Integer.toString(millis.size()),
                        Integer.toString(heartbeatMillis),
                        Report.format("%.1f", median),
                        Report.format("%.1f", max))));
        report.with("benchmark", freeze ? "failover-freezes" : "failover-kills")
                .with("heartbeatMillis", heartbeatMillis)
                .with("witness", witness)
                .with("firstAnswerMillisMedian", median)
                .with("firstAnswerMillisMax", max)
                .with("firstAnswerMillis", millis)
                .write();
    }
}
