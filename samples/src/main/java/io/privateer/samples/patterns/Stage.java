package io.privateer.samples.patterns;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMsg;

/**
 * What a sample is played on. It prints what the ends say, opens their sockets, and starts the other ends: on threads, or as
 * processes. Closing it ends them all, and tells of the first that has failed.
 *
 * <p>Thread-safe; its sockets are not.
 */
final class Stage implements AutoCloseable {

    /** A free port of this machine's. */
    static final String ANY = "tcp://127.0.0.1:*";

    /** How long anybody waits for anything. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** How long a server waits before it looks whether all is over. */
    private static final int TICK_MILLIS = 50;

    /** How long what was sent last may take to leave a socket that is closed. */
    private static final int LINGER_MILLIS = 2_000;

    /** JeroMQ leaves a fresh connection lying now and then, until this time for its handshake has passed. */
    private static final int HANDSHAKE_MILLIS = 500;

    private final PrintWriter out;
    private final List<String> twin;
    private final ZContext context = new ZContext();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Queue<End> ends = new ConcurrentLinkedQueue<>();
    private final Queue<Process> processes = new ConcurrentLinkedQueue<>();

    /** What one end does. */
    interface Part {
        void play() throws Exception;
    }

    /** One end that has been started; what it did before it ended is done when that shows. */
    record End(String who, CompletableFuture<Void> ended) {

        /** Does something when this end has ended well. */
        void then(Runnable next) {
            var unused = ended.thenRun(next);
        }

        /** Waits until it has ended. */
        void join() {
            try {
                ended.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                throw new IllegalStateException(who + " failed", e.getCause());
            } catch (TimeoutException e) {
                throw new IllegalStateException(who + " does not end", e);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    /** Makes a stage; {@code twin} is the command that plays other ends, empty where Java does. */
    Stage(PrintWriter out, List<String> twin) {
        this.out = out;
        this.twin = List.copyOf(twin);
    }

    /** Prints what somebody says. */
    void say(String who, String what) {
        out.println(who + ": " + what);
    }

    /** Opens a socket. Whoever opens it closes it; what was sent last still leaves then. */
    ZMQ.Socket socket(SocketType type) {
        ZMQ.Socket socket = context.createSocket(type);
        socket.setReceiveTimeOut((int) PATIENCE.toMillis());
        socket.setSendTimeOut((int) PATIENCE.toMillis());
        boolean subscribes = type == SocketType.SUB || type == SocketType.XSUB;
        socket.setLinger(subscribes ? 0 : LINGER_MILLIS); // A subscription is no loss.
        socket.setHandshakeIvl(HANDSHAKE_MILLIS);
        return socket;
    }

    /** Opens a socket whose messages carry a name. */
    ZMQ.Socket socket(SocketType type, String identity) {
        ZMQ.Socket socket = socket(type);
        socket.setIdentity(identity.getBytes(ZMQ.CHARSET));
        return socket;
    }

    /** Binds a socket to a free port, and returns where that is. */
    static String bind(ZMQ.Socket socket) {
        socket.bind(ANY);
        return socket.getLastEndpoint();
    }

    /** Receives a message, or throws if none comes. */
    static ZMsg receive(ZMQ.Socket socket) {
        @Nullable ZMsg message = ZMsg.recvMsg(socket);
        if (message == null) {
            throw new IllegalStateException("no message in " + PATIENCE);
        }
        return message;
    }

    /** Receives a message of one frame. */
    static String receiveText(ZMQ.Socket socket) {
        return receive(socket).pop().getString(ZMQ.CHARSET);
    }

    /** Hands over each message that comes, until all is over. */
    void serve(ZMQ.Socket socket, Consumer<ZMsg> handler) {
        socket.setReceiveTimeOut(TICK_MILLIS);
        while (!isOver()) {
            @Nullable ZMsg message = ZMsg.recvMsg(socket);
            if (message != null) {
                handler.accept(message);
            }
        }
    }

    /** Returns a poller for what comes on some sockets. */
    ZMQ.Poller poller(ZMQ.Socket... sockets) {
        ZMQ.Poller poller = context.createPoller(sockets.length);
        for (ZMQ.Socket socket : sockets) {
            poller.register(socket, ZMQ.Poller.POLLIN);
        }
        return poller;
    }

    /** Waits for something to come, or throws if nothing does. */
    static void poll(ZMQ.Poller poller) {
        if (poller.poll(PATIENCE.toMillis()) <= 0) {
            throw new IllegalStateException("no message in " + PATIENCE);
        }
    }

    /** Returns whether the program has ended, and servers may. */
    boolean isOver() {
        return over.getCount() == 0;
    }

    /** Works, or hangs, for a time; returns early when all is over. */
    void linger(Duration time) {
        try {
            var unused = over.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Waits for something to happen, or throws if it does not. */
    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("nothing has happened in " + PATIENCE);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", cause);
    }

    /** Starts an end on a thread of its own. */
    End start(String who, Part part) {
        CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> play(part), task -> {
            Thread thread = new Thread(task, "sample-" + who);
            thread.setDaemon(true);
            thread.start();
        });
        End end = new End(who, ended);
        ends.add(end);
        return end;
    }

    private static void play(Part part) {
        try {
            part.play();
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    /** Starts the other end: {@code java} on a thread, or the twin with these arguments. */
    End other(String who, Part java, String... arguments) {
        if (twin.isEmpty()) {
            return start(who, java);
        }
        List<String> command = new ArrayList<>(twin);
        command.addAll(List.of(arguments));
        say(who, "is " + String.join(" ", command));
        return start(who, () -> {
            Process process = process(new ProcessBuilder(command).redirectErrorStream(true));
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                lines.lines().forEach(line -> say(who, line));
            }
            if (process.waitFor() != 0) {
                throw new IllegalStateException("exit code " + process.exitValue());
            }
        });
    }

    /** Starts a {@code privateer} command, each {@code ?} of it one of the values, as a process that can be killed. */
    Process privateer(String command, String... values) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.privateer.samples.Privateer"));
        Iterator<String> value = List.of(values).iterator();
        for (String word : command.split(" ", -1)) {
            words.add(word.equals("?") ? value.next() : word);
        }
        words.add("--supervised"); // Ends when its input does.
        return process(new ProcessBuilder(words)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT));
    }

    private Process process(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        for (Process process : processes) {
            process.getOutputStream().close(); // Servers among them read that as the end.
        }
        for (@Nullable End end = ends.poll(); end != null; end = ends.poll()) {
            end.join();
        }
        context.close(); // Not before: sockets are closed by those who opened them.
    }
}
