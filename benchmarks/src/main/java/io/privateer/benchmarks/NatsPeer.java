package io.privateer.benchmarks;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** NATS: request-reply through a {@code nats-server}, workers in a queue group. */
final class NatsPeer implements Asker {

    /** Debian installs servers where only the administrator's PATH leads. */
    static final String SEARCH_PATH =
            Objects.requireNonNullElse(System.getenv("PATH"), "") + File.pathSeparator + "/usr/sbin";

    private static final String SERVER = "nats-server";
    private static final String SUBJECT = "echo";
    private static final String QUEUE_GROUP = "workers";
    private static final Duration REPLY_MAX = Duration.ofSeconds(10);
    private static final int START_SECONDS_MAX = 30;

    /** Its log has the process id in front, and the port that it chose. */
    private static final Pattern LISTENING =
            Pattern.compile("^\\[(\\d+)\\].*Listening for client connections on (127\\.0\\.0\\.1:\\d+)");

    /** Runs a server that ends when standard input does, which the server itself does not look at. */
    private static final String UNTIL_INPUT_ENDS = """
            "$@" 2>&1 &
            server=$!
            trap 'kill "$server" 2>/dev/null' EXIT
            trap 'exit 1' INT TERM HUP
            read -r _
            """;

    private final Connection connection;
    private final byte[] body;
    private final boolean blocking;

    NatsPeer(String frontend, int sizeBytes, boolean blocking) throws InterruptedException {
        this.connection = connect(frontend);
        this.body = new byte[sizeBytes];
        this.blocking = blocking;
    }

    private static Connection connect(String server) throws InterruptedException {
        try {
            return Nats.connect(new Options.Builder()
                    .server("nats://" + server)
                    .noReconnect()
                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException("nats-server is not there", e);
        }
    }

    @Override
    public void run(ClosedLoop loop) {
        if (blocking) {
            loop.runBlocking(slot -> length(connection.request(SUBJECT, body, REPLY_MAX)));
            return;
        }
        for (int slot = 0; slot < loop.slots(); slot++) {
            loop.asks(slot);
            ask(loop, slot);
        }
    }

    private static int length(@Nullable Message reply) throws TimeoutException {
        if (reply == null) {
            throw new TimeoutException("no reply within " + REPLY_MAX);
        }
        return reply.getData().length;
    }

    private void ask(ClosedLoop loop, int slot) {
        CompletableFuture<Message> unused = connection.request(SUBJECT, body).whenComplete((reply, failure) -> {
            if (failure != null) {
                loop.failed(failure);
            } else if (loop.answered(slot, reply.getData().length)) {
                ask(loop, slot);
            }
        });
    }

    @Override
    public void close() {
        close(connection);
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Echoes until the process ends. */
    static void work(String server, Lifeline lifeline) throws InterruptedException {
        Connection connection = connect(server);
        try {
            Dispatcher dispatcher =
                    connection.createDispatcher(request -> connection.publish(request.getReplyTo(), request.getData()));
            dispatcher.setPendingLimits(-1, -1);
            dispatcher.subscribe(SUBJECT, QUEUE_GROUP);
            connection.flush(Duration.ofSeconds(START_SECONDS_MAX));
            Roles.say(Roles.READY, "");
            lifeline.holdForever();
        } catch (TimeoutException e) {
            throw new IllegalStateException("nats-server does not answer", e);
        } finally {
            close(connection);
        }
    }

    /** Returns the server's program, if it is in one of the directories of {@code searchPath}. */
    static Optional<Path> find(String searchPath) {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(searchPath)
                .map(directory -> Path.of(directory, SERVER))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts a server on a port of its choice. */
    static Broker server() throws InterruptedException {
        String program = find(SEARCH_PATH)
                .map(Path::toString)
                .orElseThrow(() -> new IllegalStateException("no " + SERVER + " in " + SEARCH_PATH));
        Child process = Child.of(
                SERVER,
                List.of("sh", "-c", UNTIL_INPUT_ENDS, "sh", program, "--addr", "127.0.0.1", "--port", "-1"),
                line -> {});
        MatchResult listening = process.awaitMatch(LISTENING, "its port", START_SECONDS_MAX);
        String endpoint = listening.group(2);
        return new Broker(process, Long.parseLong(listening.group(1)), endpoint, endpoint);
    }
}
