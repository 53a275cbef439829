package io.privateer.benchmarks;

import io.privateer.binarystar.BinaryStarAdmin;
import io.privateer.binarystar.EpochFile;
import io.privateer.binarystar.Role;
import io.privateer.core.PirateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One queue of a pair: where it is found, in all its lives, and its process. */
final class StarServer {

    private static final int START_SECONDS_MAX = 30;
    private static final int POLL_MILLIS = 50;

    /** Below those that outgoing connections get. */
    private static final int PORT_MIN = 15_000;

    private static final int PORTS = 15_000;
    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 97 % PORTS));

    final String role;
    final String state = freeEndpoint();
    final String frontend = freeEndpoint();
    final String backend = freeEndpoint();
    private final Path epochFile;
    private final boolean replicates;
    Child process;

    @SuppressWarnings("NullAway.Init") // Launched when both places are known.
    private StarServer(Role role, Path folder, boolean replicates) {
        this.role = role.name().toLowerCase(Locale.ROOT);
        this.replicates = replicates;
        this.epochFile = folder.resolve(this.role);
        EpochFile.create(epochFile, role);
        epochFile.toFile().deleteOnExit();
    }

    /** Returns a primary and a backup that have not been launched. */
    static StarServer[] pair() throws IOException {
        return pair(false);
    }

    /** As the other; each will tell the other of its requests. */
    static StarServer[] replicatedPair() throws IOException {
        return pair(true);
    }

    private static StarServer[] pair(boolean replicates) throws IOException {
        Path folder = Files.createTempDirectory("privateer-pair");
        folder.toFile().deleteOnExit();
        return new StarServer[] {
            new StarServer(Role.PRIMARY, folder, replicates), new StarServer(Role.BACKUP, folder, replicates)
        };
    }

    static String freeEndpoint() {
        while (true) {
            int port = PORT_MIN + NEXT_PORT.getAndIncrement() % PORTS;
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return "tcp://127.0.0.1:" + probe.getLocalPort();
            } catch (BindException e) {
                // Somebody is there; the next one, then.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    void launch(StarServer peer, int heartbeatMillis, String witness) throws InterruptedException {
        process = Child.start(
                "star",
                "--role=" + role,
                "--state=" + state,
                "--peer-state=" + peer.state,
                "--frontend=" + frontend,
                "--backend=" + backend,
                "--epoch-file=" + epochFile,
                "--heartbeat-millis=" + heartbeatMillis,
                "--witness=" + witness,
                "--replication=" + replicates);
        process.await(Roles.READY, START_SECONDS_MAX);
    }

    /** Returns what the server says about itself; empty if it says nothing. */
    String status() {
        try (BinaryStarAdmin admin = BinaryStarAdmin.of(state, Duration.ofSeconds(2))) {
            return admin.status().status();
        } catch (PirateException e) {
            return "";
        }
    }

    /** Returns a number that the server says about itself. */
    long number(String name) {
        return status().lines()
                .filter(line -> line.startsWith(name + "="))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the " + role + " does not answer"));
    }

    /** Waits until the one that serves does nothing that the other does not know of. */
    static void awaitInStep(StarServer... pair) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (System.nanoTime() - deadlineNanos < 0) {
            for (StarServer server : pair) {
                if (server.status().contains("replication=IN_STEP")) {
                    return;
                }
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        throw new IllegalStateException("the two servers are not in step after " + START_SECONDS_MAX + " s");
    }

    /** Waits until one of them serves and the other stands by, and returns which one serves. */
    static int awaitActive(StarServer... pair) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        for (int active = 0; System.nanoTime() - deadlineNanos < 0; active = 1 - active) {
            if (pair[active].status().contains("serving=true")
                    && pair[1 - active].status().contains("state=PASSIVE")) {
                return active;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        throw new IllegalStateException("the two servers are no pair after " + START_SECONDS_MAX + " s");
    }
}
